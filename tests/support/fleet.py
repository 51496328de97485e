"""A fleet of any size in a database within seconds, for tests, console and bench.

The same seed gives the same fleet. A part of the kiosks is offline, some have open faults, one in
a hundred was never heard; every kiosk heard has verdicts and what its probes last said.
"""

import random
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any, NamedTuple

import pytest
from sqlalchemy import Connection, Engine, Table, bindparam, insert, select, update

from controller import fleet
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from controller.store.tables import (
    controller,
    fault,
    flip,
    kiosk,
    kiosk_status,
    latest,
    lease,
    telemetry,
    thread,
    verdict,
)
from controller.words import SERVICES
from wire.faults import CATALOGUE

NOW = 1_790_000_000_000
MINUTE = 60_000
DAY = 1440 * MINUTE
REGENCIES = ("Kota Bandung", "Kabupaten Bandung")
CODES = (
    "printer.paper_out",
    "printer.paper_low",
    "browser.hung",
    "screen.black",
    "portal.down",
    "disk.nearly_full",
    "system.cpu_high",
    "temperature.high",
)
FACTS: dict[str, dict[str, Any]] = {
    "system": {"cpu_percent": 7.5, "memory_percent": 41.0, "load1": 0.4, "uptime_s": 86_000},
    "disk": {"used_percent": 55.0, "free_mb": 12_000},
    "screen": {"backend": "x11", "connected": True, "lit": True, "width": 1080, "height": 1920},
    "browser": {"alive": True, "right_page": True, "beat_age_s": 1.0, "pss_mb": 310},
    "portal": {"answers": True, "took_ms": 4.0},
    "printer": {"printer_state": "idle", "accepting": True, "paper_percent": 80},
    "queue": {"queue_state": "idle", "accepting": True, "jobs": 0},
}


@pytest.fixture(scope="session", params=["sqlite", "postgresql"])
def fleet_61(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Engine]:
    """61 kiosks on each database, one with a day of history. To be read, not written."""
    sqlite = request.param == "sqlite"
    cluster = None if sqlite else request.getfixturevalue("postgres")
    folder = tmp_path_factory.mktemp("fleet")
    url = f"sqlite:///{folder}/office.db" if cluster is None else cluster.create()
    migrate(url)
    engine = open_engine(url)
    seed_fleet(engine, kiosks=61, sites=12)
    seed_history(engine, 1)
    yield engine
    engine.dispose()
    if cluster is not None:
        cluster.drop(url)


@pytest.fixture
def office_engine(database: str) -> Iterator[Engine]:
    """A fresh, empty office on each database."""
    engine = open_engine(database)
    yield engine
    engine.dispose()


class Seeded(NamedTuple):
    kiosks: int
    sites: int
    open_faults: int


def seed_fleet(
    engine: Engine, *, kiosks: int = 61, sites: int = 61, seed: int = 7, probes: bool = True
) -> Seeded:
    """Fill an empty, migrated database. `probes=False` leaves out `latest`, the largest table."""
    dice = random.Random(seed)
    places = [_site(number) for number in range(sites)]
    new = [fleet.NewKiosk(f"k-{n:06d}", places[n % sites].code) for n in range(kiosks)]
    with writing(engine) as conn:
        fleet.import_fleet(conn, places, new, NOW - 30 * DAY)
        ids = list(conn.scalars(select(kiosk.c.id).order_by(kiosk.c.id)))
        lives = [_Life(one, dice) for one in ids]
        heard = [life for life in lives if life.state != "never"]
        _fill(conn, thread, (life.thread() for life in heard))
        _fill(conn, fault, (row for life in heard for row in life.faults()))
        _fill(conn, verdict, (row for life in heard for row in life.verdicts()))
        if probes:
            _fill(conn, latest, (row for life in heard for row in life.latest()))
        _update_statuses(conn, heard)
        live_controller(conn, NOW)
    _analyze(engine)
    return Seeded(kiosks, sites, sum(len(life.codes) for life in heard))


def live_controller(conn: Connection, now: int, name: str = "controller-1", **other: Any) -> None:
    """A row such as a running controller writes of itself each second."""
    row = {
        "name": name,
        "started_at": now - DAY,
        "heard_at": now,
        "link": "up",
        "link_why": "",
        "broker": "127.0.0.1:1883",
        "counters": {},
    }
    conn.execute(insert(controller), [row | other])
    hold_partitions(conn, name, now)


def hold_partitions(conn: Connection, name: str, now: int) -> None:
    """Every partition belongs to controller `name` for the next 10 seconds."""
    conn.execute(update(lease).values(holder=name, generation=1, until=now + 10_000))


def seed_history(engine: Engine, kiosk_id: int, *, hours: int = 24, every_s: int = 15) -> None:
    """A day of readings and some flips of one kiosk, up to NOW."""
    dice = random.Random(kiosk_id)
    times = range(NOW - hours * 60 * MINUTE, NOW, every_s * 1000)
    with writing(engine) as conn:
        _fill(conn, telemetry, (_sample(kiosk_id, at, dice) for at in times))
        _fill(conn, flip, (_flip(kiosk_id, NOW - n * 60 * MINUTE, n) for n in range(hours, 0, -1)))


