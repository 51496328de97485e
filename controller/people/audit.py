"""Who did what, when and from where: rows that only ever follow one another.

Owns the `audit` table. Row n carries the hash of row n - 1, so that who edits, drops or reorders
rows (below the triggers that forbid it) is found by `verify`. A tail that was cut off leaves a
shorter chain that is sound in itself: only a signed mark (n, hash) kept elsewhere tells of that.
Rows are appended one writer at a time; `append` last in a transaction, because on PostgreSQL all
who append wait for each other until they commit. Secrets never come here: the log is shown.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, false, func, insert, or_, select, text

from controller.paging import Page, check_page
from controller.people.powers import Scope
from controller.store.people_tables import audit
from controller.words import check_text

_DOMAIN: Final = b"anjungan-audit-v1\0"
_LOCK: Final = 0x616E6175  # our own number among PostgreSQL's advisory locks
_AT_ONCE: Final = 2_000
_WIDTHS: Final = {"who": 80, "what": 48, "subject": 120, "district": 16, "address": 64}
_MOST_TEXT: Final = 500
_MOST_PARTS: Final = 100
_MOST_DEPTH: Final = 4
_EXACT: Final = 2**53  # beyond it a reader of the export may round
_TAIL: Final = select(audit.c.n, audit.c.hash).order_by(audit.c.n.desc()).limit(1)
_INSERT: Final = insert(audit)


class Entry(NamedTuple):
    """`who` is a login or a part of the office, `what` a word such as `identity.revoke`.

    `district` is the site code of the subject, empty when it has none. Text is cut to its column.
    """

    who: str
    what: str
    subject: str = ""
    district: str = ""
    address: str = ""
    detail: Mapping[str, Any] = {}


class By(NamedTuple):
    """On whose word something is done: a login or a part of the office, and from where."""

    who: str
    address: str = ""


class Mark(NamedTuple):
    """A place in the chain: the row's number and its hash. `START` is before the first."""

    n: int
    hash: str


START: Final = Mark(0, "0" * 64)


class Verdict(NamedTuple):
    """`mark` is the last row that is sound; `broken_at` the number of the first that is not."""

    ok: bool
    mark: Mark
    broken_at: int | None
    why: str


class Row(NamedTuple):
    """One row as stored. `at` in milliseconds since 1970."""

    n: int
    at: int
    who: str
    what: str
    subject: str
    district: str
    address: str
    detail: dict[str, Any]
    previous: str
    hash: str


class Filter(NamedTuple):
    """Empty fields ask nothing. `what` takes a whole word or its beginning up to a dot."""

    who: str = ""
    what: str = ""
    subject: str = ""
    since: int | None = None
    until: int | None = None


def append(conn: Connection, entry: Entry, now: int) -> int:
    """The number of the new row. `now` in milliseconds; inside a `writing` transaction only."""
    return append_all(conn, [entry], now)


def alone(conn: Connection) -> None:
    """Take the log's turn now, until the transaction ends: of many writers one is in here.

    Who holds rows and only then waits for the log may wait for somebody who has the log and waits
    for those rows. Whoever locks several rows asks for this before the first.
    """
    if conn.dialect.name == "postgresql":  # SQLite's writer is alone already
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def append_all(conn: Connection, entries: Iterable[Entry], now: int) -> int:
    """As `append`, for many at once. The number of the last row there is."""
    if not conn.in_transaction():
        raise RuntimeError("the audit log is appended to inside a writing transaction only")
    alone(conn)
    mark = tail(conn)
    rows = []
    for entry in entries:
        row = _row(entry, mark, now)
        mark = Mark(row["n"], row["hash"])
        rows.append(row)
    if rows:
        conn.execute(_INSERT, rows)
    return mark.n


def tail(conn: Connection) -> Mark:
    """The newest row: what a checkpoint signs."""
    found = conn.execute(_TAIL).first()
    return Mark(*found) if found else START


def verify(conn: Connection, upto: int | None = None, after: Mark = START) -> Verdict:
    """Walk the chain from behind `after` to row `upto` (default: the newest).

    A chain that ends before `upto` is not sound: rows that were once seen are missing.
    """
    mark = after
    for row in walk(conn, after.n, upto):
        why = _fault(row, mark)
        if why:
            return Verdict(ok=False, mark=mark, broken_at=row.n, why=why)
        mark = Mark(row.n, row.hash)
    if upto is not None and mark.n < upto:
        why = f"the log ends at row {mark.n}, though row {upto} was written"
        return Verdict(ok=False, mark=mark, broken_at=mark.n + 1, why=why)
    return Verdict(ok=True, mark=mark, broken_at=None, why="")


