"""One unit of work: what a batch of messages or a tick of the clock changed, stored at once.

Owns the one transaction that writes everything about kiosks. Each kiosk is kept as it was stored
and as it is now; the difference is what is written. Memory learns of it only after the commit.
"""

from collections.abc import Iterable

from sqlalchemy import Connection

from controller import boots, changes, faults, flips, letters, readings, shut_out
from controller.changes import News
from controller.commands import heard
from controller.effects import Effects, Row
from controller.known import Known
from controller.memory import Memory
from controller.metrics import Counters
from controller.rollouts import heard as releases_heard
from controller.store.engine import upsert
from controller.store.tables import kiosk_status, thread, verdict
from controller.verdict import SERVICES


class Work:
    def __init__(self, memory: Memory) -> None:
        self._memory = memory
        self._before: dict[str, Known] = {}
        self._after: dict[str, Known] = {}
        self.effects = Effects()
        self.letters: list[Row] = []
        self.commands = heard.Outcome([], [], Counters())
        self.releases = releases_heard.Outcome([], [], Counters())

    @property
    def touched(self) -> Iterable[str]:
        return self._after.keys()

    @property
    def partitions(self) -> set[int]:
        return {one.partition for one in self._after.values()}

    def draft(self, name: str) -> Known | None:
        """A kiosk to think about; None when it is not registered."""
        known = self._after.get(name) or self._memory.get(name)
        return known.draft() if known else None

    def keep(self, draft: Known, effects: Effects) -> None:
        """The thinking ended well."""
        if draft.name not in self._before:
            known = self._memory.get(draft.name)
            self._before[draft.name] = known if known is not None else draft
        self._after[draft.name] = draft
        self.effects.add(effects)

    def store(self, conn: Connection, now: int) -> None:
        """Everything, in the caller's transaction."""
        pairs = [(self._before[name], after) for name, after in self._after.items()]
        _store_threads(conn, pairs)
        boots.store(conn, pairs)
        readings.store_latest(conn, pairs)
        readings.store_telemetry(conn, self.effects.telemetry)
        faults.store_turns(conn, self.effects.turns)
        faults.store_suspicions(conn, pairs)
        self.commands = heard.store(conn, self.effects.words, now)
        self.releases = releases_heard.store(conn, self.effects.releases, now)
        flips.store(conn, self.effects.flips)
        _store_verdicts(conn, pairs)
        moved = _store_status(conn, pairs)
        letters.store(conn, self.letters + self.commands.letters + self.releases.letters)
        shut_out.mute(conn, self.effects.mutes, now)
        changes.record_all(conn, self._news(pairs, moved), now)
        shut_out.quarantine(conn, self.effects.quarantines, now)  # last: it writes the audit log

    def settle(self) -> None:
        """The commit is done: this is what is stored now."""
        self._memory.keep(self._after.values())

    def undo(self) -> None:
        """Nothing is known for certain about these kiosks any more."""
        self._memory.forget(self._after)

    def _news(self, pairs: list[tuple[Known, Known]], moved: set[int]) -> list[News]:
        """One change a kiosk and batch, and one for each fault."""
        news = self.commands.news + self.releases.news
        news += [News("fault", turn.kiosk_id, turn.code) for turn in self.effects.turns]
        news += [News("kiosk", kiosk_id, "status") for kiosk_id in moved]
        flipped = {row["kiosk_id"] for row in self.effects.flips} - moved
        news += [News("kiosk", kiosk_id, "flip") for kiosk_id in flipped]
        told = (new.id for old, new in pairs if _stored_words(old, new))
        news += [News("kiosk", kiosk_id, "reading") for kiosk_id in {*told} - moved - flipped]
        return news


def _store_threads(conn: Connection, pairs: list[tuple[Known, Known]]) -> None:
    rows = [
        {"kiosk_id": new.id, **new.thread._asdict()}
        for old, new in pairs
        if new.thread is not None and (new.thread is not old.thread or new is old)
    ]
    if rows:
        conn.execute(upsert(conn, thread, ("kiosk_id",)), rows)


def _store_verdicts(conn: Connection, pairs: list[tuple[Known, Known]]) -> None:
    rows = [
        {"kiosk_id": new.id, "service": s, "answer": a.answer, "since": a.since, "why": a.why}
        for old, new in pairs
        if new.verdicts is not old.verdicts
        for s, a in new.verdicts.items()
        if a != old.verdicts.get(s)
    ]
    if rows:
        conn.execute(upsert(conn, verdict, ("kiosk_id", "service")), rows)


def _store_status(conn: Connection, pairs: list[tuple[Known, Known]]) -> set[int]:
    rows = [status_row(new) for old, new in pairs if _status_differs(old, new)]
    if rows:
        conn.execute(upsert(conn, kiosk_status, ("kiosk_id",)), rows)
    return {row["kiosk_id"] for row in rows}


def _status_differs(old: Known, new: Known) -> bool:
    return (
        old.presence is not new.presence
        or old.status is not new.status
        or old.verdicts is not new.verdicts
        or open_faults(old) != open_faults(new)
    )


def open_faults(known: Known) -> int:
    return sum(1 for one in known.faults.values() if one.state != "pending")


def status_row(known: Known) -> Row:
    answers = {s: known.verdicts[s].answer if s in known.verdicts else "unknown" for s in SERVICES}
    return {
        "kiosk_id": known.id,
        "presence": known.presence.state,
        "presence_since": known.presence.since,
        "presence_why": known.presence.why,
        "state": known.status.state,
        "state_since": known.status.since,
        "state_why": known.status.why,
        "open_faults": open_faults(known),
        **answers,
    }


def _stored_words(old: Known, new: Known) -> bool:
    """Whether any row of `latest` was written."""
    if len(old.latest) != len(new.latest):
        return True
    before = old.latest
    return any(
        probe not in before or last.stored_at != before[probe].stored_at
        for probe, last in new.latest.items()
    )
