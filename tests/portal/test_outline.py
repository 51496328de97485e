"""A map without tiles: what is touched is what is shown, and names stay names."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal import outline
from portal.outline import SIDE
from wire.service.tenant import District
from wire.submission import Point

SQUARE = ((107.6, -6.9), (107.62, -6.9), (107.62, -6.87), (107.6, -6.87))
BESIDE = ((107.62, -6.9), (107.625, -6.9), (107.625, -6.87), (107.62, -6.87))


def district(code: str = "32.73.02", name: str = "Coblong", ring: object = SQUARE) -> District:
    return District(code=code, name=name, villages=(), outline=(ring,) if ring else ())  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("lat", "lng", "inside"),
    [(-6.88, 107.61, True), (-6.88, 107.63, False), (-6.91, 107.61, False), (-6.86, 107.59, False)],
)
def test_a_point_lies_within_or_outside(lat: float, lng: float, *, inside: bool) -> None:
    assert outline.holds(district(), Point(lat=lat, lng=lng)) is inside
    assert not outline.holds(district(ring=None), Point(lat=lat, lng=lng))


@given(st.floats(0, SIDE), st.floats(0, SIDE))
def test_a_touch_is_found_again_where_it_was(x: float, y: float) -> None:
    frame = outline.frame(district())
    assert frame is not None
    point = frame.touched(x, y)
    assert point is not None
    assert frame.shown(point.lng, point.lat) == pytest.approx((x, y), abs=0.5)


@pytest.mark.parametrize("touch", [(-1, 5), (5, SIDE + 1), (float("nan"), 5), (1e9, 1e9)])
def test_a_touch_outside_is_no_point(touch: tuple[float, float]) -> None:
    frame = outline.frame(district())
    assert frame is not None
    assert frame.touched(*touch) is None


def test_the_whole_outline_is_in_the_picture() -> None:
    frame = outline.frame(district())
    assert frame is not None
    for corner in SQUARE:
        assert all(0 < at < SIDE for at in frame.shown(*corner))


@pytest.mark.parametrize("ring", [None, ((1.0, 2.0),), ((1.0, 2.0),) * 4])
def test_a_place_without_an_outline_has_an_empty_sheet(ring: object) -> None:
    bare = district(ring=ring)
    assert outline.frame(bare) is None
    assert "<path" not in outline.picture(bare, [bare], None)


def test_neighbours_are_named_and_a_pin_is_shown() -> None:
    near = district("32.73.03", "Sebelah", BESIDE)
    far = district("32.04.05", "Jauh", tuple((lng + 1, lat) for lng, lat in SQUARE))
    drawn = outline.picture(district(), [district(), near, far], Point(lat=-6.885, lng=107.61))
    assert "Sebelah" in drawn
    assert "Jauh" not in drawn
    assert "<circle" in drawn
    assert "<circle" not in outline.picture(district(), [near], None)


def test_a_name_with_markup_stays_a_name() -> None:
    drawn = outline.picture(district(name="<script>alert(1)</script>"), [], None)
    assert "<script>" not in drawn
    ET.fromstring(drawn)
