"""From degrees to the picture."""

import shapely

from dashboards.console.map import project


def test_a_square_on_the_ground_is_a_square_on_the_picture() -> None:
    flat = project.flattener([(-60.0, 10.0)])
    (x0, y0), (x1, y1) = flat(-60, 10), flat(-61, 12)
    assert abs((x1 - x0) - (y1 - y0)) < 1e-9


def test_a_shape_fits_into_its_picture_with_a_margin() -> None:
    fit = project.fit((10.0, 20.0, 14.0, 22.0), 100.0, 10.0)
    assert (fit.point((10.0, 20.0)), fit.point((14.0, 22.0))) == ((10.0, 10.0), (90.0, 50.0))
    assert fit.height == 60.0


def test_paths_keep_holes_and_every_part() -> None:
    ring = shapely.Point(0, 0).buffer(5).difference(shapely.Point(0, 0).buffer(2))
    both = shapely.union_all([ring, shapely.box(10, 0, 12, 2)])
    assert project.path(both).count("M") == 3
    assert project.path(shapely.Polygon()) == ""


def test_a_label_stands_inside_its_shape() -> None:
    bow = shapely.Polygon([(0, 0), (40, 0), (40, 40), (30, 40), (30, 10), (0, 10)])
    x, y, room = project.label_room(bow)
    assert bow.contains(shapely.Point(x, y))
    assert room > 5
