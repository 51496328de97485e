"""What people see of rollouts. Reads only, and only what lies in the scope.

Texts and facts come from kiosks: hostile, whoever shows them escapes them.
"""

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from sqlalchemy import ColumnElement, Connection, Select, and_, case, func, or_, select

from controller.jobs.refused import Refused
from controller.kiosk_list import called_like
from controller.kiosk_page import kiosk_id
from controller.paging import Page
from controller.people.powers import Scope
from controller.rollouts import gate, states, tally
from controller.rollouts.shapes import (
    LIVING,
    ROLLOUT_STATES,
    SHARE_STATES,
    Compared,
    DecisionRow,
    Group,
    OfKiosk,
    PhaseRow,
    Rollout,
    RolloutQuery,
    RolloutRow,
    ShareQuery,
    ShareRow,
    Word,
)
from controller.rollouts.tally import Counted
from controller.scope import kiosks_within
from controller.store.release_tables import decision, desired, release, reported, rollout_approval
from controller.store.release_tables import rollout as rollout_
from controller.store.release_tables import share as share_
from controller.store.tables import kiosk, kiosk_status, site

__all__ = [
    "LIVING",
    "ROLLOUT_STATES",
    "SHARE_STATES",
    "Compared",
    "DecisionRow",
    "Group",
    "OfKiosk",
    "PhaseRow",
    "Rollout",
    "RolloutQuery",
    "RolloutRow",
    "ShareQuery",
    "ShareRow",
    "Word",
    "of_kiosk",
    "rollout",
    "rollouts",
    "shares",
]

MOST_DECISIONS: Final = 100
_RANK: Final = {state: rank for rank, state in enumerate(SHARE_STATES)}


def rollouts(conn: Connection, scope: Scope, query: RolloutQuery) -> Page[RolloutRow]:
    """Rollouts with a kiosk in the scope, newest first."""
    wanted = _filters(scope, query)
    total = conn.scalar(select(func.count()).select_from(rollout_).where(*wanted)) or 0
    found = select(rollout_).where(*wanted).order_by(rollout_.c.id.desc())
    rows = conn.execute(found.limit(query.size).offset((query.page - 1) * query.size)).all()
    return Page(_rows(conn, scope, rows), total, query.page, query.size)


def _filters(scope: Scope, query: RolloutQuery) -> list[ColumnElement[bool]]:
    wanted: list[ColumnElement[bool]] = []
    if query.states:
        wanted.append(rollout_.c.state.in_(query.states))
    if query.bundle:
        wanted.append(rollout_.c.bundle == query.bundle)
    if not scope.everywhere:
        theirs = kiosks_within(scope, share_.c.kiosk_id)
        mine = select(share_.c.kiosk_id).where(share_.c.rollout_id == rollout_.c.id, *theirs)
        wanted.append(mine.exists())
    return wanted


def _rows(conn: Connection, scope: Scope, rows: Iterable[Any]) -> list[RolloutRow]:
    found = list(rows)
    ids = [row.id for row in found]
    counts: dict[int, dict[str, int]] = defaultdict(dict)
    query = select(share_.c.rollout_id, share_.c.state, func.count())
    ours = (share_.c.rollout_id.in_(ids), *kiosks_within(scope, share_.c.kiosk_id))
    for row in conn.execute(query.where(*ours).group_by(share_.c.rollout_id, share_.c.state)):
        counts[row[0]][row[1]] = row[2]
    words = select(rollout_approval.c.rollout_id, func.count())
    words = words.where(rollout_approval.c.rollout_id.in_(ids))
    given = {row[0]: row[1] for row in conn.execute(words.group_by(rollout_approval.c.rollout_id))}
    names = [name for name in RolloutRow._fields if name in rollout_.c and name != "kiosks"]
    return [
        RolloutRow(
            **{name: getattr(row, name) for name in names},
            given=given.get(row.id, 0),
            phases=len(row.plan["phases"]) + 1,
            kiosks=sum(counts[row.id].values()),
            counts=counts[row.id],
        )
        for row in found
    ]


