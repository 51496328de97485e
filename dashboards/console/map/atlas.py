"""The one door to the map: which drawing a fleet gets, drawn once and kept.

Sites change rarely, states all the time: the drawing is kept until the list of sites changes,
the states are laid over it by the page.
"""

from collections.abc import Sequence
from pathlib import Path
from threading import Lock

from dashboards.console.map import cells, dots, layer
from dashboards.console.map.shape import Drawing, Place

MOST_CELLS = 400

NOTHING = Drawing("none", 1.0, 1.0, "", ())


class Atlas:
    """Draws the sites. With `geojson` the operator's borders, checked here and now (BadLayer)."""

    def __init__(self, geojson: Path | None = None) -> None:
        self._features = layer.load(geojson) if geojson else None
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
            return layer.draw(self._features, places)
        return cells.draw(places) if len(places) <= MOST_CELLS else dots.draw(places)
