"""Dots: thousands of sites, where cells would be too small to see or to hit.

Dots that would cover each other are one dot, so that a country is a page of some hundred kilobytes
and not of twenty megabytes; such a dot names all its sites and shows the worst of them.
"""

from collections.abc import Sequence

import shapely
from shapely import MultiPoint

from dashboards.console.map import project
from dashboards.console.map.shape import WIDTH, Drawing, Place, Shape

MARGIN = 16.0
STEP = 18.0  # dots nearer than this become one


def draw(places: Sequence[Place]) -> Drawing:
    """One dot for each place or small crowd of places, over a soft outline of them all."""
    flat = project.flattener([(p.lat, p.lng) for p in places])
    points = [flat(p.lat, p.lng) for p in places]
    cloud = MultiPoint(points)
    fit = project.fit(cloud.bounds, WIDTH, MARGIN)
    crowds: dict[tuple[int, int], list[str]] = {}
    for place, point in zip(places, points, strict=True):
        x, y = fit.point(point)
        crowds.setdefault((round(x / STEP), round(y / STEP)), []).append(place.code)
    shapes = tuple(
        Shape(tuple(codes), "", column * STEP, row * STEP, 0.0)
        for (column, row), codes in sorted(crowds.items(), key=lambda item: item[0])
    )
    ground = project.path(fit.geometry(shapely.convex_hull(cloud)).buffer(MARGIN / 2))
    return Drawing("dots", WIDTH, round(fit.height, 1), ground, shapes)
