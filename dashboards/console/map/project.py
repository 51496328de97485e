"""From degrees to a flat picture and from shapes to SVG path data. Pure.

An equirectangular projection at the mean latitude: right to a few metres at city size, and for a
whole country still a map that everybody recognises.
"""

import math
from collections.abc import Callable, Iterable

import shapely
from shapely import MultiPolygon, Polygon
from shapely.geometry.base import BaseGeometry

Flat = tuple[float, float]


def flattener(points: Iterable[tuple[float, float]]) -> Callable[[float, float], Flat]:
    """A function (lat, lng) -> (x, y), y growing downwards, in degrees of latitude."""
    lats = [lat for lat, _ in points]
    shrink = math.cos(math.radians(sum(lats) / len(lats))) if lats else 1.0
    return lambda lat, lng: (lng * shrink, -lat)


def fit(bounds: tuple[float, float, float, float], width: float, margin: float) -> "Fit":
    """How to place `bounds` into a picture `width` wide with a margin."""
    left, top, right, bottom = bounds
    across = max(right - left, 1e-9)
    scale = (width - 2 * margin) / across
    height = max(bottom - top, across * 0.05) * scale + 2 * margin
    return Fit(scale, margin - left * scale, margin - top * scale, height)


class Fit:
    """A scale and a shift."""

    def __init__(self, scale: float, dx: float, dy: float, height: float) -> None:
        self.scale, self.dx, self.dy, self.height = scale, dx, dy, height

    def geometry(self, shape: BaseGeometry) -> BaseGeometry:
        return shapely.transform(shape, lambda xy: xy * self.scale + (self.dx, self.dy))

    def point(self, flat: Flat) -> Flat:
        return flat[0] * self.scale + self.dx, flat[1] * self.scale + self.dy


def path(shape: BaseGeometry) -> str:
    """SVG path data with whole tenths. Holes are kept (use fill-rule evenodd)."""
    return "".join(ring(list(r.coords)) for polygon in polygons(shape) for r in rings(polygon))


def polygons(shape: BaseGeometry) -> list[Polygon]:
    if isinstance(shape, Polygon):
        return [] if shape.is_empty else [shape]
    if isinstance(shape, MultiPolygon):
        return list(shape.geoms)
    return [p for part in getattr(shape, "geoms", ()) for p in polygons(part)]


def rings(polygon: Polygon) -> list[shapely.LinearRing]:
    return [polygon.exterior, *polygon.interiors]


def ring(points: list[tuple[float, ...]]) -> str:
    dots = [f"{p[0]:.1f},{p[1]:.1f}" for p in points[:-1]]
    return "M" + "L".join(dots) + "Z"


def label_room(shape: BaseGeometry) -> tuple[float, float, float]:
    """(x, y, room): the middle of the shape and how wide a text fits through it."""
    biggest = max(polygons(shape), key=lambda p: p.area, default=Polygon())
    if biggest.is_empty:
        return 0.0, 0.0, 0.0
    middle = shapely.maximum_inscribed_circle(biggest, tolerance=1.0).coords[0]
    left, _, right, _ = biggest.bounds
    line = shapely.LineString([(left - 1, middle[1]), (right + 1, middle[1])])
    return middle[0], middle[1], biggest.intersection(line).length
