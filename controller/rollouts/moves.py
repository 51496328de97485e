"""What a phase that opens, and a rollout that ends badly, mean for each kiosk.

A kiosk that was told goes back to what it had when it was told. One that had nothing, or may not go
back so far, is left as it is: it keeps what it installed, and does not switch any more. One that
was never told simply hears nothing. Writes `desired`, by want.py, and then `share`: in this order,
which is that of whoever hears kiosks, so that neither waits for the other. Inside a `writing`
transaction; who calls rings.
"""

from typing import Any, Final

from sqlalchemy import Connection, bindparam, func, select, update

from controller.rollouts import tally, want
from controller.rollouts.states import RolloutRow
from controller.rollouts.want import NEVER, Terms
from controller.store.identity_tables import identity
from controller.store.release_tables import desired, release, reported, share

_THIS: Final = (
    share.c.rollout_id == bindparam("the_rollout"),
    share.c.kiosk_id == bindparam("the_kiosk"),
)
_WANTED: Final = (
    update(share)
    .where(*_THIS, share.c.state == "waiting")
    .values(state="wanted", wanted_at=bindparam("at"), before_seq=bindparam("before"))
)


def open_phase(conn: Connection, found: RolloutRow, phase: int, now: int) -> int:
    """Its kiosks shall have the release: how many they are."""
    has = (reported.c.kiosk_id == share.c.kiosk_id) & (reported.c.bundle == found.bundle)
    query = select(share.c.kiosk_id, func.coalesce(reported.c.seq, 0))
    mine = (share.c.rollout_id == found.id, share.c.phase == phase, share.c.state == "waiting")
    rows = conn.execute(query.outerjoin_from(share, reported, has).where(*mine)).all()
    if not rows:
        return 0
    terms = Terms(found.not_before, found.plan["windows"])
    seqs = {row[0]: found.seq for row in rows}
    want.want(conn, found.bundle, seqs, now, rollout_id=found.id, terms=terms)
    at = {"the_rollout": found.id, "at": now}
    conn.execute(_WANTED, [at | {"the_kiosk": row[0], "before": row[1]} for row in rows])
    return len(rows)


def take_back(conn: Connection, found: RolloutRow, now: int) -> int:
    """Of everybody who was told: how many shall go back."""
    return _undo(conn, found, now, ("wanted", "installed", "rolled_back", "failed"))


def leave(conn: Connection, found: RolloutRow, now: int) -> int:
    """Of those who have not ended yet; who has it keeps it."""
    return _undo(conn, found, now, ("wanted",))


def _undo(conn: Connection, found: RolloutRow, now: int, states: tuple[str, ...]) -> int:
    rows = _told(conn, found, states)
    untold = [row.kiosk_id for row in rows if row.seen_at is None and not row.sends]
    told = [row for row in rows if row.seen_at is not None or row.sends]
    least = _least(conn, found)
    back = {row.kiosk_id: row.before_seq for row in told if row.before_seq >= max(1, least)}
    stay = {row.kiosk_id: found.seq for row in told
            if row.kiosk_id not in back and row.state == "wanted"}  # fmt: skip
    want.forget(conn, found.bundle, untold)
    want.want(conn, found.bundle, back, now, rollout_id=found.id)
    want.want(conn, found.bundle, stay, now, rollout_id=found.id, terms=Terms(NEVER))
    _mark(conn, found, back, back=True)
    _mark(conn, found, (row.kiosk_id for row in rows if row.state == "wanted"), state="waiting")
    return len(back)


def _told(conn: Connection, found: RolloutRow, states: tuple[str, ...]) -> list[Any]:
    """Shares whose desired word is still this rollout's: what came later is not undone."""
    same = (desired.c.kiosk_id == share.c.kiosk_id) & (desired.c.rollout_id == share.c.rollout_id)
    mine = (share.c.rollout_id == found.id, share.c.state.in_(states), share.c.back.is_(False))
    query = select(
        share.c.kiosk_id, share.c.state, share.c.before_seq, share.c.seen_at, desired.c.sends
    ).join_from(share, desired, same)
    rows = conn.execute(query.where(*mine, desired.c.bundle == found.bundle))
    return list(rows)


def _least(conn: Connection, found: RolloutRow) -> int:
    """Whoever has installed this release goes back to nothing older."""
    here = (release.c.bundle == found.bundle, release.c.seq == found.seq)
    about: dict[str, Any] = conn.scalar(select(release.c.about).where(*here)) or {}
    return int(about.get("min_seq", 0))


def _mark(conn: Connection, found: RolloutRow, kiosks: Any, **values: Any) -> None:
    rows = [{"the_rollout": found.id, "the_kiosk": one} for one in kiosks]
    if rows:
        conn.execute(update(share).where(*_THIS).values(values), rows)


def outstanding(found: RolloutRow) -> Any:
    """A query of kiosks that shall go back, have not, and are not shut out meanwhile."""
    has = (reported.c.kiosk_id == share.c.kiosk_id) & (reported.c.bundle == found.bundle)
    mine = (share.c.rollout_id == found.id, share.c.back.is_(True))
    gone = func.coalesce(reported.c.seq, 0) == share.c.before_seq
    theirs = identity.c.kiosk_id == share.c.kiosk_id
    query = select(share.c.kiosk_id).outerjoin_from(share, reported, has)
    return query.outerjoin(identity, theirs).where(*mine, ~gone, tally.admitted())
