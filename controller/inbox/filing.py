"""The office's own file numbers: the next one of a service's pattern, or one an officer typed.

Owns the table `file_series`. Numbers of one series (wire/service/template.py) count on together,
however many services have that pattern, and no two records of a tenant have the same. Gaps stay: a
record that is rejected later keeps its number, and a paper register may be ahead. Writers come one
by one (`audit.alone`): who looks whether a number is free may take it.
"""

import re
from itertools import count
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, and_, literal, select

from controller.inbox import known
from controller.inbox.shapes import Row
from controller.jobs.refused import Refused
from controller.store.citizen_tables import file_series, filed, submission
from controller.store.engine import upsert
from wire.service import days, template

GIVEN_AT: Final = ("processing", "ready")  # the first of these that an application comes to
LEAP: Final = 1_000
"""So far ahead a typed number takes the count with it: further off it is a slip of the hand."""


class _Pattern(NamedTuple):
    """Of one record's service, as far as it is filled by the record and the day."""

    tenant: str
    text: str
    series: str
    its: dict[str, Any]

    def number(self, serial: int) -> str:
        return template.file_number(self.text, serial=serial, **self.its)


def number_of(conn: Connection, row: Row, typed: str, new: str, now: int) -> str:
    """The number it has from now on, in state `new`; "" for none.

    Inside a `writing` transaction that is `audit.alone`. Raises Refused (`taken`).
    """
    if typed and typed != row.file_number:
        return _typed(conn, row, typed, now)
    pattern = _pattern(conn, row, now) if _is_due(row, new) else None
    if pattern is None:
        return row.file_number
    serial = _next(conn, pattern)
    _count(conn, pattern, serial)
    return pattern.number(serial)


def proposal(conn: Connection, row: Row, new: str, now: int) -> str:
    """What it would be given by now; "" for none. Another officer may be given it first."""
    pattern = _pattern(conn, row, now) if _is_due(row, new) else None
    return pattern.number(_next(conn, pattern)) if pattern else ""


def serial_in(series: str, number: str) -> int | None:
    """What a number of this series counts; None for a number of another."""
    first, *rest = map(re.escape, series.split(template.COUNT))
    found = re.fullmatch(first + r"(\d{1,9})" + r"\1".join(rest), number, re.ASCII)
    return int(found[1]) if found and rest else None


def follows(last: int, typed: int) -> int:
    """How far is counted once `typed` was typed: a register that was begun on paper goes on."""
    return max(last, typed) if not last or typed <= last + LEAP else last


def _is_due(row: Row, new: str) -> bool:
    return row.kind == "apply" and not row.file_number and new in GIVEN_AT


def _typed(conn: Connection, row: Row, typed: str, now: int) -> str:
    """Raises Refused."""
    if not _is_free(conn, row.tenant, typed):
        raise Refused("taken", f"another record of {row.tenant} has the file number {typed}")
    pattern = _pattern(conn, row, now)
    serial = serial_in(pattern.series, typed) if pattern else None
    if pattern and serial:
        _count(conn, pattern, follows(_last(conn, pattern), serial))
    return typed


def _pattern(conn: Connection, row: Row, now: int) -> _Pattern | None:
    """None for a service that has none, or one that was never checked."""
    service = known.service(conn, row.tenant, row.service, row.revision)
    if service is None or "{urut" not in service.number:
        return None
    today = days.from_millis(now, known.read_calendar(conn, row.tenant).offset_min)
    its: dict[str, Any] = {"code": service.code, "place": row.where, "day": today}
    try:
        found = _Pattern(row.tenant, service.number, template.series(service.number, **its), its)
    except template.TemplateError:
        return None
    return found if len(found.number(10**6)) <= template.MOST_NUMBER else None


def _next(conn: Connection, pattern: _Pattern) -> int:
    """Behind the last one; what somebody typed further on is passed over."""
    free = (n for n in count(_last(conn, pattern) + 1)
            if _is_free(conn, pattern.tenant, pattern.number(n)))  # fmt: skip
    return next(free)


def _is_free(conn: Connection, tenant: str, number: str) -> bool:
    same = and_(
        submission.c.tenant == tenant,
        filed(submission.c.file_number) == filed(literal(number)),
    )
    named = submission.c.file_number != ""  # as its index says
    return conn.scalar(select(submission.c.id).where(same, named).limit(1)) is None


def _last(conn: Connection, pattern: _Pattern) -> int:
    same = file_series.c.tenant == pattern.tenant, file_series.c.series == pattern.series
    return conn.scalar(select(file_series.c.last).where(*same)) or 0


def _count(conn: Connection, pattern: _Pattern, last: int) -> None:
    query = upsert(conn, file_series, ("tenant", "series"))
    conn.execute(query, {"tenant": pattern.tenant, "series": pattern.series, "last": last})
