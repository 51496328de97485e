"""Ten thousand citizens hand in while line, power, portal, agent, office and registrar are cut.

The portal's handing on a disk whose power goes, the agent's child as a process that is killed, a
door over TLS through a line that breaks, a registrar that is away. In the end every number that was
shown is at the office, once; nothing of what was typed can be read in its books or in the tray.
"""

import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Final

from controller.store.migrate import migrate
from tests.bench.figures import Figure
from tests.support.citizens import PLANTED, forms_of
from tests.support.door import Door
from tests.support.registrar import Registry
from tests.support.stormy import raging

COUNT: Final = 10_000
APART: Final = 60
DISK_MIB: Final = 192
WITHIN_S: Final = 3_600.0


def bench() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory() as folder:
        office = Path(folder) / "office"
        office.mkdir()
        url = f"sqlite:///{office / 'office.db'}"
        migrate(url)
        registry = Registry(url, office)
        with registry.listening():
            door = Door(Path(folder), registry.url, registrar=registry.socket).start()
            try:
                yield from _figures(Path(folder), registry, door)
            finally:
                door.close()
                registry.engine.dispose()


def _figures(folder: Path, registry: Registry, door: Door) -> Iterator[Figure]:
    with raging(folder / "kiosk", registry, door, Random(1), DISK_MIB) as storm:
        began = time.monotonic()
        storm.run(COUNT, APART, WITHIN_S)
        handed_s = time.monotonic() - began
        storm.calm(WITHIN_S)
        whole_s = time.monotonic() - began
        found = storm.delivery.numbers()
    once = len(set(found) & set(storm.shown)) if len(found) == len(set(found)) else 0
    cuts = ", ".join(f"{name} {times}" for name, times in storm.cuts.items())
    yield Figure("submissions.once", once, "submissions", goal=f">= {COUNT}", note=cuts)
    yield Figure("submissions.doubled", len(found) - len(set(found)), "submissions", goal="<= 0")
    yield Figure("submissions.taken_in", COUNT / handed_s, "a second", note="with every cut")
    yield Figure("submissions.delivered", COUNT / whole_s, "a second", note="until all are there")
    yield Figure("submissions.readable", _readable(folder / "office"), "places", goal="<= 0")


def _readable(folder: Path) -> int:
    """Where the planted number stands in the office's files: UTF-8, UTF-16, base64."""
    files = [path.read_bytes() for path in folder.rglob("*") if path.is_file()]
    return sum(text.count(form) for text in files for form in forms_of(PLANTED))
