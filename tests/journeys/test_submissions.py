"""From a citizen's hand to the office, once, whatever is cut on the way."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from tests.support.citizens import PLANTED, forms_of
from tests.support.door import BuildDoor
from tests.support.registrar import Registry
from tests.support.stormy import Storm, raging

COUNT = 100


@pytest.fixture
def storm(tmp_path: Path, registry: Registry, build_door: BuildDoor) -> Iterator[Storm]:
    with registry.listening():
        door = build_door(registry.url, registrar=registry.socket)
        with raging(tmp_path / "kiosk", registry, door, Random(4)) as made:
            yield made


def test_row_60_what_was_shown_to_a_citizen_arrives_once_whatever_is_cut(
    storm: Storm, registry: Registry
) -> None:
    storm.run(COUNT, apart=8)
    storm.calm(100.0)
    found = storm.delivery.numbers()
    assert sorted(found) == sorted(storm.shown)
    assert len(set(found)) == COUNT
    assert sum(storm.cuts.values()) >= 8
    books = b"".join(one.read_bytes() for one in registry.folder.rglob("*") if one.is_file())
    for form in forms_of(PLANTED):
        assert form not in books
