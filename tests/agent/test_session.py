"""The conversation: in order, nothing skipped, nothing flooded, whatever is cut or lost."""

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule

from agent.band import worth_reporting
from agent.journal import Births, Journal
from agent.outbox import Outbox
from agent.picture import Picture
from agent.session import About, Session
from agent.store import MEMORY, Store
from tests.agent.observations import seen
from tests.agent.office import ModelBroker, ModelOffice
from wire.messages import (
    Ack,
    Birth,
    Flip,
    News,
    Observation,
    Present,
    Reading,
    Rebirth,
    RollCall,
    Up,
)

BANDS = {"printer": {"level": 5.0}, "disk": {}}
ABOUT = About("0123456789abcdef", "1", "boot", 0, 60)


class Kept:
    """A session over a real outbox in memory."""

    def __init__(self, window: int = 20) -> None:
        self.outbox = Outbox(Store(Path(MEMORY)))
        self.picture = Picture(BANDS)
        self.news: list[bool] = []
        self.session = Session(
            ABOUT,
            self.picture,
            self.outbox,
            lambda: 7,
            random.Random(1),
            news=lambda: self.news.append(True),
        )
        self.session.begin(1, window, 0.0)

    def drain(self, now: float, *, deliver: bool = True) -> list[Up]:
        messages = []
        while (message := self.session.next_message(now)) is not None:
            messages.append(message)
            if deliver:
                self.session.delivered()
        return messages


@pytest.fixture
def kept() -> Kept:
    return Kept()


def kinds(messages: list[Up]) -> list[str]:
    return [type(message).__name__ for message in messages]


def test_that_there_is_news_for_citizens_is_passed_on_and_says_nothing_back(kept: Kept) -> None:
    kept.drain(0.0)
    kept.session.received(News(), 1.0)
    assert kept.news == [True]
    assert kept.drain(1.0) == []


def test_a_connection_opens_with_birth_the_whole_picture_and_the_backlog(kept: Kept) -> None:
    kept.outbox.put("ok", seen("disk", "fail"))
    kept.picture.see(seen("disk"))
    kept.picture.see(seen("printer"))
    messages = kept.drain(0.0)
    assert kinds(messages) == ["Birth", "Reading", "Flip"]
    birth, reading, _ = messages
    assert isinstance(birth, Birth)
    assert birth.oldest_fact == 1
    assert isinstance(reading, Reading)
    assert reading.full


def test_sequence_numbers_have_no_hole_and_start_at_the_birth(kept: Kept) -> None:
    kept.picture.see(seen("disk"))
    kept.picture.see(seen("printer"))
    messages = kept.drain(0.0)
    kept.picture.see(seen("disk", "warn"))
    messages += kept.drain(1.0)
    assert [getattr(message, "seq", None) for message in messages] == [0, 1, 2]


def test_what_is_seen_before_every_probe_has_answered_is_told_without_waiting(kept: Kept) -> None:
    kept.picture.see(seen("disk"))
    _, partial = kept.drain(0.0)
    assert isinstance(partial, Reading)
    assert not partial.full
    kept.picture.see(seen("printer"))
    (full,) = kept.drain(0.1)
    assert isinstance(full, Reading)
    assert full.full
    assert len(full.observations) == 2


def test_while_the_line_is_down_only_the_newest_of_each_probe_waits(kept: Kept) -> None:
    kept.session.lost()
    for level in range(0, 100, 10):
        kept.picture.see(seen("printer", level=level))
    kept.picture.see(seen("disk"))
    assert kept.drain(1.0) == []
    kept.session.begin(2, 20, 2.0)
    messages = kept.drain(2.0)
    assert kinds(messages) == ["Birth", "Reading"]
    assert isinstance(messages[1], Reading)
    assert {one.probe: one.facts for one in messages[1].observations}["printer"] == {"level": 90}


def test_the_window_of_the_server_is_never_exceeded() -> None:
    kept = Kept(window=2)
    for _ in range(5):
        kept.outbox.put("ok", seen("disk", "fail"))
    assert len(kept.drain(0.0, deliver=False)) == 2
    assert kept.session.due(0.0) == float("inf")
    kept.session.delivered()
    assert len(kept.drain(0.0, deliver=False)) == 1


def test_a_refused_publish_pauses_and_begins_with_a_birth(kept: Kept) -> None:
    kept.outbox.put("ok", seen("disk", "fail"))
    kept.drain(0.0, deliver=False)
    kept.session.refused(1.0)
    assert kept.session.next_message(2.0) is None
    assert 3.0 < kept.session.due(2.0) <= 6.0
    assert kinds(kept.drain(6.0)) == ["Birth", "Flip"]


def refused_for_long(kept: Kept) -> float:
    """Nobody has listened for a while; now is in the middle of a long pause."""
    now = 0.0
    for _ in range(8):
        kept.session.next_message(now)
        kept.session.refused(now)
        now = kept.session.due(now)
    kept.session.next_message(now)
    kept.session.refused(now)
    assert kept.session.due(now) > now + 50
    return now + 1


