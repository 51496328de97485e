"""How long the officers' inbox takes over 200,000 records, of which 2,000 are open.

The yardstick is the same question to an inbox of 2,000 records, all open, in the same run: what is
over must cost next to nothing. On SQLite and on PostgreSQL, whose texts stand in the order of a
language as on most servers. A supervisor of everything asks, whose questions no district narrows,
an officer of one city and one of one kecamatan.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, insert

from controller import fleet
from controller.inbox import numbers, read
from controller.inbox.shapes import OPEN, Query
from controller.people.powers import EVERYWHERE, Scope
from controller.store.citizen_tables import record, submission, submission_event
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from provisioning.sites import kiosk_name, read_sites
from tests.bench.figures import Figure
from tests.bench.processes import percentile
from tests.support import showcase_inbox
from tests.support.postgres import a_cluster
from wire.lifecycle import SUBMISSION_ENDS

SIZES: Final = (2_000, 200_000)
STILL_OPEN: Final = 2_000
ROUNDS: Final = 25
NOW: Final = showcase_inbox.NOW
MINUTE: Final = 60_000
DAY: Final = 1_440 * MINUTE
APART: Final = 150_000  # milliseconds from one to the next: the 200,000 are a year's
SERVICES: Final = (
    ("ADUAN-KOTA", "dsdabm"),
    ("KEC-SKTM", "kecamatan"),
    ("DUK-KTPEL", "disdukcapil"),
)
SCOPES: Final = {
    "": EVERYWHERE,
    "_of_city": Scope(("32.73",)),
    "_of_kecamatan": Scope(("32.73.02",)),
}
_Question = Callable[[Connection, Scope], Any]


class _Clock(NamedTuple):
    """Milliseconds of the processor that a question takes: nobody else's work counts."""

    server: int = 0  # the process of PostgreSQL that answers; SQLite works in this thread

    def now(self) -> float:
        own = time.thread_time() * 1000
        if not self.server:
            return own
        return own + int(Path(f"/proc/{self.server}/schedstat").read_text().split()[0]) / 1e6


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        yield from _figures("", [f"sqlite:///{folder}/{size}.db" for size in SIZES])
    with a_cluster("id") as cluster:
        yield from _figures("_postgresql", [cluster.create() for _ in SIZES])


def _figures(ending: str, urls: list[str]) -> Iterator[Figure]:
    few, many = (_inbox(url, size) for url, size in zip(urls, SIZES, strict=True))
    note = f"processor, p95 of {ROUNDS}, {SIZES[1]:,} records against {SIZES[0]:,}"
    for who, scope in SCOPES.items():
        for name, question in QUESTIONS.items():
            took, yardstick = (_time(engine, scope, question) for engine in (many, few))
            figure = f"inbox.{name}_ms{who}{ending}"
            yield Figure(figure, took, "ms", yardstick, "<= 25", note)
    few.dispose()
    many.dispose()


def _page(*, counted: bool = True, **asked: Any) -> _Question:
    """As the console asks, with the counts of all queues; or as a program does."""
    query = Query(**asked, login="petugas", size=30)

    def ask(conn: Connection, scope: Scope) -> None:
        total = read.counts(conn, scope, query, NOW)[query.queue] if counted else None
        read.page(conn, scope, query, NOW, total)

    return ask


def _detail(conn: Connection, scope: Scope) -> None:
    """An open complaint, with those that may be about the same."""
    query = Query(kind="complain", size=1)
    (row,) = read.page(conn, scope, query, NOW, 1).rows
    read.detail(conn, scope, row.id)


QUESTIONS: Final[Mapping[str, _Question]] = {
    "page": _page(),
    "ended": _page(queue="ended", page=20),
    "ended_by_program": _page(counted=False, queue="ended"),
    "by_service": _page(queue="all", service="KEC-SKTM"),
    "search": _page(queue="all", number="261122-19"),
    "search_all": _page(queue="ended", number="2611"),
    "search_file": _page(queue="all", number="470/19"),
    "counts": lambda conn, scope: read.counts(conn, scope, Query(), NOW),
    "record": _detail,
    "week": lambda conn, scope: numbers.week(conn, scope, NOW - numbers.WEEK_MS),
}


