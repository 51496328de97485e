"""The drawing is values: two of the same are equal, so that it can be kept and compared."""

from dashboards.console.map.shape import Drawing, Shape


def test_drawings_are_compared_by_what_they_draw() -> None:
    shape = Shape(("a",), "M0,0Z", 1.0, 2.0, 3.0)
    assert Drawing("cells", 1.0, 1.0, "", (shape,)) == Drawing("cells", 1.0, 1.0, "", (shape,))