def test_a_roll_call_ends_a_pause_within_seconds_and_the_birth_answers_it(kept: Kept) -> None:
    now = refused_for_long(kept)
    kept.session.received(RollCall(call="a", within_s=30), now)
    assert now <= kept.session.due(now) <= now + 5
    assert kinds(kept.drain(now + 5)) == ["Birth"]
    assert kept.drain(now + 40) == []


@pytest.mark.parametrize("word", [Rebirth(), Ack(epoch=ABOUT.epoch, upto=0)])
def test_a_word_of_the_office_to_this_kiosk_ends_a_pause_at_once(
    kept: Kept, word: Rebirth | Ack
) -> None:
    now = refused_for_long(kept)
    kept.session.received(word, now)
    assert kinds(kept.drain(now))[:1] == ["Birth"]


def test_an_old_roll_call_without_an_office_behind_it_costs_one_try(kept: Kept) -> None:
    now = refused_for_long(kept)
    kept.session.received(RollCall(call="a", within_s=30), now)
    now = kept.session.due(now)
    assert kept.session.next_message(now)
    kept.session.refused(now)
    assert kept.session.due(now) > now + 50


def test_an_acknowledged_fact_leaves_the_outbox(kept: Kept) -> None:
    kept.outbox.put("ok", seen("disk", "fail"))
    kept.drain(0.0)
    kept.session.received(Ack(epoch=ABOUT.epoch, upto=1), 0.5)
    assert kept.outbox.kept == 0


def test_an_acknowledgement_of_another_memory_removes_nothing(kept: Kept) -> None:
    kept.outbox.put("ok", seen("disk", "fail"))
    kept.drain(0.0)
    kept.session.received(Ack(epoch="f" * 16, upto=1), 0.5)
    assert kept.outbox.kept == 1


def test_row_62_without_acknowledgement_the_fact_is_sent_again_ever_more_rarely(kept: Kept) -> None:
    kept.outbox.put("ok", seen("disk", "fail"))
    kept.drain(0.0)
    assert kept.drain(19.9) == []
    assert kinds(kept.drain(20.0)) == ["Flip"]
    assert kept.drain(59.9) == []
    assert kinds(kept.drain(60.0)) == ["Flip"]


def test_a_roll_call_is_answered_once_within_its_time(kept: Kept) -> None:
    kept.drain(0.0)
    kept.session.received(RollCall(call="a", within_s=30), 10.0)
    at = kept.session.due(10.0)
    assert 10.0 <= at <= 40.0
    (present,) = kept.drain(at)
    assert isinstance(present, Present)
    assert kept.drain(at + 1) == []


def test_a_rebirth_is_answered_on_the_same_connection_with_the_next_number(kept: Kept) -> None:
    kept.picture.see(seen("disk"))
    kept.picture.see(seen("printer"))
    kept.drain(0.0)
    kept.session.received(Rebirth(), 10.0)
    birth, reading = kept.drain(10.0)
    assert isinstance(birth, Birth)
    assert (birth.birth, birth.seq) == (1, 2)
    assert isinstance(reading, Reading)
    assert reading.full


def test_an_office_that_knows_of_a_later_connection_has_overtaken_this_memory(kept: Kept) -> None:
    kept.drain(0.0)
    kept.session.received(Rebirth(birth=1, upto=9), 1.0)
    assert kept.session.overtaken is None  # an ordinary one: our own birth is known
    assert "Birth" in kinds(kept.drain(10.0))
    kept.session.received(Rebirth(birth=2, upto=9), 11.0)
    assert kept.session.overtaken == Rebirth(birth=2, upto=9)


def test_an_office_that_stored_facts_never_made_has_overtaken_this_memory(kept: Kept) -> None:
    kept.outbox.put("ok", seen("disk", "fail"))
    kept.drain(0.0)
    kept.session.received(Ack(epoch=ABOUT.epoch, upto=7), 1.0)
    assert kept.session.overtaken == Rebirth(birth=1, upto=7)
    assert kept.outbox.kept == 1


def test_an_office_that_asks_for_births_without_end_gets_one_in_five_seconds(kept: Kept) -> None:
    kept.drain(0.0)
    births = 0
    for second in range(1, 21):
        kept.session.received(Rebirth(), float(second))
        births += kinds(kept.drain(float(second))).count("Birth")
    assert births == 4


def test_an_office_restored_from_an_old_backup_is_told_where_to_go_on(kept: Kept) -> None:
    for _ in range(5):
        kept.outbox.put("ok", seen("disk", "fail"))
    kept.drain(0.0)
    kept.session.received(Ack(epoch=ABOUT.epoch, upto=5), 1.0)
    kept.outbox.put("ok", seen("disk", "ok"))
    kept.drain(40.0)
    kept.session.received(Ack(epoch=ABOUT.epoch, upto=2), 41.0)
    birth, flip = kept.drain(41.0)
    assert isinstance(birth, Birth)
    assert birth.oldest_fact == 6
    assert isinstance(flip, Flip)


