"""Cells: one rounded cell a site, around its centroid, where nobody has drawn the borders.

A few steps of Lloyd's relaxation give small city districts room to be read and hit with a finger
beside large rural ones; neighbours stay neighbours. The picture is a plan, not a survey.
"""

from collections.abc import Sequence

import shapely
from shapely import MultiPoint, Point
from shapely.geometry.base import BaseGeometry

from dashboards.console.map import project
from dashboards.console.map.shape import WIDTH, Drawing, Place, Shape

MARGIN = 12.0
GAP = 2.6  # half of the street between two cells, SVG units
ROUND = 7.0
RELAX_STEPS = 26
RELAX_BY = 0.45
NUDGE = 0.002  # degrees, about 200 m


def draw(places: Sequence[Place]) -> Drawing:
    """The drawing of up to a few hundred places."""
    points = apart(places)
    land = coast(points)
    points = relaxed(points, land)
    cells = voronoi(points, land)
    fit = project.fit(land.bounds, WIDTH, MARGIN)
    shapes = tuple(
        shaped(place.code, fit.geometry(cell)) for place, cell in zip(places, cells, strict=True)
    )
    return Drawing("cells", WIDTH, round(fit.height, 1), "", shapes)


def apart(places: Sequence[Place]) -> list[project.Flat]:
    """Where each place lies; places registered at one and the same point stand side by side."""
    flat = project.flattener([(p.lat, p.lng) for p in places])
    found: dict[project.Flat, None] = {}
    for place in places:
        x, y = (round(degrees, 6) for degrees in flat(place.lat, place.lng))
        while (x, y) in found:
            x, y = round(x + NUDGE, 6), round(y + NUDGE / 7, 6)
        found[x, y] = None
    return list(found)


def coast(points: Sequence[project.Flat]) -> BaseGeometry:
    """A rounded hull around all points, with room for the outermost cells."""
    cloud = MultiPoint(points)
    reach = spacing(cloud) * 0.9
    hull = shapely.concave_hull(cloud, ratio=0.45) if len(points) > 3 else cloud.convex_hull
    return hull.buffer(reach * 2).buffer(-reach)


def spacing(cloud: MultiPoint) -> float:
    """The side of the square each point would own if all were equal."""
    hull = cloud.convex_hull
    return float((hull.area / max(len(cloud.geoms), 1)) ** 0.5) or max(hull.length / 10, 0.05)


def voronoi(points: Sequence[project.Flat], land: BaseGeometry) -> list[BaseGeometry]:
    """One cell a point, in the order of the points, clipped to the land."""
    if len(points) < 2:
        return [land for _ in points]
    cells = shapely.voronoi_polygons(MultiPoint(points), extend_to=land.buffer(1), ordered=True)
    return [cell.intersection(land) for cell in cells.geoms]


def relaxed(points: Sequence[project.Flat], land: BaseGeometry) -> list[project.Flat]:
    """The points after some steps towards the middles of their own cells."""
    now = list(points)
    for _ in range(RELAX_STEPS):
        middles = [cell.centroid for cell in voronoi(now, land)]
        now = [step(at, middle) for at, middle in zip(now, middles, strict=True)]
    return now


def step(at: project.Flat, middle: Point) -> project.Flat:
    return at[0] + (middle.x - at[0]) * RELAX_BY, at[1] + (middle.y - at[1]) * RELAX_BY


def shaped(code: str, cell: BaseGeometry) -> Shape:
    """The cell with streets around it and soft corners."""
    core = cell.buffer(-GAP - ROUND)
    soft = core.buffer(ROUND, quad_segs=4) if not core.is_empty else cell.buffer(-GAP / 2)
    x, y, room = project.label_room(soft)
    return Shape(
        (code,), project.path(soft.simplify(0.3)), round(x, 1), round(y, 1), round(room, 1)
    )
