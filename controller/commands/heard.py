"""What kiosks said of their commands in one batch, stored at once.

Owns one query and one statement a batch, and neither when nobody spoke of commands. Runs inside
the transaction of controller/work.py, which acknowledges only what is stored. A word that is
refused becomes a dead letter and stops nobody.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, select

from controller.changes import News
from controller.commands import turns, words
from controller.commands.words import HEARD, Refused, Standing
from controller.effects import Row
from controller.letters import letter
from controller.metrics import Counters
from controller.store.command_tables import command, job
from controller.store.slices import slices
from wire import topics
from wire.codec import encode, kind_of
from wire.messages import Progress, Result

SLICE = 500  # as many as a batch has messages: all are locked in one order, see turns.lock
_COLUMNS = [
    *(command.c[name] for name in Standing._fields if name not in ("kind", "asked_at")),
    job.c.kind,
    job.c.asked_at,
]
# Built once: building a question costs more than the database's answer.
_STANDING = (
    select(*_COLUMNS)
    .join(job, job.c.id == command.c.job_id)
    .where(command.c.command_id.in_(bindparam("names", expanding=True)))
    .order_by(command.c.id)
    .with_for_update(of=command)
)


class Word(NamedTuple):
    """`fact`: the row of the timeline that a Result makes, still to be completed."""

    kiosk_id: int
    kiosk: str
    message: Progress | Result
    fact: Row | None = None


class Outcome(NamedTuple):
    """What else has to be stored and counted."""

    news: list[News]
    letters: list[Row]
    counters: Counters


def store(conn: Connection, said: Sequence[Word], now: int) -> Outcome:
    """In the caller's transaction. Completes the words' facts; `now` in milliseconds."""
    outcome = Outcome([], [], Counters())
    if not said:
        return outcome
    before = _load(conn, {one.message.command for one in said})
    after = dict(before)
    for one in said:
        _hear(after, one, outcome, now)
    moved = [_turn(before[name], row) for name, row in after.items() if row is not before[name]]
    turns.carry_out(conn, moved)
    outcome.news.extend(turns.news(moved))
    return outcome


def _hear(after: dict[str, Standing], word: Word, outcome: Outcome, now: int) -> None:
    message, old = word.message, after.get(word.message.command)
    try:
        new = words.hear(old, word.kiosk_id, message, now)
    except Refused as refused:
        _tell(word, old if refused.reason == "second_end" else None, message.state)
        outcome.counters.add("anjungan_command_refused_total", labels=f"reason={refused.reason}")
        if isinstance(message, Result):
            topic = topics.up(word.kiosk, kind_of(message))
            put_aside = letter(topic, encode(message), refused.reason, str(refused), now)
            outcome.letters.append(put_aside)
        return
    _tell(word, old, message.state)
    if new.ended_at is not None and new is not old and isinstance(message, Result):
        label = f"end={new.state}"
        outcome.counters.add("anjungan_commands_ended_total", labels=label)
        outcome.counters.add("anjungan_command_seconds_total", words.seconds(new))
    after[message.command] = new


def _tell(word: Word, old: Standing | None, said: str) -> None:
    """The fact is one of the kiosk's, whatever the office knows of its command."""
    if word.fact is not None:
        word.fact["subject"] = f"command:{old.kind if old is not None else 'unknown'}"
        word.fact["old"] = old.state if old is not None else "unknown"
        word.fact["new"] = said


def _turn(before: Standing, after: Standing) -> turns.Turn:
    """The table was asked when the word was heard."""
    heard: dict[str, Any] = {name: getattr(after, name) for name in HEARD}
    return turns.to(before, after.state, **heard)


def _load(conn: Connection, names: Iterable[str]) -> dict[str, Standing]:
    return {
        row.command_id: Standing(**row._mapping)  # noqa: SLF001 - its public name
        for some in slices(sorted(names), SLICE)
        for row in conn.execute(_STANDING, {"names": some})
    }
