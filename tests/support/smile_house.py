"""`anjungan up` with both tenants: a real kiosk in Soreang, two in the city with portals of ours.

The city's kiosks are played, their agents, trays and releases are real: a portal program stands
beside each. The line is cut by what is really away then, broker and door, while `up`, which would
start them again, holds its breath.
"""

import os
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import Final

import httpx
import msgspec
from sqlalchemy import func, insert, select

from controller.people.powers import Grant
from controller.store.citizen_tables import submission, visit
from controller.store.command_tables import operator_key
from controller.store.engine import writing
from provisioning import __main__ as anjungan
from provisioning.layout import ROOT
from tests.journeys.test_up import NO_PRINTER, Fleet
from tests.support.child import Child, free_port
from tests.support.shown import put
from tests.support.technician import hire
from tests.support.wait import until

KABUPATEN, CITY, OTHER = "kab-soreang-1", "bdg-sukasari-1", "bdg-coblong-1"
SITES: Final = {KABUPATEN: "32.04.37", CITY: "32.73.01", OTHER: "32.73.02"}
QUIET: Final = ("--speed", "0.0001", "--seed", "10")
AWAY: Final = ("broker", "door")
TOMORROW_MS: Final = 86_400_000
PEOPLE: Final = (
    ("loket", "Petugas loket", Grant("officer", "32.73")),
    ("katalog", "Petugas katalog", Grant("officer", "32.73")),
    ("soreang", "Petugas Soreang", Grant("officer", "32.04")),
    ("pengawas", "Pengawas", Grant("supervisor", "")),
    ("pagi", "Operator pagi", Grant("operator", "")),
)


