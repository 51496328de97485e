"""How long the officers' inbox takes over 200,000 records, of which 2,000 are open.

The yardstick is the same question to an inbox of 2,000 records, all open, in the same run: what is
over must cost next to nothing. The database is SQLite; a supervisor of everything asks, whose
questions no district narrows, and an officer of one city.
"""

import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

from sqlalchemy import Connection, Engine, insert

from controller import fleet
from controller.inbox import numbers, read
from controller.inbox.shapes import OPEN, Query
from controller.people.powers import EVERYWHERE, Scope
from controller.store.citizen_tables import record, submission
from controller.store.engine import open_engine, writing
from controller.store.migrate import migrate
from provisioning.sites import kiosk_name, read_sites
from tests.bench.figures import Figure
from tests.bench.processes import percentile
from tests.support import showcase_inbox
from wire.lifecycle import SUBMISSION_ENDS

SIZES: Final = (2_000, 200_000)
STILL_OPEN: Final = 2_000
ROUNDS: Final = 25
NOW: Final = showcase_inbox.NOW
MINUTE: Final = 60_000
SERVICES: Final = (
    ("ADUAN-KOTA", "dsdabm"),
    ("KEC-SKTM", "kecamatan"),
    ("DUK-KTPEL", "disdukcapil"),
)
_Question = Callable[[Connection, Scope], Any]


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as folder:
        few, many = (_inbox(Path(folder), size) for size in SIZES)
        note = f"processor, p95 of {ROUNDS}, {SIZES[1]:,} records against {SIZES[0]:,}"
        for ending, scope in (("", EVERYWHERE), ("_of_city", Scope(("32.73",)))):
            for name, question in QUESTIONS.items():
                took, yardstick = (_time(engine, scope, question) for engine in (many, few))
                yield Figure(f"inbox.{name}_ms{ending}", took, "ms", yardstick, "<= 25", note)
        few.dispose()
        many.dispose()


def _page(**asked: Any) -> _Question:
    query = Query(**asked, login="petugas", size=30)

    def ask(conn: Connection, scope: Scope) -> None:
        counts = read.counts(conn, scope, query, NOW)
        read.page(conn, scope, query, NOW, counts[query.queue])

    return ask


QUESTIONS: Final[Mapping[str, _Question]] = {
    "page": _page(),
    "ended": _page(queue="ended", page=20),
    "by_service": _page(queue="all", service="KEC-SKTM"),
    "search": _page(queue="all", number="261122-19"),
    "search_file": _page(queue="all", number="470/19"),
    "counts": lambda conn, scope: read.counts(conn, scope, Query(), NOW),
    "week": lambda conn, scope: numbers.week(conn, scope, NOW - numbers.WEEK_MS),
}


def _time(engine: Engine, scope: Scope, question: _Question) -> float:
    """Milliseconds of the processor: SQLite works in this thread, and nobody else's work counts."""
    took = []
    for _ in range(ROUNDS + 1):  # the first one warms up and is not counted
        with engine.connect() as conn:
            started = time.thread_time()
            question(conn, scope)
            took.append((time.thread_time() - started) * 1000)
    return percentile(took[1:], 0.95)


def _inbox(folder: Path, size: int) -> Engine:
    url = f"sqlite:///{folder / f'{size}.db'}"
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
    return engine


def _record(n: int) -> dict[str, Any]:
    at = {"state": "accepted", "state_at": NOW, "arrived_at": NOW}
    return at | {"kiosk_id": 1 + n % 61, "sha256": f"{n:064x}", "body": b"", "size": 0}


def _row(n: int, size: int, place: str) -> dict[str, Any]:
    """The newest STILL_OPEN are open; one came each minute; one of fifty names no place."""
    state = OPEN[n // 7 % len(OPEN)] if n >= size - STILL_OPEN else sorted(SUBMISSION_ENDS)[n % 3]
    at = NOW - (size - n) * MINUTE
    service, agency = SERVICES[n % 3]
    complains = service == "ADUAN-KOTA"
    its: dict[str, Any] = {
        "kind": "complain" if complains else "apply",
        "service": service,
        "agency": agency,
    }
    its |= {"category": "jalan_rusak" if complains else "", "place": place if n % 50 else ""}
    its |= {"state": state, "state_at": at, "assigned_to": "" if n % 9 else "petugas"}
    its |= {"due_at": at + 7_200 * MINUTE if state in OPEN and n % 5 else None, "due_what": "sla"}
    its |= {"file_number": "" if complains else f"470/{n}/KEC/2026", "tenant": place[:5]}
    its |= {"record_id": n + 1, "kiosk_id": 1 + n % 61, "uid": f"{n:032x}", "revision": 1}
    return its | {"number": f"261122-{n:06d}-K7Q3M-R", "made_at": at, "arrived_at": at}
