"""The door by which everything enters the office: a batch of messages in, one transaction out.

Owns what is acknowledged: only what is stored. A message that cannot be read, is of nobody, or
breaks something is put aside as a dead letter and never stops the others. When the database is
away nothing is acknowledged and the batch may be given again.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Engine

from controller import flips
from controller.dispatch import OLD_MEMORY, Outgoing, mail
from controller.effects import Effects
from controller.flood import Flood, Said
from controller.hear import Moment, hear, hear_flood, hear_malformed
from controller.known import Known
from controller.leases import LeaseLost, Leases
from controller.letters import letter
from controller.memory import Memory
from controller.metrics import Counters
from controller.store import failures
from controller.store.engine import writing
from controller.store.failures import StoreAway, StoreBroken
from controller.work import Work
from wire.codec import decode_up
from wire.errors import MalformedMessage
from wire.messages import UP, Birth, Result, Up
from wire.topics import UpTopic, parse_up


class Incoming(NamedTuple):
    """One message as the broker gave it. `token` is the link's own, to acknowledge it by."""

    topic: str
    payload: bytes
    received: int
    late: bool
    token: Any


class Done(NamedTuple):
    """`stored` may be acknowledged; `lost` are of partitions that are no longer ours.

    `born`: kiosks that are to be told what is open for them. `answered`: some command of theirs
    has ended.
    """

    stored: list[Incoming]
    lost: frozenset[int]
    mail: list[Outgoing]
    born: frozenset[str] = frozenset()
    answered: frozenset[str] = frozenset()


class _Read(NamedTuple):
    """Nothing but a topic: of a kiosk that floods, until `muted` if that is news."""

    incoming: Incoming
    topic: UpTopic | None
    message: Up | None = None
    refusal: MalformedMessage | None = None
    muted: int = 0


class Ingest:
    """`clock` gives office milliseconds."""

    def __init__(
        self,
        engine: Engine,
        memory: Memory,
        leases: Leases,
        counters: Counters,
        clock: Callable[[], int],
        *,
        flood: Flood | None = None,
    ) -> None:
        self._flood = Flood() if flood is None else flood
        self._engine = engine
        self._memory = memory
        self._leases = leases
        self._counters = counters
        self._clock = clock

    def take(self, batch: list[Incoming]) -> Done:
        """Store a batch. Raises StoreAway or StoreBroken; then nothing of it is stored."""
        self._flood.begin()
        try:
            addressed = [_addressed(one) for one in batch]
            self._bring_to_mind({one.topic.kiosk for one in addressed if one.topic})
            read = [self._read(one) for one in addressed]
            done = self._store(read)
        except (StoreAway, StoreBroken):
            self._flood.undo()
            raise
        for one in read:
            kind = one.topic.kind if one.topic and one.topic.kind in UP else "other"
            self._counters.add("anjungan_messages_total", labels=f"kind={kind}")
        return done

    def _bring_to_mind(self, names: set[str]) -> None:
        """Before anything is weighed: how long they were not heard tells what may have waited."""
        if all(self._memory.get(name) for name in names):
            return
        try:
            with self._engine.connect() as conn:
                self._memory.load(conn, names)
        except Exception as error:  # noqa: BLE001 - storing meets what is no absence again
            failures.refuse(error)

    def _read(self, one: _Read) -> _Read:
        if one.topic is None:
            return one
        incoming, topic = one.incoming, one.topic
        if not self._admits(incoming, topic):
            return one._replace(muted=self._flood.sentence(topic.kiosk, incoming.received))
        try:
            return one._replace(message=decode_up(topic.kind, incoming.payload))
        except MalformedMessage as refusal:
            return one._replace(refusal=refusal)

    def _admits(self, one: Incoming, topic: UpTopic) -> bool:
        known = self._memory.get(topic.kiosk)
        heard = known.thread.last_heard if known and known.thread else one.received
        said = Said(topic.kiosk, topic.kind, len(one.payload), one.received - heard)
        return self._flood.admits(said, one.received)

    def _store(self, read: list[_Read]) -> Done:
        started = time.perf_counter()
        sitting = _Sitting(self._memory, Counters())
        try:
            with writing(self._engine) as conn:
                self._leases.check(conn, {r.topic.partition for r in read if r.topic})
                sitting.hear(conn, read)
                sitting.work.store(conn, self._clock())
        except LeaseLost as lost:
            sitting.work.undo()
            return self._without(read, lost)
        except Exception as error:  # noqa: BLE001 - sorted by what it means, never swallowed
            sitting.work.undo()
            return self._failed(read, error)
        sitting.work.settle()
        self._flood.carried_out({r.topic.kiosk: r.muted for r in read if r.topic and r.muted})
        self._count(sitting, len(read), time.perf_counter() - started)
        answers = mail(sitting.acks.values(), sitting.rebirths)
        born, answered = frozenset(sitting.born), frozenset(sitting.answered)
        return Done([one.incoming for one in read], frozenset(), answers, born, answered)

    def _without(self, read: list[_Read], lost: LeaseLost) -> Done:
        self._counters.add("anjungan_lease_lost_total", len(lost.partitions))
        self._memory.forget_partitions(lost.partitions)
        ours = [one for one in read if not one.topic or one.topic.partition not in lost.partitions]
        done = self._store(ours)
        return done._replace(lost=done.lost | lost.partitions)

    def _failed(self, read: list[_Read], error: Exception) -> Done:
        self._counters.add("anjungan_commit_failures_total")
        failures.refuse(error)
        if len(read) == 1:
            return self._put_aside(read[0], error)
        middle = len(read) // 2
        first, second = self._store(read[:middle]), self._store(read[middle:])
        return Done(
            first.stored + second.stored,
            first.lost | second.lost,
            first.mail + second.mail,
            first.born | second.born,
            first.answered | second.answered,
        )

    def _put_aside(self, one: _Read, error: Exception) -> Done:
        """The one message that cannot be stored, nor even its letter with what it changed."""
        detail = f"{type(error).__name__}: {failures.reason(error)}"
        if one.refusal is not None and one.refusal.reason == "poison":
            raise StoreAway(detail) from error  # not the message's fault: nothing can be stored
        refusal = MalformedMessage("poison", detail)
        return self._store([_Read(one.incoming, None, None, refusal)])

    def _count(self, sitting: "_Sitting", messages: int, seconds: float) -> None:
        self._counters.merge(sitting.counters)
        self._counters.merge(sitting.work.commands.counters)
        self._counters.merge(sitting.work.releases.counters)
        self._counters.add("anjungan_batches_total")
        self._counters.add("anjungan_batch_messages_total", messages)
        self._counters.set("anjungan_batch_messages_last", messages)
        self._counters.add("anjungan_commit_seconds_total", seconds)
        self._counters.set("anjungan_commit_seconds_last", seconds)


