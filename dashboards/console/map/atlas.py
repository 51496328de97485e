"""The one door to the map: which drawing a fleet gets, drawn once and kept.

Sites change rarely, states all the time: the drawing is kept until the list of sites changes,
the states are laid over it by the page. What draws is loaded for the first drawing: it is large.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from dashboards.console.map.shape import Drawing, Place

if TYPE_CHECKING:
    from dashboards.console.map.layer import Feature

MOST_CELLS = 400

NOTHING = Drawing("none", 1.0, 1.0, "", ())


class Atlas:
    """Draws the sites. With `geojson` the operator's borders, checked here and now (BadLayer)."""

    def __init__(self, geojson: Path | None = None) -> None:
        self._features = _features(geojson) if geojson else ()
        self._lock = Lock()
        self._kept: tuple[tuple[Place, ...], Drawing] = ((), NOTHING)

    def drawing(self, places: Sequence[Place]) -> Drawing:
        wanted = tuple(places)
        with self._lock:
            if self._kept[0] != wanted:
                self._kept = (wanted, self._draw(wanted))
            return self._kept[1]

    def _draw(self, places: tuple[Place, ...]) -> Drawing:
        if not places:
            return NOTHING
        if self._features:
            from dashboards.console.map import layer  # noqa: PLC0415 - loaded with them

            return layer.draw(self._features, places)
        return plan(places)


@lru_cache(maxsize=2)
def plan(places: tuple[Place, ...]) -> Drawing:
    """Of sites whose borders nobody has drawn; the same ones are drawn once a process."""
    from dashboards.console.map import cells, dots  # noqa: PLC0415 - see above

    return cells.draw(places) if len(places) <= MOST_CELLS else dots.draw(places)


def _features(geojson: Path) -> "Sequence[Feature]":
    from dashboards.console.map import layer  # noqa: PLC0415 - see above

    return layer.load(geojson)
