"""Counts the kiosks of a rollout for the gate: one query, nothing kept; and what is seen meanwhile.

What a kiosk does for citizens is told by its four verdicts: `unserved` when any of them is no. It
is `silent` when it has been offline for longer than is usual for it; while the office itself is
deaf nobody is. A kiosk can be compared when citizens were served there as the rollout began. Whom
people have shut out of the fleet meanwhile is not counted at all: that is no word about a release.
"""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, and_, bindparam, case, func, or_, select, update

from controller.rollouts import usual
from controller.rollouts.gate import Group, Rules, Seen, Tally
from controller.rollouts.states import RolloutRow
from controller.store.identity_tables import identity
from controller.store.release_tables import desired, share
from controller.store.tables import kiosk_status

_VERDICTS: Final = tuple(kiosk_status.c[n] for n in ("inform", "apply", "complain", "watch"))
_ONLINE: Final = kiosk_status.c.presence == "online"
_DENIED: Final = or_(*(one == "no" for one in _VERDICTS))
_SERVES: Final = and_(_ONLINE, or_(*(one == "yes" for one in _VERDICTS)))
SHUT: Final = ("quarantined", "revoked", "decommissioned")  # of IDENTITY
_MINUTE: Final = 60_000
_AT_ONCE: Final = 400


class Counted(NamedTuple):
    """`phases` from the first on, those held back last; groups as the gate compares them."""

    phases: list[Tally]
    updated: Group
    control: Group


def verdict(now: int) -> ColumnElement[str]:
    """served, unserved, silent or unknown; for a query of share joined with kiosk_status."""
    return case(
        (and_(kiosk_status.c.presence == "offline", _long_gone(now)), "silent"),
        (and_(_ONLINE, _DENIED), "unserved"),
        (_ONLINE, "served"),
        else_="unknown",
    )


def admitted() -> ColumnElement[bool]:
    """Not shut out; for a query that is joined with `identity` as far as there is one."""
    return or_(identity.c.state.is_(None), identity.c.state.not_in(SHUT))


def _long_gone(now: int) -> ColumnElement[bool]:
    return kiosk_status.c.presence_since < now - share.c.usual_ms


