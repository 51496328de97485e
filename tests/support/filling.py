"""A portal at which somebody can hand in, and the office's keys to read what came of it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from portal.asked import Ask
from portal.its import Its
from portal.server import PortalServer
from portal.sitting import Sitting
from tests.support.citizens import OfficeKeys, a_handing, records
from tests.support.offered import MONDAY, PRESS, SITE, catalogue, offering, tree
from tests.support.visitor import Visitor
from wire.submission import Content, Head, Keys, Record, canonical

KEYS = OfficeKeys()
APPLY = "/perizinan/KEC-SKTM-01"
NIK = "3273056010900009"  # of nobody: the example of the format


class Counter(NamedTuple):
    """A citizen at a portal, and what the office finds of theirs."""

    portal: PortalServer
    visitor: Visitor
    tray: Path

    def records(self) -> list[Record]:
        """In the order in which they were handed in: the clock stands still here."""
        return sorted(records(self.tray), key=lambda one: one.head.number)

    def heads(self) -> list[Head]:
        return [one.head for one in self.records()]

    def opened(self) -> list[Content]:
        return [KEYS.open(one) for one in self.records()]


@contextmanager
def counter(folder: Path, services: Any = None, **its: Any) -> Iterator[Counter]:
    """A running portal with a tray below `folder`. `its` as in tests.support.offered.offering."""
    tray = folder / "tray"
    given = {"handing": a_handing(tray, KEYS, wall_ms=lambda: MONDAY), **its}
    files = tree(services) | {"keys.json": canonical(KEYS.public)}
    with offering(folder / "content", files=files, **given) as portal:
        yield Counter(portal, Visitor(portal), tray)


def ask(method: str = "GET", path: str = "/", /, **more: Any) -> Ask:
    """A request without any server: nothing is behind it that could hand in."""
    offered = catalogue()
    keys = more.pop("keys", Keys(seal=(), ack=()))
    object.__setattr__(offered, "keys", keys)
    its = Its("bandung-coblong-01", SITE, PRESS, lambda: MONDAY, **more.pop("its", {}))
    return Ask(method, path, its, Sitting("", offered), **more)


def fill_in(visitor: Visitor, **changed: str) -> str:
    """Through all questions to the check; its address."""
    said = {"nik": NIK, "nama": "Warga Contoh", "untuk": "lain", "phone": "081200004321"} | changed
    visitor.post(APPLY)
    visitor.post(f"{APPLY}/isi/nik", **{name: said[name] for name in ("nik", "nama", "untuk")})
    if "sekolah" in said:
        visitor.post(f"{APPLY}/isi/sekolah", sekolah=said["sekolah"])
    return visitor.post(f"{APPLY}/kontak", phone=said["phone"])