def rollout(conn: Connection, scope: Scope, rollout_id: int, now: int) -> Rollout:
    """Raises Refused (`unknown`), and Outside when no kiosk of it is in the scope.

    What the gate compares is of all its kiosks, wherever they stand.
    """
    found: Any = states.find(conn, rollout_id)
    states.reach(rollout_id).must_see(conn, scope)
    counted = tally.count(conn, found, now)
    words = select(rollout_approval.c.login, rollout_approval.c.at)
    words = words.where(rollout_approval.c.rollout_id == rollout_id)
    words = words.order_by(rollout_approval.c.at, rollout_approval.c.login)
    said = select(*(decision.c[name] for name in DecisionRow._fields))
    said = said.where(decision.c.rollout_id == rollout_id).order_by(decision.c.id.desc())
    return Rollout(
        row=_rows(conn, scope, [found])[0],
        asked=_asked(conn, scope, found),
        plan=found.plan,
        phases=_phases(conn, scope, found),
        compared=_compared(found, counted),
        decisions=[DecisionRow(*row) for row in conn.execute(said.limit(MOST_DECISIONS))],
        words=[Word(*row) for row in conn.execute(words)],
        ends=_ends(found, counted, now),
    )


def _asked(conn: Connection, scope: Scope, found: Any) -> dict[str, Any]:
    """Which kiosks were meant; of those that were named, the ones in the scope."""
    asked: dict[str, Any] = found.asked
    if scope.everywhere or not asked.get("kiosks"):
        return asked
    mine = (share_.c.rollout_id == found.id, *kiosks_within(scope, share_.c.kiosk_id))
    joined = kiosk.join(share_, share_.c.kiosk_id == kiosk.c.id)
    theirs = set(conn.scalars(select(kiosk.c.name).select_from(joined).where(*mine)))
    return {**asked, "kiosks": [name for name in asked["kiosks"] if name in theirs]}


def _phases(conn: Connection, scope: Scope, found: Any) -> list[PhaseRow]:
    back = func.sum(case((share_.c.back, 1), else_=0))
    query = select(share_.c.phase, share_.c.state, func.count(), back)
    mine = (share_.c.rollout_id == found.id, *kiosks_within(scope, share_.c.kiosk_id))
    counts: dict[int, list[Any]] = defaultdict(list)
    for row in conn.execute(query.where(*mine).group_by(share_.c.phase, share_.c.state)):
        counts[row[0]].append(row)
    planned = [*found.plan["phases"], {"bound": "", "asked": {}}]
    return [
        PhaseRow(
            number=number,
            bound=one["bound"],
            asked={} if one["bound"] else one["asked"],
            held_back=number == len(planned),
            open=number <= found.phase,
            kiosks=sum(row[2] for row in counts[number]),
            counts={row[1]: row[2] for row in counts[number]},
            back=sum(int(row[3]) for row in counts[number]),
        )
        for number, one in enumerate(planned, 1)
    ]


def _compared(found: Any, counted: Counted) -> Compared:
    seen = tally.seen(found, counted)
    limit = 0.0
    if found.phase:
        limit = gate.limit_of(found.phase, len(seen.phases), seen.looks, gate.LOOKS)
    updated, control = (Group(*one) for one in (counted.updated, counted.control))
    chance = gate.chance_of_difference(
        updated.bad, updated.kiosks, control.bad, control.kiosks
    )  # fmt: skip
    return Compared(updated, control, chance, limit * gate.PARTS["comparison"], seen.looks)


def _ends(found: Any, counted: Counted, now: int) -> int | None:
    """As long as the open phase took so far, or at least its soak, for each that is to come."""
    if found.state in ("finished", "rolled_back", "aborted", "refused"):
        return int(found.state_at)
    if found.state not in ("ready", "running"):
        return None
    soak = found.plan["soak_min"] * 60_000
    phases = tally.seen(found, counted).phases
    left = sum(1 for one in phases[max(1, found.phase) :] if one.kiosks)
    if not found.phase:
        return int(found.not_before + soak * (left + 1))
    spent = now - found.phase_at
    watched = max(0.05, min(1.0, phases[found.phase - 1].watched))
    whole = max(soak, int(spent / watched))
    return int(max(now, found.phase_at + whole) + left * max(soak, whole))