def count(conn: Connection, found: RolloutRow, now: int) -> Counted:
    """Of every phase of the plan, empty ones too."""
    phases: dict[int, dict[str, Any]] = defaultdict(lambda: defaultdict(int))
    groups: dict[bool, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    soak = found.plan["soak_min"] * _MINUTE
    for row in conn.execute(_counted(found.id, soak, now)):
        _add_to_phase(phases[row.phase], row)
        updated = row.phase <= found.phase
        if row.well_before and (row.told or not updated):
            _add_to_group(groups[updated], row)
    many = len(found.plan["phases"]) + 1
    return Counted(
        [_tally(phases[number], soak) for number in range(1, many + 1)],
        Group(**groups[True]),
        Group(**groups[False]),
    )


def seen(found: RolloutRow, counted: Counted) -> Seen:
    looks = found.plan.get("looks", {}).get(str(found.phase), 0)
    return Seen(_closed(counted.phases), found.phase, counted.updated, counted.control, looks)


def _closed(phases: Sequence[Tally]) -> Sequence[Tally]:
    """Where nobody is held back there is no phase for them."""
    return phases if phases[-1].kiosks else phases[:-1]


def rules(found: RolloutRow) -> Rules:
    plan = found.plan
    return Rules(
        patience_ms=plan["patience_h"] * 60 * _MINUTE,
        stop_percent=plan["stop_percent"],
        phase_at=max(found.phase_at, plan.get("patient_from", 0)),
        pardoned=plan.get("pardoned", 0),
        trusted=plan.get("trusted", 0),
    )


def _counted(rollout_id: int, soak: int, now: int) -> Any:
    """Few rows: kiosks by all that the gate tells apart."""
    soaked_at = share.c.settled_at + soak
    watched = and_(soaked_at <= now, or_(_ONLINE, kiosk_status.c.presence_since >= soaked_at))
    installed = share.c.state == "installed"
    silent = and_(kiosk_status.c.presence == "offline", _long_gone(now))
    left = and_(share.c.seen_at.is_not(None), ~_ONLINE, ~silent)
    gone = and_(left, or_(share.c.state == "wanted", and_(installed, ~watched)))
    so_far = case((soaked_at <= now, soak), else_=now - share.c.settled_at)
    return (
        select(
            share.c.phase,
            share.c.state,
            share.c.well_before,
            share.c.seen_at.is_not(None).label("told"),
            _ONLINE.label("online"),
            verdict(now).label("verdict"),
            func.count().label("many"),
            func.sum(case((and_(installed, watched), 0), (installed, 1), else_=0)).label("soaking"),
            func.sum(case((gone, 1), else_=0)).label("gone"),
            func.max(case((installed, soaked_at))).label("soaked_at"),
            func.sum(case((installed, so_far), else_=0)).label("watched_ms"),
        )
        .join_from(share, kiosk_status, kiosk_status.c.kiosk_id == share.c.kiosk_id)
        .outerjoin(identity, identity.c.kiosk_id == share.c.kiosk_id)
        .where(share.c.rollout_id == rollout_id, admitted())
        .group_by(share.c.phase, share.c.state, share.c.well_before, "told", "online", "verdict")
    )


def _add_to_phase(one: dict[str, Any], row: Any) -> None:
    name = _place(row)
    one["kiosks"] += row.many
    one[name] += row.many
    one["gone"] += row.gone
    if name == "installed":
        one["soaking"] += row.soaking
        one["soaked_at"] = max(one["soaked_at"], row.soaked_at)
        one["watched_ms"] += row.watched_ms


def _place(row: Any) -> str:
    """Which field of a Tally these kiosks are counted in."""
    if row.state in ("rolled_back", "failed"):
        return "returned" if row.state == "rolled_back" else "failed"
    if row.told and row.verdict == "silent":
        return "silent"
    if row.state == "wanted":
        return "working" if row.told or row.online else "away"
    return str(row.state)


def _tally(one: dict[str, Any], soak: int) -> Tally:
    watched = float(one.pop("watched_ms", 0))
    ended = one["returned"] + one["failed"] + one["silent"]
    share_of = (watched / soak if soak else one["installed"]) + ended
    share = share_of / one["kiosks"] if one["kiosks"] else 1.0  # an empty phase is watched
    return Tally(**one, watched=share)


def _add_to_group(group: dict[str, int], row: Any) -> None:
    group["kiosks"] += row.many
    bad = "returned" if row.state == "rolled_back" else row.verdict
    if bad in ("returned", "silent", "unserved"):
        group["bad"] += row.many
        group[bad] += row.many


def begin(conn: Connection, rollout_id: int, now: int) -> None:
    """How each kiosk is before anything is wanted of it, held back or not."""
    mine = share.c.rollout_id == rollout_id
    ids = list(conn.scalars(select(share.c.kiosk_id).where(mine)))
    this = (mine, share.c.kiosk_id == bindparam("the_kiosk"))
    values = [{"the_kiosk": one, "ms": ms} for one, ms in usual.of(conn, ids, now).items()]
    if values:
        conn.execute(update(share).where(*this).values(usual_ms=bindparam("ms")), values)
    look(conn, rollout_id, now)


def look(conn: Connection, rollout_id: int, now: int) -> None:
    """Whoever is there for the first time since: whether it serves, and that it was told."""
    mine, this = share.c.rollout_id == rollout_id, kiosk_status.c.kiosk_id == share.c.kiosk_id
    for well, so in ((False, and_(_ONLINE, _DENIED)), (True, _SERVES)):
        new = (mine, share.c.well_before.is_(None), share.c.state.in_(("waiting", "wanted")))
        here = select(kiosk_status.c.kiosk_id).where(this, so).exists()
        conn.execute(update(share).where(*new, here).values(well_before=well))
    said = (desired.c.kiosk_id == share.c.kiosk_id, desired.c.rollout_id == share.c.rollout_id)
    told = select(desired.c.kiosk_id).where(*said, desired.c.sends > 0).exists()
    there = select(kiosk_status.c.kiosk_id).where(this, _ONLINE).exists()
    unseen = (mine, share.c.state == "wanted", share.c.seen_at.is_(None))
    conn.execute(update(share).where(*unseen, told, there).values(seen_at=now))