def _time(engine: Engine, scope: Scope, question: _Question) -> float:
    took = []
    with engine.connect() as conn:
        clock = _clock(conn)
        for _ in range(ROUNDS + 1):  # the first one warms up and is not counted
            started = clock.now()
            question(conn, scope)
            took.append(clock.now() - started)
            conn.rollback()
    return percentile(took[1:], 0.95)


def _clock(conn: Connection) -> _Clock:
    if conn.dialect.name == "sqlite":
        return _Clock()
    conn.exec_driver_sql("SET max_parallel_workers_per_gather = 0")  # else others would work, too
    pid = conn.exec_driver_sql("SELECT pg_backend_pid()").scalar_one()
    conn.commit()
    return _Clock(pid)


def _inbox(url: str, size: int) -> Engine:
    migrate(url)
    engine = open_engine(url)
    sites = read_sites()
    with writing(engine) as conn:
        places = [fleet.Site(s.code, s.name, s.regency, s.lat, s.lng) for s in sites]
        fleet.import_fleet(
            conn, places, [fleet.NewKiosk(kiosk_name(s), s.code) for s in sites], NOW
        )
        showcase_inbox.catalogue(conn, NOW)
        conn.execute(insert(record), [_record(n) for n in range(size)])
        codes = [site.code for site in sites]
        conn.execute(insert(submission), [_row(n, size, codes[n % 61]) for n in range(size)])
        if size > STILL_OPEN:
            conn.execute(insert(submission_event), list(_events(size)))
    _settle(engine)
    return engine


def _settle(engine: Engine) -> None:
    """What PostgreSQL does by itself from time to time."""
    if engine.dialect.name == "postgresql":
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as conn:
            conn.exec_driver_sql("VACUUM ANALYZE")


def _events(size: int) -> Iterator[dict[str, Any]]:
    """Whatever has ended did so the day after it came."""
    for n in range(size - STILL_OPEN):
        at = NOW - (size - n) * APART + DAY
        event = "finish" if n % 3 else "reject"
        its = {"submission_id": n + 1, "at": at, "by": "petugas"}
        yield its | {"event": event, "old": "processing", "new": "ready"}


def _record(n: int) -> dict[str, Any]:
    at = {"state": "accepted", "state_at": NOW, "arrived_at": NOW}
    return at | {"kiosk_id": 1 + n % 61, "sha256": f"{n:064x}", "body": b"", "size": 0}


def _row(n: int, size: int, place: str) -> dict[str, Any]:
    """The newest STILL_OPEN are open; one of fifty names no place."""
    state = OPEN[n // 7 % len(OPEN)] if n >= size - STILL_OPEN else sorted(SUBMISSION_ENDS)[n % 3]
    at = NOW - (size - n) * APART
    service, agency = SERVICES[n % 3]
    complains = service == "ADUAN-KOTA"
    its: dict[str, Any] = {
        "kind": "complain" if complains else "apply",
        "service": service,
        "agency": agency,
    }
    its |= {"category": "jalan_rusak" if complains else "", "place": place if n % 50 else ""}
    changed = at if state in OPEN else at + DAY
    its |= {"state": state, "state_at": changed, "assigned_to": "" if n % 9 else "petugas"}
    its |= {"due_at": at + 7_200 * MINUTE if state in OPEN and n % 5 else None, "due_what": "sla"}
    its |= {"file_number": "" if complains else f"470/{n}/KEC/2026", "tenant": place[:5]}
    its |= {"record_id": n + 1, "kiosk_id": 1 + n % 61, "uid": f"{n:032x}", "revision": 1}
    return its | {"number": f"261122-{n:06d}-K7Q3M-R", "made_at": at, "arrived_at": at}
