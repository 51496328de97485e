"""The whole demonstration, nothing replaced: `anjungan up`, its page, its kiosks, its deaths."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from sqlalchemy import func, select

from controller.store.engine import open_engine
from controller.store.tables import controller, kiosk, kiosk_status, latest, thread
from provisioning import act
from tests.support.cups import RealCups, RealPrinter
from tests.support.ports import free_port
from tests.support.wait import until

FIRST = "bdg-sukasari-1"
PLAYED = "bdg-coblong-1"
KIOSKS = 5
STARTED_S = 100  # five seconds on an idle machine
WORD = "kata sandi untuk uji coba"
NO_PRINTER = ("--printer", "none")  # not the one of whoever runs the tests
pytestmark = pytest.mark.timeout(400)
SCREENS = ("DISPLAY", "WAYLAND_DISPLAY")


class Fleet:
    """One `anjungan up` in a process of its own, as a newcomer starts it."""

    def __init__(self, state: Path, *more: str, url: str = "", kiosks: int = KIOSKS) -> None:
        self.state, self.port, self.more, self.kiosks = state, free_port(), more, kiosks
        self.engine = open_engine(url or f"sqlite:///{state}/office.db")
        self.start()

    def start(self) -> None:
        argv = ["up", "--state", str(self.state), "--port", str(self.port)]
        argv += ["--kiosks", str(self.kiosks)]
        with (self.state.parent / "out").open("ab") as out:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "provisioning", *argv, *self.more],
                stdout=out,
                stderr=out,
                env={name: value for name, value in os.environ.items() if name not in SCREENS},
                start_new_session=True,
            )

    def said(self) -> str:
        return (self.state.parent / "out").read_text()

    def wait_for(self, words: str, times: int = 1) -> None:
        def there() -> bool:
            assert self.process.poll() is None, self.said()
            return self.said().count(words) >= times

        until(there, STARTED_S)

    def presences(self) -> dict[str, str]:
        query = select(kiosk.c.name, kiosk_status.c.presence).join(kiosk_status)
        with self.engine.connect() as conn:
            return {row[0]: row[1] for row in conn.execute(query)}

    def probes(self, name: str) -> dict[str, str]:
        query = select(latest.c.probe, latest.c.state).join(kiosk, kiosk.c.id == latest.c.kiosk_id)
        with self.engine.connect() as conn:
            return {row[0]: row[1] for row in conn.execute(query.where(kiosk.c.name == name))}

    def all_online(self) -> bool:
        states = self.presences()
        return len(states) == self.kiosks and set(states.values()) == {"online"}

    def births(self) -> dict[str, int]:
        query = select(kiosk.c.name, thread.c.birth).join(thread)
        with self.engine.connect() as conn:
            return {row[0]: row[1] for row in conn.execute(query)}

    def office_started(self) -> int:
        with self.engine.connect() as conn:
            return int(conn.scalar(select(func.max(controller.c.started_at))) or 0)

    def pid(self, name: str) -> int:
        lines = [line for line in self.said().splitlines() if line.startswith(f"{name}: running")]
        return int(lines[-1].rsplit(" ", 1)[1])

    def page(self, path: str = "") -> str:
        """As the first administrator, made by the link that `up` said."""
        token = self.said().split("/setup#")[-1].split()[0]
        me = {"login": "siaga", "name": "Petugas siaga", "password": WORD, "again": WORD}
        here = f"http://127.0.0.1:{self.port}"
        made = httpx.post(
            f"{here}/welcome",
            data={"token": token, "step": "set", **me},
            headers={"origin": here},
            timeout=20,
        )
        cookie = made.headers["set-cookie"].split(";")[0]
        return httpx.get(f"{here}/{path}", headers={"cookie": cookie}, timeout=10).text

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.terminate()
        self.process.wait(30)
        self.engine.dispose()


@pytest.fixture(params=[(), ("--fallback",)], ids=["mosquitto", "fallback"])
def fleet(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Fleet]:
    made = Fleet(tmp_path / "state", *NO_PRINTER, *request.param)
    yield made
    made.close()


@pytest.fixture
def usual(tmp_path: Path) -> Iterator[Fleet]:
    made = Fleet(tmp_path / "state", *NO_PRINTER)
    yield made
    made.close()


def test_a_newcomer_sees_the_first_kiosk_and_then_the_others(fleet: Fleet) -> None:
    fleet.wait_for(f"{KIOSKS} kiosks are up: open http://127.0.0.1:{fleet.port}/")
    until(fleet.all_online, 60)
    assert FIRST in fleet.page("kiosks")
    screen = fleet.said().split(f"what citizens see at {FIRST}: ")[1].split()[0]
    assert "/pengaduan" in httpx.get(screen, timeout=20).text
    assert (
        act.main(["noop", FIRST, "--as", "siaga", "--database", str(fleet.engine.url), "--wait"])
        == 0
    )
    real = until(lambda: fleet.probes(FIRST), 30)
    assert {"system", "disk", "screen", "portal"} <= real.keys()
    assert not {"printer", "queue", "browser"} & real.keys()  # not configured: they do not exist


def test_a_screenless_machine_is_unknown_and_not_ok(usual: Fleet) -> None:
    usual.wait_for("kiosks are up")
    until(lambda: "screen" in usual.probes(FIRST), 60)
    connectors = list(Path("/sys/class/drm").glob("card*-*"))  # a machine that has a screen
    assert connectors or usual.probes(FIRST)["screen"] == "unknown"


@pytest.mark.parametrize(
    ("name", "reborn"),
    [
        ("broker", {FIRST, PLAYED}),
        ("warden", set()),
        ("door", set()),
        ("agent", {FIRST}),
        ("players", {PLAYED}),
        ("controller", set()),
    ],
)
def test_whatever_is_killed_comes_back_and_so_do_the_kiosks(
    usual: Fleet, name: str, reborn: set[str]
) -> None:
    usual.wait_for("kiosks are up")
    until(usual.all_online, 60)
    births, started = usual.births(), usual.office_started()
    os.kill(usual.pid(name), signal.SIGKILL)
    usual.wait_for(f"{name} started again")
    until(lambda: all(usual.births()[one] > births[one] for one in reborn), 60)
    if name == "controller":
        until(lambda: usual.office_started() > started, 60)
    until(usual.all_online, 60)
    assert usual.process.poll() is None


def test_stops_cleanly_says_offline_and_starts_again_on_the_same_state(usual: Fleet) -> None:
    usual.wait_for("kiosks are up")
    until(usual.all_online, 60)
    usual.process.send_signal(signal.SIGINT)
    assert usual.process.wait(60) == 0
    assert set(usual.presences().values()) == {"offline"}  # each said farewell before it left
    usual.start()
    usual.wait_for("kiosks are up", times=2)
    until(usual.all_online, 60)
    with usual.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(kiosk)) == KIOSKS


def test_lives_in_postgresql_and_finds_the_real_printer_of_this_machine(
    tmp_path: Path,
    postgres_url: str,
    real_printer: RealPrinter,
    real_cups: RealCups,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    real_cups.add_queue("kiosk", real_printer.uri)
    monkeypatch.setenv("CUPS_SERVER", f"127.0.0.1:{real_cups.port}")
    fleet = Fleet(tmp_path / "state", "--database", postgres_url, url=postgres_url)
    try:
        fleet.wait_for("found the printer kiosk")
        fleet.wait_for("kiosks are up")
        until(fleet.all_online, 60)
        until(lambda: {*map(fleet.probes(FIRST).get, ("printer", "queue"))} == {"ok"}, 60)
        real_printer.paper(0)
        until(lambda: fleet.probes(FIRST).get("printer") == "fail", 60)
        assert not (fleet.state / "office.db").exists()
    finally:
        fleet.close()