class SmileHouse:
    """`portals` by kiosk: the address of its screen, without a slash. `console` the same."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._children = folder, dict[str, Child]()
        self._ports = {name: free_port() for name in SITES}
        self.portals = {name: f"http://127.0.0.1:{port}" for name, port in self._ports.items()}
        where = ("--site", SITES[KABUPATEN], "--portal-port", str(self._ports[KABUPATEN]))
        self.fleet = Fleet(folder / "state", *NO_PRINTER, *QUIET, *where, kiosks=len(SITES))
        self.console = f"http://127.0.0.1:{self.fleet.port}"
        try:
            until(self._is_up, 180)
            for person in PEOPLE:
                hire(self.fleet.engine, *person)
            for name in (CITY, OTHER):
                self._stand_beside(name)
            for name in SITES:
                until(partial(self.is_online, name), 120)
        except BaseException:
            self.close()
            raise

    def close(self) -> None:
        with suppress(ProcessLookupError):
            self.fleet.process.send_signal(signal.SIGCONT)
        for child in self._children.values():
            child.stop()
        self.fleet.close()

    def is_online(self, kiosk: str) -> bool:
        """By the screen: what is handed in now is with the office at once."""
        return "Tersambung" in self._home(kiosk)

    def is_off_line(self, kiosk: str) -> bool:
        return bool(home := self._home(kiosk)) and "Tersambung" not in home

    @contextmanager
    def open_every_day(self, kiosk: str) -> Iterator[None]:
        """Its screen shows the same content with counters open day and night: today gives tickets.

        Of a kiosk whose portal is ours; afterwards it shows again what its agent brings.
        """
        shown = self.fleet.state / "players" / kiosk / "releases" / "layanan" / "current"
        files = (one for one in shown.rglob("*") if one.is_file())
        tree = {str(one.relative_to(shown)): one.read_bytes() for one in files}
        name = f"tenants/{SITES[kiosk][:5]}/tenant.json"
        said = msgspec.json.decode(tree[name])
        hours = [["00:00", "12:00"], ["12:00", "23:59"]]
        said["hours"] = [{"weekday": day, "open": hours} for day in range(7)]
        tree[name] = msgspec.json.encode(said)
        tree.pop("holidays.json", None)
        put(self._folder / "open", 1, tree)
        self._starts_anew(kiosk, self._folder / "open")
        yield
        self._starts_anew(kiosk)

    def _starts_anew(self, kiosk: str, content: Path | None = None) -> None:
        self._children.pop(kiosk).stop()
        self._stand_beside(kiosk, content)
        until(partial(self.is_online, kiosk), 60)

    def shows(self, kiosk: str) -> int:
        """Which release citizens see, 0 before there is one."""
        seen = self._home(kiosk).partition('data-release="')[2].partition('"')[0]
        return int(seen or 0)

    def comes_to_show(self, kiosk: str, release: int) -> None:
        until(lambda: self.shows(kiosk) >= release, 240, 0.2)

    def cut(self) -> None:
        """The line: to all kiosks at once; returns when their screens say so."""
        self.fleet.process.send_signal(signal.SIGSTOP)
        for name in AWAY:
            os.kill(self.fleet.pid(name), signal.SIGKILL)
        for kiosk in SITES:
            until(partial(self.is_off_line, kiosk), 90)

    def mend(self) -> None:
        """A kiosk that was long alone asks every two minutes only (agent/backoff.py)."""
        self.fleet.process.send_signal(signal.SIGCONT)
        for kiosk in SITES:
            until(partial(self.is_online, kiosk), 240)

    def arrived(self, number: str) -> int:
        """How many submissions the office has under this number."""
        query = select(func.count()).where(submission.c.number == number)
        with self.fleet.engine.connect() as conn:
            return int(conn.scalar(query) or 0)

    def admit_keys(self) -> None:
        """The ceremony for releases: as typed where the keys of the roots are at hand."""
        with self.fleet.engine.connect() as conn:
            keys = conn.execute(select(operator_key.c.public, operator_key.c.label)).all()
        adds = [word for one in keys for word in ("--add", "content", f"{one[0]}={one[1]}")]
        state = self.fleet.state
        where = ("--database", str(self.fleet.engine.url), "--releases", str(state / "releases"))
        hand = ("--at-hand", str(state / "authority" / "release-keys"))
        assert anjungan.main(["releases", "keys", "admit", *hand, *adds, *where]) == 0

    def takes(self, number: str) -> None:
        """Until it is with the office, once."""
        until(partial(self.arrived, number), 180)
        assert self.arrived(number) == 1

    def the_van_comes(self) -> None:
        """Tomorrow, to the city's first kiosk and to the Kabupaten's."""
        now = time.time_ns() // 1_000_000
        begins = now + TOMORROW_MS
        common = {
            "starts": begins, "ends": begins + 4 * 3_600_000, "village": "", "quota": 40,
            "place": "Balai warga contoh", "services": ["DUK-KTPEL"], "note": "",
            "cancelled": False, "source": "form", "changed_at": now, "changed_by": "loket",
        }  # fmt: skip
        rows = [
            {"tenant": SITES[kiosk][:5], "uid": f"contoh-{kiosk}", "district": SITES[kiosk]}
            for kiosk in (KABUPATEN, CITY)
        ]
        with writing(self.fleet.engine) as conn:
            conn.execute(insert(visit), [row | common for row in rows])

    def knows_of_the_van(self, kiosk: str) -> bool:
        text = httpx.get(f"{self.portals[kiosk]}/jemput-bola", timeout=10).text
        return "Balai warga contoh" in text

    def _is_up(self) -> bool:
        assert self.fleet.process.poll() is None, self.fleet.said()
        return "kiosks are up" in self.fleet.said()

    def _home(self, kiosk: str) -> str:
        try:
            return httpx.get(f"{self.portals[kiosk]}/", timeout=10).text
        except httpx.TransportError:
            return ""

    def _stand_beside(self, kiosk: str, content: Path | None = None) -> None:
        home, port = self.fleet.state / "players" / kiosk, self._ports[kiosk]
        argv = [sys.executable, "-m", "portal", "--port", str(port), "--kiosk", kiosk]
        argv += ["--site", SITES[kiosk]]
        argv += ["--content", str(content or home / "releases" / "layanan")]
        argv += ["--notices", str(home), "--asks", str(home), "--tray", str(home / "tray")]
        rooms = {"PYTHONPATH": str(ROOT)}
        self._children[kiosk] = Child(argv, self._folder / f"{kiosk}.log", rooms)