def walk(conn: Connection, after: int = 0, upto: int | None = None) -> Iterator[Row]:
    """Every row behind number `after`, in order, a few thousand in memory at a time."""
    while True:
        query = select(audit).where(audit.c.n > after).order_by(audit.c.n).limit(_AT_ONCE)
        rows = conn.execute(query if upto is None else query.where(audit.c.n <= upto)).all()
        for row in rows:
            yield Row(*row)
        if len(rows) < _AT_ONCE:
            return
        after = rows[-1].n


def read(
    conn: Connection, scope: Scope, asked: Filter, number: int = 1, size: int = 50
) -> Page[Row]:
    """Page `number` of what `scope` may see, newest first.

    What concerns no place (accounts, logins, the office) is for a scope of everywhere alone.
    Raises BadQuestion.
    """
    check_page(number, size)
    for field in ("who", "what", "subject"):
        check_text(field, getattr(asked, field), most=120)
    wanted = and_(_within(scope), *_asked(asked))
    total = conn.scalar(select(func.count()).select_from(audit).where(wanted)) or 0
    query = select(audit).where(wanted).order_by(audit.c.n.desc())
    rows = conn.execute(query.limit(size).offset((number - 1) * size))
    return Page([Row(*row) for row in rows], total, number, size)


def _within(scope: Scope) -> ColumnElement[bool]:
    if scope.everywhere:
        return and_(True)
    here = [
        or_(audit.c.district == one, audit.c.district.startswith(f"{one}.", autoescape=True))
        for one in scope.districts
    ]
    return or_(false(), *here)


def _asked(asked: Filter) -> Iterator[ColumnElement[bool]]:
    if asked.who:
        yield audit.c.who == asked.who
    if asked.what:
        below = audit.c.what.startswith(f"{asked.what}.", autoescape=True)
        yield or_(audit.c.what == asked.what, below)
    if asked.subject:
        yield audit.c.subject == asked.subject
    if asked.since is not None:
        yield audit.c.at >= asked.since
    if asked.until is not None:
        yield audit.c.at < asked.until


def _row(entry: Entry, before: Mark, now: int) -> dict[str, Any]:
    words = {name: _cut(getattr(entry, name), width) for name, width in _WIDTHS.items()}
    made = Row(
        n=before.n + 1, at=now, **words, detail=_plain(dict(entry.detail)), previous="", hash=""
    )
    chained = made._replace(previous=before.hash)
    return chained._replace(hash=_hash(chained))._asdict()


def _fault(row: Row, before: Mark) -> str:
    """Why this row does not follow the one before; empty when it does."""
    if row.n != before.n + 1:
        return f"row {before.n + 1} is missing"
    if row.previous != before.hash:
        return f"row {row.n} does not follow row {before.n}"
    if row.hash != _hash(row):
        return f"row {row.n} was edited"
    return ""


def _hash(row: Row) -> str:
    body = json.dumps(row[:8], sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(_DOMAIN + row.previous.encode() + b"\0" + body.encode()).hexdigest()


def _cut(value: str, width: int) -> str:
    """Printable and no longer than its column: a login that was tried may be anything."""
    return "".join(c if c.isprintable() else "\ufffd" for c in value[:width])


def _plain(value: object, depth: int = 0) -> Any:
    """What both databases give back exactly as they took it: no floats, no odd characters."""
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, int) and abs(value) < _EXACT:
        return value
    if isinstance(value, Mapping) and depth < _MOST_DEPTH:
        parts = list(value.items())[:_MOST_PARTS]
        return {_cut(str(key), 64): _plain(part, depth + 1) for key, part in parts}
    if isinstance(value, (list, tuple, set, frozenset)) and depth < _MOST_DEPTH:
        one_order = sorted(value, key=str) if isinstance(value, (set, frozenset)) else list(value)
        return [_plain(part, depth + 1) for part in one_order[:_MOST_PARTS]]
    return _cut(str(value), _MOST_TEXT)
