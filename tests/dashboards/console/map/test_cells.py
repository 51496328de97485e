"""Cells: every place has one, they do not overlap, whatever the fleet."""

import shapely
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboards.console.map import cells
from dashboards.console.map.shape import Place
from provisioning.sites import read_sites

BANDUNG = [Place(s.code, s.name, s.regency, s.lat, s.lng) for s in read_sites()]


def test_each_kecamatan_has_a_cell_of_its_own_on_the_picture() -> None:
    drawing = cells.draw(BANDUNG)
    assert [shape.codes for shape in drawing.shapes] == [(place.code,) for place in BANDUNG]
    assert all(shape.path.startswith("M") for shape in drawing.shapes)
    assert all(0 < s.x < drawing.width and 0 < s.y < drawing.height for s in drawing.shapes)


def test_no_cell_is_too_small_for_a_finger_on_a_desk() -> None:
    assert min(shape.room for shape in cells.draw(BANDUNG).shapes) > 36


def test_cells_lie_side_by_side() -> None:
    points = cells.apart(BANDUNG)
    land = cells.coast(points)
    found = cells.voronoi(cells.relaxed(points, land), land)
    assert shapely.union_all(found).area > 0.999 * land.area
    assert sum(cell.area for cell in found) < 1.001 * land.area


def test_north_is_up() -> None:
    by_code = {shape.codes[0]: shape for shape in cells.draw(BANDUNG).shapes}
    by_name = {place.name: by_code[place.code] for place in BANDUNG}
    assert by_name["Sukasari"].y < by_name["Pangalengan"].y
    assert by_name["Rancabali"].x < by_name["Nagreg"].x


places = st.lists(
    st.tuples(st.floats(-11, 6), st.floats(95, 141)).map(lambda at: Place("c", "n", "r", *at)),
    min_size=1,
    max_size=12,
)


@settings(max_examples=40, deadline=None)
@given(places, st.integers(1, 3))
def test_any_places_can_be_drawn_also_at_one_point(found: list[Place], times: int) -> None:
    drawing = cells.draw(found * times)
    assert len(drawing.shapes) == len(found) * times
    assert drawing.height > 0