def shares(
    conn: Connection, scope: Scope, rollout_id: int, query: ShareQuery, now: int
) -> Page[ShareRow]:
    """By phase, then what needs people first. Raises as `rollout`."""
    found = states.find(conn, rollout_id)
    states.reach(rollout_id).must_see(conn, scope)
    wanted = [share_.c.rollout_id == rollout_id, *kiosks_within(scope, share_.c.kiosk_id)]
    if query.states:
        wanted.append(share_.c.state.in_(query.states))
    if query.phase:
        wanted.append(share_.c.phase == query.phase)
    if query.search.strip():
        wanted.append(share_.c.kiosk_id.in_(select(kiosk.c.id).where(called_like(query.search))))
    total = conn.scalar(select(func.count()).select_from(share_).where(*wanted)) or 0
    rank = case(_RANK, value=share_.c.state, else_=len(_RANK))
    rows = _shown(found, now).where(*wanted).order_by(share_.c.phase, rank, kiosk.c.name)
    page = rows.limit(query.size).offset((query.page - 1) * query.size)
    return Page([ShareRow(*row) for row in conn.execute(page)], total, query.page, query.size)


def _shown(found: Any, now: int) -> Select[Any]:
    """In the order of ShareRow. What the kiosk says counts while it speaks of this release."""
    speaks = and_(
        reported.c.kiosk_id == share_.c.kiosk_id,
        reported.c.bundle == found.bundle,
    )
    of_this = reported.c.wanted_seq == found.seq
    others: dict[str, ColumnElement[Any]] = {
        "kiosk": kiosk.c.name,
        "site_code": kiosk.c.site_code,
        "site_name": site.c.name,
        "presence": kiosk_status.c.presence,
        "verdict": tally.verdict(now),
        "install": case((of_this, reported.c.state), else_=""),
        "done": case((of_this, reported.c.done), else_=0),
        "total": case((of_this, reported.c.total), else_=0),
        "note": case((of_this, reported.c.why), else_=""),
        "now_seq": func.coalesce(reported.c.seq, 0),
    }
    own = (others.get(n, share_.c.get(n)) for n in ShareRow._fields)
    return (
        select(*own)  # type: ignore[arg-type]
        .select_from(share_)
        .join(kiosk, kiosk.c.id == share_.c.kiosk_id)
        .join(site, site.c.code == kiosk.c.site_code)
        .join(kiosk_status, kiosk_status.c.kiosk_id == share_.c.kiosk_id)
        .outerjoin(reported, speaks)
    )


def of_kiosk(conn: Connection, scope: Scope, kiosk_name: str) -> list[OfKiosk]:
    """By bundle. Raises Refused (`unknown`) and Outside."""
    number = kiosk_id(conn, scope, kiosk_name)
    if number is None:
        raise Refused("unknown", f"nobody registered a kiosk {kiosk_name[:40]!r}")
    wants = {
        row.bundle: row for row in conn.execute(select(desired).where(desired.c.kiosk_id == number))
    }
    says = {
        row.bundle: row
        for row in conn.execute(select(reported).where(reported.c.kiosk_id == number))
    }
    every = sorted(wants.keys() | says.keys())
    notes = _notes(conn, {(row.bundle, row.seq) for row in wants.values()})
    return [_of_kiosk(name, wants.get(name), says.get(name), notes) for name in every]


def _notes(conn: Connection, wanted: set[tuple[str, int]]) -> dict[tuple[str, int], str]:
    if not wanted:
        return {}
    these = or_(*(and_(release.c.bundle == b, release.c.seq == s) for b, s in sorted(wanted)))
    rows = conn.execute(select(release.c.bundle, release.c.seq, release.c.note).where(these))
    return {(row[0], row[1]): row[2] for row in rows}


def _of_kiosk(bundle: str, want: Any, said: Any, notes: dict[tuple[str, int], str]) -> OfKiosk:
    return OfKiosk(
        bundle=bundle,
        desired=want.seq if want else 0,
        attempt=want.attempt if want else 0,
        rollout_id=want.rollout_id if want else None,
        not_before=want.not_before if want else 0,
        windows=want.windows if want else [],
        due=want.due if want else None,
        reported=said.seq if said else 0,
        wanted=said.wanted_seq if said else 0,
        state=said.state if said else "",
        done=said.done if said else 0,
        total=said.total if said else 0,
        code=said.code if said else "",
        why=said.why if said else "",
        facts=said.facts if said else {},
        at=said.at if said else None,
        note=notes.get((bundle, want.seq), "") if want else "",
    )
