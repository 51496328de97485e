"""One kiosk and one office, and everything that may come between them.

Hypothesis sends messages late, twice, out of order or never, restarts either side and rebuilds the
kiosk. Whatever it does: the facts stored are those the kiosk decided, each once, without a hole up
to where the office said it had them; and the thread only ever moves forward.
"""

import tempfile
from typing import Any

import msgspec
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from controller.store.migrate import migrate
from tests.support.office import Office, Teller, acks, facts_of, seen
from wire.messages import Flip, Up

STATES = ("ok", "warn", "fail", "unknown")


class Conversation(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self._folder = tempfile.TemporaryDirectory()
        url = f"sqlite:///{self._folder.name}/office.db"
        migrate(url)
        self.office = Office(url, "kiosk-1")
        self.wire: list[Up] = []
        self.kept: list[int] = []  # facts on the kiosk not yet acknowledged
        self.told = 0
        self.epochs = 0
        self.last: tuple[int, int] = (-1, -1)

    def teardown(self) -> None:
        self.office.engine.dispose()
        self._folder.cleanup()

    @initialize()
    def a_kiosk_is_made(self) -> None:
        self.the_kiosk_is_made_anew()

    @rule()
    def the_kiosk_is_made_anew(self) -> None:
        """A new memory: new epoch, facts from 1, and nothing of the old one is sent again."""
        self.epochs += 1
        self.kiosk = Teller("kiosk-1", epoch=f"{self.epochs:016x}")
        self.kept, self.told, self.last = [], 0, (-1, -1)
        self.wire.clear()
        self.wire.append(self.kiosk.birth(oldest=1))

    @rule()
    def the_kiosk_connects_again(self) -> None:
        """What was on its way is lost or not; the kiosk begins again with its oldest fact."""
        oldest = self.kept[0] if self.kept else self.kiosk.facts + 1
        self.wire.append(self.kiosk.birth(oldest=oldest))
        self.resend()

    @rule(state=st.sampled_from(STATES))
    def something_happens(self, state: Any) -> None:
        self.wire.append(self.kiosk.flip(seen("printer", state)))
        self.kept.append(self.kiosk.facts)

    @rule()
    def resend(self) -> None:
        for fact in self.kept:
            self.wire.append(self.kiosk.flip(seen("printer", "fail"), fact=fact))

    @rule()
    def the_kiosk_only_reads(self) -> None:
        self.wire.append(self.kiosk.well())

    @rule()
    def a_will_is_published(self) -> None:
        self.wire.append(self.kiosk.death())

    @precondition(lambda self: self.wire)
    @rule(data=st.data())
    def messages_are_lost(self, data: st.DataObject) -> None:
        del self.wire[data.draw(st.integers(0, len(self.wire) - 1))]

    @precondition(lambda self: self.wire)
    @rule(data=st.data())
    def a_message_arrives_early_and_again(self, data: st.DataObject) -> None:
        self.deliver([self.wire[data.draw(st.integers(0, len(self.wire) - 1))]])

    @precondition(lambda self: self.wire)
    @rule(data=st.data(), acked=st.booleans())
    def a_batch_arrives(self, data: st.DataObject, *, acked: bool) -> None:
        count = data.draw(st.integers(1, len(self.wire)))
        batch = self.wire[:count]
        if acked:  # otherwise the broker gives them again
            del self.wire[:count]
        self.deliver(batch)

    @rule()
    def the_office_restarts(self) -> None:
        self.office.restart()

    def deliver(self, batch: list[Up]) -> None:
        self.office.now += 1000
        self.kiosk.now = self.office.now
        done = self.office.take(self.kiosk, *batch)
        for payload in acks(done):
            ack = msgspec.json.decode(payload)
            if ack["epoch"] == self.kiosk.epoch:
                self.told = max(self.told, ack["upto"])
                self.kept = [fact for fact in self.kept if fact > ack["upto"]]

    @invariant()
    def every_fact_is_there_once_and_without_a_hole(self) -> None:
        stored = facts_of(self.office.engine, "kiosk-1")
        assert len(stored) == len(set(stored))
        for epoch in {epoch for epoch, _ in stored}:
            numbers = [fact for e, fact in stored if e == epoch]
            assert numbers == list(range(1, len(numbers) + 1))

    @invariant()
    def what_was_acknowledged_is_stored(self) -> None:
        ours = [f for e, f in facts_of(self.office.engine, "kiosk-1") if e == self.kiosk.epoch]
        assert ours[: self.told] == list(range(1, self.told + 1))

    @invariant()
    def the_thread_only_moves_forward(self) -> None:
        thread = self.office.known("kiosk-1").thread
        if thread is not None and thread.epoch == self.kiosk.epoch:
            assert (thread.birth, thread.seq) >= self.last
            self.last = (thread.birth, thread.seq)

    @invariant()
    def a_fact_never_lies_in_wait_for_ever(self) -> None:
        """What the kiosk keeps and the office lacks begins right where the office stopped."""
        lacking = [fact for fact in self.kept if fact > self.told]
        assert not lacking or lacking[0] == self.told + 1
        assert all(isinstance(m.fact, int) for m in self.wire if isinstance(m, Flip))


Conversation.TestCase.settings = settings(
    max_examples=25,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)
TestConversation = Conversation.TestCase
