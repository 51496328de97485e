"""The operator's own borders: a GeoJSON file, checked before anything is drawn from it.

Every complaint says which file, which feature and what to do. A feature belongs to a site when
one of its properties is the site's code or name; else when the site's point lies inside it.
Features without a site are drawn as quiet ground.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import shapely
from shapely import Point
from shapely.geometry import shape as read_geometry
from shapely.geometry.base import BaseGeometry

from dashboards.console.map import project
from dashboards.console.map.shape import WIDTH, BadLayer, Drawing, Place, Shape

MOST_BYTES = 20_000_000
MOST_FEATURES = 5_000
MARGIN = 8.0
DETAIL = 0.6  # SVG units below which a bend is not drawn


class Feature(NamedTuple):
    area: BaseGeometry  # in degrees, longitude first
    words: frozenset[str]  # every short text among its properties, lower case


def load(file: Path) -> tuple[Feature, ...]:
    """Read and check the operator's file. Raises BadLayer with a sentence for the operator."""
    try:
        if file.stat().st_size > MOST_BYTES:
            raise BadLayer(f"{file}: larger than 20 MB; simplify the borders first")
        data = json.loads(file.read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        if isinstance(error, BadLayer):
            raise
        raise BadLayer(f"{file}: not a readable GeoJSON file ({error})") from error
    return parse(data, str(file))


def parse(data: Any, where: str) -> tuple[Feature, ...]:
    """The features of a decoded GeoJSON document, `where` for the error text."""
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise BadLayer(f'{where}: the top must be a "FeatureCollection"')
    found = data.get("features")
    if not isinstance(found, list) or not found:
        raise BadLayer(f"{where}: it has no features")
    if len(found) > MOST_FEATURES:
        raise BadLayer(f"{where}: {len(found)} features; at most {MOST_FEATURES} can be drawn")
    return tuple(feature(item, f"{where}: feature {n}") for n, item in enumerate(found, 1))


def feature(item: Any, where: str) -> Feature:
    if not isinstance(item, dict) or not isinstance(item.get("geometry"), dict):
        raise BadLayer(f"{where} has no geometry")
    try:
        area = read_geometry(item["geometry"])
    except Exception as error:  # shapely raises whatever its parts raise
        raise BadLayer(f"{where}: its geometry cannot be read ({error})") from error
    if not project.polygons(area):
        raise BadLayer(f"{where} is no Polygon or MultiPolygon")
    west, south, east, north = area.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise BadLayer(f"{where}: coordinates must be degrees (WGS 84), longitude before latitude")
    return Feature(shapely.make_valid(area), words(item.get("properties")))


def words(properties: Any) -> frozenset[str]:
    if not isinstance(properties, dict):
        return frozenset()
    texts = (str(v).strip().lower() for v in properties.values() if isinstance(v, str | int))
    return frozenset(text for text in texts if 0 < len(text) <= 80)


def draw(features: Sequence[Feature], places: Sequence[Place]) -> Drawing:
    """The drawing of the operator's borders; places that match no feature become dots."""
    flat = project.flattener([(f.area.centroid.y, f.area.centroid.x) for f in features])
    shrink = flat(0.0, 1.0)[0]
    flattened = [shapely.transform(f.area, lambda xy: xy * (shrink, -1.0)) for f in features]
    west, north, east, south = (float(edge) for edge in shapely.total_bounds(flattened))
    fit = project.fit((west, north, east, south), WIDTH, MARGIN)
    drawn = [fit.geometry(area).simplify(DETAIL, preserve_topology=True) for area in flattened]
    taken: dict[int, Place] = {}
    dots = []
    for place in places:
        n = owner(features, place)
        if n is None or n in taken:
            x, y = fit.point(flat(place.lat, place.lng))
            dots.append(Shape((place.code,), "", round(x, 1), round(y, 1), 0.0))
        else:
            taken[n] = place
    areas = [shaped(taken[n].code, drawn[n]) for n in sorted(taken)]
    ground = "".join(project.path(a) for n, a in enumerate(drawn) if n not in taken)
    return Drawing("layer", WIDTH, round(fit.height, 1), ground, tuple(areas + dots))


def owner(features: Sequence[Feature], place: Place) -> int | None:
    """Which feature is this place: by code, else by name, else by where it lies."""
    for word in (place.code.lower(), place.name.lower()):
        for n, one in enumerate(features):
            if word in one.words:
                return n
    point = Point(place.lng, place.lat)
    return next((n for n, one in enumerate(features) if one.area.covers(point)), None)


def shaped(code: str, area: BaseGeometry) -> Shape:
    x, y, room = project.label_room(area)
    return Shape((code,), project.path(area), round(x, 1), round(y, 1), round(room, 1))