def test_facts_dropped_for_lack_of_room_are_confessed_by_a_birth() -> None:
    kept = Kept()
    kept.outbox = Outbox(Store(Path(MEMORY)), capacity=100)
    kept.session = Session(ABOUT, kept.picture, kept.outbox, lambda: 7, random.Random(1))
    kept.session.begin(1, 20, 0.0)
    kept.drain(0.0)
    for _ in range(101):
        kept.outbox.put("ok", seen("disk", "fail"))
    messages = kept.drain(1.0)
    assert isinstance(messages[0], Birth)
    assert messages[0].oldest_fact == kept.outbox.oldest > 1


def test_the_whole_picture_is_told_again_within_six_hours(kept: Kept) -> None:
    kept.picture.see(seen("disk"))
    kept.picture.see(seen("printer"))
    kept.drain(0.0)
    assert kept.drain(5 * 3600.0) == []
    (full,) = kept.drain(6 * 3600.0)
    assert isinstance(full, Reading)
    assert full.full


class Conversation(RuleBasedStateMachine):
    """Kiosk, broker and office, cut wherever hypothesis likes."""

    @initialize()
    def start(self) -> None:
        self.broker, self.office = ModelBroker(), ModelOffice()
        self.store = Store(Path(MEMORY))
        self.happened: list[Observation] = []
        self.now = 0.0
        self.boot()

    def boot(self) -> None:
        births = Births(Journal(self.store))
        self.births, self.outbox = births, Outbox(self.store)
        self.picture = Picture(BANDS)
        about = ABOUT._replace(epoch=births.epoch)
        self.session = Session(about, self.picture, self.outbox, lambda: 0, random.Random(2))
        for probe in BANDS:
            self.picture.see(seen(probe))

    @rule()
    def power_cut(self) -> None:
        self.boot()

    @precondition(lambda self: not self.session.connected)
    @rule()
    def connect(self) -> None:
        self.session.begin(self.births.next(), 4, self.now)

    @rule()
    def cut(self) -> None:
        self.session.lost()

    @rule()
    def broker_dies(self) -> None:
        self.broker.crash()
        self.session.lost()

    @rule(probe=st.sampled_from(list(BANDS)), level=st.integers(0, 30))
    def sight(self, probe: str, level: int) -> None:
        self.picture.see(seen(probe, level=level))

    @rule(probe=st.sampled_from(list(BANDS)), state=st.sampled_from(["ok", "warn", "fail"]))
    def flip(self, probe: str, state: Any) -> None:
        fact = seen(probe, state, at=len(self.happened))
        self.picture.see(fact)
        self.outbox.put("unknown", fact)
        self.happened.append(fact)

    @rule(count=st.integers(1, 6))
    def publish(self, count: int) -> None:
        for _ in range(count):
            if (message := self.session.next_message(self.now)) is not None:
                self.broker.up.append(message)
                self.session.delivered()

    @rule()
    def refuse(self) -> None:
        if self.session.next_message(self.now) is not None:
            self.session.refused(self.now)

    @precondition(lambda self: self.broker.up)
    @rule(count=st.integers(1, 6), repeat=st.booleans())
    def office_hears(self, count: int, repeat: bool) -> None:  # noqa: FBT001
        for _ in range(min(count, len(self.broker.up))):
            message = self.broker.up.popleft()
            for _ in range(1 + repeat):
                self.broker.down.extend(self.office.hear(message))

    @precondition(lambda self: self.broker.down)
    @rule(lose=st.booleans())
    def kiosk_hears(self, lose: bool) -> None:  # noqa: FBT001
        answer = self.broker.down.popleft()
        if self.session.connected and not lose:
            self.session.received(answer, self.now)

    @rule(passed=st.sampled_from([0.5, 3.0, 25.0, 700.0]))
    def wait(self, passed: float) -> None:
        self.now += passed

    def quiet(self) -> None:
        """The line holds for as long as anything may still have to be said."""
        for _ in range(200):
            if not self.session.connected:
                self.connect()
            self.publish(50)
            if self.broker.up:
                self.office_hears(50, repeat=False)
            while self.broker.down:
                self.kiosk_hears(lose=False)
            self.now += 5.0

    def teardown(self) -> None:
        if not hasattr(self, "store"):
            return
        self.quiet()
        assert [fact for _, _, fact in self.office.facts] == self.happened
        assert self.office.lost_facts == 0
        assert self.outbox.kept == 0
        for probe, latest in self.picture.latest.items():
            assert not worth_reporting(self.office.picture[probe], latest, BANDS[probe])
        self.store.close()


TestConversation = Conversation.TestCase
TestConversation.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
