"""Counts the commands of a job by wave for the gate: one query, nothing kept.

Silence is computed here: open, its kiosk online, and past its usual time since it was sent.
"""

from collections import defaultdict
from typing import Any, Final

from sqlalchemy import Connection, and_, case, func, select

from controller.jobs.gate import Rules, Tally
from controller.jobs.states import JobRow
from controller.store.command_tables import command
from controller.store.tables import kiosk_status
from wire.actions import KINDS
from wire.lifecycle import OPEN

TAKING_MS: Final = 60_000  # so long may a kiosk that is online take to accept
_FAILED: Final = frozenset({"failed", "rejected", "unknown", "silent"})
_GONE: Final = frozenset({"expired", "overdue", "cancelled"})


def waves(conn: Connection, found: JobRow, now: int) -> list[Tally]:
    """One for each wave of the job, the first first."""
    usual = KINDS[found.kind].all_s * 1000 + TAKING_MS if found.kind in KINDS else TAKING_MS
    online = kiosk_status.c.presence == "online"
    late = and_(online, command.c.sent_at.is_not(None), command.c.sent_at < now - usual)
    query = (
        select(
            command.c.wave,
            command.c.state,
            case((late, 2), (online, 1), else_=0).label("there"),
            func.count().label("many"),
            func.max(command.c.ended_at).label("last_end"),
        )
        .join_from(command, kiosk_status, kiosk_status.c.kiosk_id == command.c.kiosk_id)
        .where(command.c.job_id == found.id)
        .group_by(command.c.wave, command.c.state, "there")
    )
    sums: dict[int, dict[str, int]] = defaultdict(lambda: dict.fromkeys(Tally._fields, 0))
    for row in conn.execute(query):
        _add(sums[row.wave], row)
    return [Tally(**sums[wave]) for wave in range(1, max(sums, default=0) + 1)]


def rules(found: JobRow) -> Rules:
    plan = found.plan
    return Rules(
        pause_ms=plan["pause_s"] * 1000,
        stop_percent=plan["stop_failed_percent"],
        stop_count=plan["stop_failed_count"],
        canary=found.power == "destructive",
        pardoned=plan.get("pardoned", 0),
        trusted=plan.get("trusted", 0),
    )


def _add(one: dict[str, int], row: Any) -> None:
    one["kiosks"] += row.many
    one["last_end"] = max(one["last_end"], row.last_end or 0)
    if row.state in OPEN:
        names = ("away",), ("working",), ("silent", "failed")
        for name in names[row.there]:
            one[name] += row.many
    elif row.state in _FAILED:
        one["failed"] += row.many
    elif row.state in _GONE:
        one["gone"] += row.many
    else:
        one[row.state] += row.many