class _Life:
    """What became of one kiosk."""

    def __init__(self, kiosk_id: int, dice: random.Random) -> None:
        self.id = kiosk_id
        self.since = NOW - dice.randrange(1, 7 * 1440) * MINUTE
        self.heard = NOW - dice.randrange(0, 600_000)
        fate = dice.random()
        self.presence = "never" if fate < 0.01 else "offline" if fate < 0.05 else "online"
        broken = self.presence == "online" and dice.random() < 0.08
        self.codes = dice.sample(CODES, dice.randrange(1, 4)) if broken else []
        if self.presence == "offline":
            self.codes = ["kiosk.offline"]
        worst = {CATALOGUE[code].severity for code in self.codes}
        state = "fail" if worst & {"fail", "critical"} else "warn" if worst else "ok"
        self.state = state if self.presence == "online" else self.presence
        self.dice = dice

    def thread(self) -> dict[str, Any]:
        return {
            "kiosk_id": self.id,
            "epoch": f"{self.id:016x}",
            "birth": 3,
            "seq": 17,
            "fact_upto": 5,
            "last_heard": self.heard,
            "clock_offset_ms": 12,
            "agent": "0.1.0",
            "boot_id": f"boot-{self.id}",
            "keepalive_s": 60,
            "probes": list(FACTS),
        }

    def faults(self) -> Iterator[dict[str, Any]]:
        for code in self.codes:
            yield {
                "kiosk_id": self.id,
                "code": code,
                "severity": CATALOGUE[code].severity,
                "opened_at": self.since,
                "why": f"{code} since {self.since}",
                "evidence": {"probe": code.split(".", maxsplit=1)[0], "state": "fail"},
                "acked_at": self.since + MINUTE if self.id % 3 == 0 else None,
                "acked_by": "Loket" if self.id % 3 == 0 else None,
            }

    def verdicts(self) -> Iterator[dict[str, Any]]:
        for service in SERVICES:
            yield {
                "kiosk_id": self.id,
                "service": service,
                "answer": self.answer(service),
                "since": self.since,
                "why": self.why() if self.answer(service) != "yes" else "",
            }

    def answer(self, service: str) -> str:
        if self.presence != "online":
            return "unknown"
        if self.state == "fail":
            return "no" if service == "apply" or "browser.hung" in self.codes else "yes"
        return "yes"

    def why(self) -> str:
        return self.codes[0] if self.presence == "online" else "stale"

    def latest(self) -> Iterator[dict[str, Any]]:
        broken = {code.split(".", maxsplit=1)[0]: code for code in self.codes}
        for probe, facts in FACTS.items():
            code = broken.get(probe)
            yield {
                "kiosk_id": self.id,
                "probe": probe,
                "state": _state(code) if code else "ok",
                "since": self.since,
                "facts": facts,
                "codes": [code] if code else [],
                "why": f"{code}" if code else "",
                "observed_at": self.heard,
                "received_at": self.heard,
                "latency_ms": 1.5,
            }

    def status(self) -> dict[str, Any]:
        return {
            "b_id": self.id,
            "presence": self.presence,
            "presence_since": self.since,
            "presence_why": "will" if self.presence == "offline" else "birth",
            "state": self.state,
            "state_since": self.since,
            "state_why": self.codes[0] if self.codes else "",
            "open_faults": len(self.codes),
            **{service: self.answer(service) for service in SERVICES},
        }


def _update_statuses(conn: Connection, lives: list[_Life]) -> None:
    rows = [life.status() for life in lives]
    if rows:
        query = update(kiosk_status).where(kiosk_status.c.kiosk_id == bindparam("b_id"))
        conn.execute(
            query.values({name: bindparam(name) for name in rows[0] if name != "b_id"}), rows
        )


def _site(number: int) -> fleet.Site:
    regency = number % len(REGENCIES)
    return fleet.Site(
        code=f"32.{73 if regency == 0 else 4:02d}.{number // 2 + 1:04d}",
        name=f"Kecamatan {number:04d}",
        regency=REGENCIES[regency],
        lat=-6.8 - (number % 100) / 400,
        lng=107.4 + (number // 100) / 100,
    )


def _sample(kiosk_id: int, at: int, dice: random.Random) -> dict[str, Any]:
    return {
        "kiosk_id": kiosk_id,
        "at": at,
        "cpu_percent": round(5 + 20 * dice.random(), 1),
        "memory_percent": 41.0 if dice.random() < 0.1 else None,
    }


def _flip(kiosk_id: int, at: int, number: int) -> dict[str, Any]:
    old, new = ("ok", "fail") if number % 2 else ("fail", "ok")
    return {
        "kiosk_id": kiosk_id,
        "subject": "probe:printer",
        "old": old,
        "new": new,
        "why": "printer.paper_out" if new == "fail" else "",
        "at": at,
    }


def _fill(conn: Connection, table: Table, rows: Iterable[dict[str, Any]]) -> None:
    rows = iter(rows)
    while batch := list(islice(rows, 10_000)):
        conn.execute(insert(table), batch)


def _analyze(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
        conn.exec_driver_sql("ANALYZE")


def _state(code: str) -> str:
    return "warn" if CATALOGUE[code].severity in ("info", "warn") else "fail"