def _addressed(one: Incoming) -> _Read:
    try:
        return _Read(one, parse_up(one.topic))
    except MalformedMessage as refusal:
        return _Read(one, None, None, refusal)


def _begins(draft: Known, message: Up, was: str) -> bool:
    """Whether orders are due: after a birth, also one said twice, and when it is found again."""
    if isinstance(message, Birth):
        return draft.thread is not None and message.nonce == draft.thread.nonce
    return was != "online" and draft.presence.state == "online"


class _Sitting:
    """One batch being heard. Thrown away whole when its transaction fails, counts and all."""

    def __init__(self, memory: Memory, counters: Counters) -> None:
        self.memory = memory
        self.work = Work(memory)
        self.counters = counters
        self.acks: dict[str, Known] = {}
        self.rebirths: list[tuple[Known, str]] = []
        self.born: set[str] = set()
        self.answered: set[str] = set()
        self._stored: dict[tuple[int, str], int] = {}

    def hear(self, conn: Connection, read: list[_Read]) -> None:
        self.memory.load(conn, (one.topic.kiosk for one in read if one.topic))
        self._stored = flips.highest_facts(conn, list(self._new_epochs(read)))
        for one in read:
            try:
                self._one(one)
            except Exception as error:  # noqa: BLE001 - put aside: it must not stop the others
                self.counters.add("anjungan_poisoned_total")
                self._aside(one.incoming, "poison", f"{type(error).__name__}: {error}")

    def _one(self, one: _Read) -> None:
        draft = self.work.draft(one.topic.kiosk) if one.topic else None
        if one.refusal is not None:
            self._refuse(one.incoming, one.refusal, draft)
        elif draft is None:
            self.counters.add("anjungan_unknown_kiosk_total")
            self._aside(one.incoming, "unknown_kiosk", one.topic.kiosk if one.topic else "")
        elif one.message is not None:
            self._heard(draft, one.message, one.incoming)
        else:
            self._flooded(draft, one)

    def _flooded(self, draft: Known, one: _Read) -> None:
        self.counters.add("anjungan_flooded_total")
        if one.muted:
            effects = hear_flood(draft, one.muted, one.incoming.received)
            self.work.keep(draft, effects)
            self._count(effects)

    def _heard(self, draft: Known, message: Up, incoming: Incoming) -> None:
        stored = self._stored.get((draft.id, message.epoch), 0)
        was = draft.presence.state
        heard = hear(draft, message, Moment(incoming.received, incoming.late, stored))
        self.work.keep(draft, heard.effects)
        self.counters.add("anjungan_outcome_total", labels=f"outcome={heard.outcome}")
        if heard.missing:
            self.counters.add("anjungan_missing_total", heard.missing)
        if heard.ack:
            self.acks[draft.name] = draft
            self.counters.add("anjungan_acks_total")
        elif draft.name in self.acks:
            self.acks[draft.name] = draft
        if _begins(draft, message, was):
            self.born.add(draft.name)
        if isinstance(message, Result) and heard.outcome == "accepted":
            self.answered.add(draft.name)
        if heard.rebirth:
            self.rebirths.append((draft, heard.rebirth))
            self.counters.add("anjungan_rebirths_total")
        if heard.rebirth == OLD_MEMORY:
            self._aside(
                incoming, "old_memory", "the kiosk was put back to an older copy of its disk"
            )
        self._count(heard.effects)

    def _refuse(self, one: Incoming, refusal: MalformedMessage, draft: Known | None) -> None:
        self.counters.add("anjungan_malformed_total", labels=f"reason={refusal.reason}")
        self._aside(one, refusal.reason, refusal.detail)
        if draft is not None:
            effects = hear_malformed(draft, refusal.reason, refusal.detail, one.received)
            self.work.keep(draft, effects)
            self._count(effects)

    def _aside(self, one: Incoming, reason: str, detail: str) -> None:
        self.work.letters.append(letter(one.topic, one.payload, reason, detail, one.received))

    def _count(self, effects: Effects) -> None:
        for turn in effects.turns:
            label = "turn=opened" if turn.opened else "turn=cleared"
            self.counters.add("anjungan_faults_total", labels=label)
        facts = sum(1 for row in effects.flips if row["fact"] is not None)
        if facts:
            self.counters.add("anjungan_facts_total", facts)

    def _new_epochs(self, read: list[_Read]) -> Iterable[tuple[int, str]]:
        """Epochs that begin, or begin again: some of their facts may be stored already."""
        for one in read:
            if isinstance(one.message, Birth) and one.topic:
                known = self.memory.get(one.topic.kiosk)
                if known and not (known.thread and known.thread.epoch == one.message.epoch):
                    yield known.id, one.message.epoch
