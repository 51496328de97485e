"""The 61 kecamatan of Bandung on an ordinary morning, for pictures and for tests of the console.

One kiosk a kecamatan; most are well, a few tell a story each. Times lie behind NOW.
"""

import math
import random
from collections.abc import Iterator
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine, insert, select, update

from controller import fleet
from controller.store.engine import writing
from controller.store.tables import (
    controller,
    fault,
    fault_note,
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
from provisioning.sites import kiosk_name, read_sites
from wire.faults import CATALOGUE

NOW = 1_795_316_400_000  # 22 November 2026, 10.00 WIB
MINUTE = 60_000
HOUR = 60 * MINUTE
TOUCH = ("inform", "complain", "watch")


class Story(NamedTuple):
    """What befell a kiosk: codes open since so many minutes, which services that stops."""

    codes: tuple[str, ...] = ()
    since: float = 600
    stops: tuple[str, ...] = ()
    presence: str = "online"
    why: str = ""
    facts: dict[str, dict[str, Any]] = {}  # noqa: RUF012 - only read
    taken_by: str = ""


STORIES = {
    "Coblong": Story(
        ("printer.paper_out",), 12, ("apply",), why="the printer says media-empty",
        facts={"printer": {"printer_state": "stopped", "accepting": True, "paper_percent": 0,
                           "toner_percent": 62, "reasons": "media-empty", "jobs": 2},
               "queue": {"queue_state": "processing", "accepting": True, "jobs": 2,
                         "oldest_job_s": 540}},
    ),
    "Gedebage": Story(("browser.hung", "system.memory_high"), 4, SERVICES, why="no beat for 45 s"),
    "Regol": Story(("screen.black",), 33, SERVICES,
                   why="the picture is black or of one colour", taken_by="Teknisi pagi"),
    "Soreang": Story(("printer.paper_low",), 55, why="the printer says media-low",
                     facts={"printer": {"printer_state": "idle", "accepting": True,
                                        "paper_percent": 9, "toner_percent": 40, "jobs": 0}}),
    "Ujungberung": Story(("disk.nearly_full",), 420,
                         why="/: 91 % used, 9200 MiB free", taken_by="Teknisi malam"),
    "Cicendo": Story(("printer.toner_low",), 180, why="the printer says toner-low"),
    "Pangalengan": Story(("kiosk.offline",), 95, SERVICES, "offline", "will"),
    "Rancabali": Story(("kiosk.offline",), 1500, SERVICES, "offline", "will",
                       taken_by="Teknisi sore"),
    "Nagreg": Story(presence="never"),
    "Ibun": Story(presence="unknown", since=3, why="deaf"),
    "Lengkong": Story(("temperature.high",), 20, why="x86_pkg_temp is at 82 degrees Celsius"),
    "Cibiru": Story(("printer.cover_open",), 2, ("apply",), why="the printer says cover-open"),
}  # fmt: skip
FACTS: dict[str, dict[str, Any]] = {
    "screen": {"backend": "wayland", "connected": True, "lit": True, "width": 1080,
               "height": 1920, "black": False, "touch": True},
    "browser": {"alive": True, "right_page": True, "page": "http://127.0.0.1:8081/",
                "beat_age_s": 1, "visible": True, "pss_mb": 318, "processes": 7},
    "printer": {"printer_state": "idle", "accepting": True, "paper_percent": 78,
                "toner_percent": 62, "jobs": 0},
    "queue": {"queue_state": "idle", "accepting": True, "jobs": 0},
    "portal": {"answers": True, "took_ms": 6, "version": "2026.11"},
    "network": {"link_up": True, "interface": "eth0", "address": "10.12.4.7", "rx_kbps": 12,
                "tx_kbps": 5},
    "system": {"cpu_percent": 9, "memory_percent": 46, "load1": 0.3, "uptime_s": 1_036_800},
    "disk": {"used_percent": 41, "free_mb": 61_200, "read_only": False},
    "temperature": {"celsius": 54.5, "sensor": "x86_pkg_temp"},
    "power": {"source": "mains", "battery_percent": 100},
    "agent": {"rss_mb": 21.6, "cpu_s": 148.2},
}  # fmt: skip


def tell(engine: Engine) -> dict[str, str]:
    """Fill an empty, migrated database. Returns kiosk names by kecamatan."""
    sites = read_sites()
    names = {site.name: kiosk_name(site) for site in sites}
    with writing(engine) as conn:
        places = [fleet.Site(s.code, s.name, s.regency, s.lat, s.lng) for s in sites]
        kiosks = [fleet.NewKiosk(kiosk_name(s), s.code) for s in sites]
        fleet.import_fleet(conn, places, kiosks, NOW - 240 * HOUR)
        ids = {row.name: row.id for row in conn.execute(select(kiosk.c.name, kiosk.c.id))}
        for site in sites:
            _live(conn, ids[kiosk_name(site)], STORIES.get(site.name, Story()))
        _office(conn)
        _day(conn, ids[names["Coblong"]])
    return names


def _live(conn: Connection, one: int, story: Story) -> None:
    if story.presence == "never":
        return
    since = NOW - int(story.since * MINUTE)
    conn.execute(insert(thread), _thread(one, story))
    conn.execute(insert(latest), list(_latest(one, story, since)))
    conn.execute(insert(verdict), list(_verdicts(one, story, since)))
    faults = list(_faults(one, story, since))
    if faults:
        conn.execute(insert(fault), faults)
    status = {"state": _state(story), "state_since": since, "open_faults": len(faults),
              "state_why": story.codes[0] if story.codes else story.why,
              "presence": story.presence, "presence_since": since,
              "presence_why": story.why} | {s: _answer(story, s) for s in SERVICES}  # fmt: skip
    conn.execute(update(kiosk_status).where(kiosk_status.c.kiosk_id == one).values(status))


def _thread(one: int, story: Story) -> dict[str, Any]:
    age = 20_000 + one * 700 if story.presence == "online" else int(story.since * MINUTE)
    return {"kiosk_id": one, "epoch": f"{one:016x}", "birth": 2, "seq": 40, "fact_upto": 3,
            "last_heard": NOW - age, "clock_offset_ms": 40, "agent": "0.1.0",
            "boot_id": "b", "keepalive_s": 60, "probes": list(FACTS)}  # fmt: skip


def _latest(one: int, story: Story, since: int) -> Iterator[dict[str, Any]]:
    for probe, usual in FACTS.items():
        codes = [code for code in story.codes if code.startswith(f"{probe}.")]
        yield {"kiosk_id": one, "probe": probe, "since": since, "codes": codes,
               "state": _worst(codes), "why": story.why if codes else "",
               "facts": story.facts.get(probe, usual), "observed_at": NOW - 9_000 - one * 100,
               "received_at": NOW - 8_900, "latency_ms": 3.0 + one % 7}  # fmt: skip


def _faults(one: int, story: Story, since: int) -> Iterator[dict[str, Any]]:
    for code in story.codes:
        probe = code.split(".", maxsplit=1)[0]
        seen = {"probe": probe, "facts": story.facts.get(probe, FACTS.get(probe, {})), "at": since}
        yield {"kiosk_id": one, "code": code, "severity": CATALOGUE[code].severity,
               "opened_at": since, "why": story.why, "evidence": seen,
               "acked_by": story.taken_by or None,
               "acked_at": since + 3 * MINUTE if story.taken_by else None}  # fmt: skip


def _verdicts(one: int, story: Story, since: int) -> Iterator[dict[str, Any]]:
    for service in SERVICES:
        answer = _answer(story, service)
        blame = story.codes[0] if story.codes and answer == "no" else "stale"
        yield {"kiosk_id": one, "service": service, "answer": answer, "since": since,
               "why": "" if answer == "yes" else blame}  # fmt: skip


def _answer(story: Story, service: str) -> str:
    if story.presence != "online":
        return "unknown"
    return "no" if service in story.stops else "yes"


def _state(story: Story) -> str:
    return _worst(list(story.codes)) if story.presence == "online" else story.presence


def _worst(codes: list[str]) -> str:
    found = {CATALOGUE[code].severity for code in codes}
    return "fail" if found & {"fail", "critical"} else "warn" if "warn" in found else "ok"


def _office(conn: Connection) -> None:
    row = {"name": "controller-1", "started_at": NOW - HOUR, "heard_at": NOW, "link": "up",
           "link_why": "", "broker": "127.0.0.1:8883", "counters": {}}  # fmt: skip
    conn.execute(insert(controller), row)
    held = {"holder": "controller-1", "generation": 1, "until": NOW + 10**12}
    conn.execute(update(lease).values(held))


def _day(conn: Connection, one: int) -> None:
    """A day of curves and a timeline for the kiosk in the pictures."""
    dice = random.Random(7)
    rows = []
    for at in range(NOW - 24 * HOUR, NOW, 2 * MINUTE):
        day = math.sin((at - NOW) / (24 * HOUR) * 2 * math.pi)
        busy = dice.random() ** 3
        rows.append({"kiosk_id": one, "at": at,
                     "cpu_percent": round(8 + 50 * busy + 4 * day, 1),
                     "memory_percent": round(44 + 6 * day + 3 * dice.random(), 1),
                     "disk_percent": round(40.5 + (at - NOW) / (48 * HOUR), 1),
                     "temperature_c": round(52 + 6 * day + 9 * busy, 1),
                     "rx_kbps": round(8 + 400 * busy * busy), "tx_kbps": round(5 + 60 * busy),
                     "browser_mb": round(300 + 30 * day + 12 * dice.random())})  # fmt: skip
    conn.execute(insert(telemetry), rows)
    for subject, old, new, why, minutes in TIMELINE:
        at = NOW - minutes * MINUTE
        row = {"kiosk_id": one, "subject": subject, "old": old, "new": new, "why": why, "at": at}
        conn.execute(insert(flip), row)
    past = {"kiosk_id": one, "code": "printer.paper_jam", "severity": "fail", "evidence": {},
            "why": "the printer says media-jam", "opened_at": NOW - 300 * MINUTE,
            "cleared_at": NOW - 281 * MINUTE, "acked_by": "Teknisi pagi",
            "acked_at": NOW - 296 * MINUTE}  # fmt: skip
    conn.execute(insert(fault), past)
    first = conn.scalar(select(fault.c.id).where(fault.c.code == "printer.paper_out"))
    note = {"fault_id": first, "at": NOW - 6 * MINUTE, "who": "Teknisi pagi",
            "text": "Kertas A4 dibawa dari gudang, tiba 10.30."}  # fmt: skip
    conn.execute(insert(fault_note), note)


TIMELINE = (
    ("presence", "never", "online", "birth", 1390),
    ("probe:printer", "ok", "fail", "the printer says media-jam", 300),
    ("fault:printer.paper_jam", "clear", "open", "the printer says media-jam", 300),
    ("verdict:apply", "yes", "no", "printer.paper_jam", 300),
    ("fault:printer.paper_jam", "open", "clear", "", 281),
    ("verdict:apply", "no", "yes", "", 281),
    ("presence", "online", "offline", "will", 125),
    ("presence", "offline", "online", "birth", 123),
    ("probe:printer", "ok", "fail", "the printer says media-empty", 12),
    ("fault:printer.paper_out", "clear", "open", "the printer says media-empty", 12),
    ("verdict:apply", "yes", "no", "printer.paper_out", 12),
)
