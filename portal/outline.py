"""The map without tiles: the outline of a kecamatan and of its neighbours, and a pin on it. Pure.

Owns the projection both ways: degrees to the picture and a touch on the picture to degrees, so that
what is touched is what is shown. A pin says roughly where, not whose land it is.
"""

import math
from collections.abc import Iterable, Iterator, Sequence
from html import escape
from itertools import pairwise
from typing import Final, NamedTuple

from wire.service.tenant import District
from wire.submission import Point

SIDE: Final = 640  # of the picture, in its own units; it is square
_MARGIN: Final = 0.06
_ABOVE_LINES: Final = 'paint-order="stroke" stroke="#f5f5ea" stroke-width="5"'
Ring = Sequence[tuple[float, float]]


class Frame(NamedTuple):
    """What part of the earth the picture shows. `west`, `north` in degrees, units per degree."""

    west: float
    north: float
    per_lng: float
    per_lat: float

    def shown(self, lng: float, lat: float) -> tuple[float, float]:
        return (lng - self.west) * self.per_lng, (self.north - lat) * self.per_lat

    def touched(self, x: float, y: float) -> Point | None:
        """The point under a touch, None outside the picture."""
        if not (0 <= x <= SIDE and 0 <= y <= SIDE):
            return None
        lat, lng = self.north - y / self.per_lat, self.west + x / self.per_lng
        return Point(lat=round(lat, 5), lng=round(lng, 5))


def frame(district: District) -> Frame | None:
    """Around the whole of it; None when nobody knows its outline."""
    corners = [corner for ring in district.outline for corner in ring]
    if len(corners) < 3:
        return None
    west, east = min(c[0] for c in corners), max(c[0] for c in corners)
    south, north = min(c[1] for c in corners), max(c[1] for c in corners)
    narrower = math.cos(math.radians((north + south) / 2))  # a degree of longitude, seen from here
    size = max((east - west) * narrower, north - south) * (1 + 2 * _MARGIN)
    if size <= 0 or narrower <= 0:
        return None
    per_lat = SIDE / size
    per_lng = per_lat * narrower
    return Frame(
        (west + east) / 2 - SIDE / per_lng / 2, (south + north) / 2 + SIDE / per_lat / 2,
        per_lng, per_lat,
    )  # fmt: skip


def holds(district: District, point: Point) -> bool:
    """Whether it lies in there, by the simplified outline: near the edge nobody can tell."""
    edges = [(a, b) for ring in district.outline for a, b in pairwise((*ring, *ring[:1]))]
    crossed = [
        (a, b)
        for a, b in edges
        if (a[1] > point.lat) != (b[1] > point.lat)
        and point.lng < a[0] + (point.lat - a[1]) / (b[1] - a[1]) * (b[0] - a[0])
    ]
    return len(crossed) % 2 == 1


def picture(district: District, others: Iterable[District], pin: Point | None) -> str:
    """An SVG. Without an outline it is an empty sheet."""
    seen = frame(district)
    parts = [] if seen is None else list(_drawn(seen, district, others, pin))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" '
        f'width="{SIDE}" height="{SIDE}" font-family="Noto Sans, Liberation Sans, sans-serif">'
        f'<rect width="{SIDE}" height="{SIDE}" fill="#dfe7e2"/>{"".join(parts)}</svg>'
    )


def _drawn(
    seen: Frame, district: District, others: Iterable[District], pin: Point | None
) -> Iterator[str]:
    near = [one for one in others if one.code != district.code and _touches(seen, one)]
    for one in near:
        yield _shape(seen, one, 'fill="#eef1ea" stroke="#9fb3ad" stroke-width="1.5"')
    yield _shape(seen, district, 'fill="#fffaf0" stroke="#123c46" stroke-width="4"')
    for one in near:
        yield _name(seen, one, 'font-size="17" fill="#4d6a70"')
    yield _name(seen, district, 'font-size="26" font-weight="700" fill="#123c46"')
    if pin is not None:
        x, y = seen.shown(pin.lng, pin.lat)
        yield (
            f'<g transform="translate({x:.1f} {y:.1f})">'
            '<path d="M0 0C-6-16-22-24-22-42a22 22 0 0 1 44 0C22-24 6-16 0 0z" '
            'fill="#b3261e" stroke="#fff" stroke-width="3"/>'
            '<circle cy="-42" r="8" fill="#fff"/></g>'
        )


def _touches(seen: Frame, other: District) -> bool:
    corners = [seen.shown(*corner) for ring in other.outline for corner in ring]
    return any(0 <= x <= SIDE and 0 <= y <= SIDE for x, y in corners)


def _shape(seen: Frame, district: District, look: str) -> str:
    rings = (
        "M" + "L".join("{:.1f} {:.1f}".format(*seen.shown(*corner)) for corner in ring) + "Z"
        for ring in district.outline
        if ring
    )
    return f'<path d="{"".join(rings)}" {look} stroke-linejoin="round"/>'


def _name(seen: Frame, district: District, look: str) -> str:
    """In the middle of its largest ring, or not at all when that lies outside the picture."""
    x, y = seen.shown(*_middle(max(district.outline, key=len)))
    if not (40 <= x <= SIDE - 40 and 20 <= y <= SIDE - 10):
        return ""
    return (
        f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" {look} {_ABOVE_LINES}>'
        f"{escape(district.name)}</text>"
    )


def _middle(ring: Ring) -> tuple[float, float]:
    return sum(c[0] for c in ring) / len(ring), sum(c[1] for c in ring) / len(ring)
