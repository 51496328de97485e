"""Which drawing a fleet gets, and that it is drawn once."""

from pathlib import Path

import pytest

from dashboards.console.map.atlas import MOST_CELLS, NOTHING, Atlas
from dashboards.console.map.shape import BadLayer, Place


def row(count: int) -> list[Place]:
    return [Place(f"c{n}", "n", "r", -7 + n / 90, 107 + (n * 7 % 11) / 9) for n in range(count)]


def test_few_sites_are_cells_and_many_are_dots() -> None:
    atlas = Atlas()
    assert atlas.drawing([]) == NOTHING
    assert atlas.drawing(row(5)).kind == "cells"
    assert atlas.drawing(row(MOST_CELLS + 1)).kind == "dots"


def test_the_same_sites_are_drawn_once() -> None:
    atlas = Atlas()
    assert atlas.drawing(row(5)) is atlas.drawing(row(5))
    assert atlas.drawing(row(5)) is not atlas.drawing(row(6))


def test_a_bad_layer_is_refused_when_the_atlas_is_made(tmp_path: Path) -> None:
    with pytest.raises(BadLayer):
        Atlas(tmp_path / "none.geojson")
