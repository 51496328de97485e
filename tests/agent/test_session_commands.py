"""The conversation about commands: nonces, orders, how they get on, results among the facts."""

import random

import pytest

from agent.ended import Ended
from agent.session import Session, Standing, Under
from tests.agent.test_session import ABOUT, Kept, kinds
from wire.messages import Ack, Birth, NewPolicy, Orders, Progress, Rebirth, Result


@pytest.fixture
def kept() -> Kept:
    return Kept()


class Told:
    """Commands that say what the test wants."""

    def __init__(self) -> None:
        self.news: list[Under] = []
        self.heard_of: list[Orders | NewPolicy] = []
        self.births = 0

    @property
    def has_news(self) -> bool:
        return bool(self.news)

    def born(self) -> Standing:
        self.births += 1
        return Standing(f"{self.births:032x}", 3, 77)

    def heard(self, message: Orders | NewPolicy) -> bool:
        self.heard_of.append(message)
        return isinstance(message, NewPolicy)

    def take_news(self) -> Under | None:
        return self.news.pop(0) if self.news else None


ORDERS = Orders(signed="{}", key="0" * 16, signature="A" * 86 + "==")


def commanded() -> tuple[Kept, Told]:
    kept, told = Kept(), Told()
    about, rng = ABOUT, random.Random(1)
    kept.session = Session(about, kept.picture, kept.outbox, lambda: 7, rng, commands=told)
    kept.session.begin(1, 20, 0.0)
    return kept, told


def test_every_birth_carries_a_fresh_nonce_the_policy_and_the_highest_number() -> None:
    kept, _ = commanded()
    (first,) = kept.drain(0.0)
    kept.session.received(Rebirth(), 10.0)
    (second,) = kept.drain(10.0)
    assert isinstance(first, Birth)
    assert isinstance(second, Birth)
    assert (first.nonce, second.nonce) == (f"{1:032x}", f"{2:032x}")
    assert (second.policy, second.number) == (3, 77)


def test_orders_are_handed_on_and_how_they_get_on_is_said_before_the_facts() -> None:
    kept, told = commanded()
    kept.drain(0.0)
    kept.session.received(ORDERS, 1.0)
    assert told.heard_of == [ORDERS]
    end = Ended(command="c" * 32, state="failed", code="x", why="y", began=1, ended=2)
    kept.outbox.put_results([(end, lambda *_: None)])
    told.news.append(Under("c" * 32, "running", 40, "half"))
    assert kept.session.due(1.0) <= 1.0
    progress, result = kept.drain(1.0)
    assert isinstance(progress, Progress)
    assert (progress.percent, progress.note, progress.seq) == (40, "half", 1)
    assert isinstance(result, Result)
    assert (result.fact, result.state, result.code, result.seq) == (1, "failed", "x", 2)
    kept.session.received(Ack(epoch=ABOUT.epoch, upto=1), 2.0)
    assert kept.outbox.kept == 0


def test_another_policy_is_answered_with_a_birth_at_once() -> None:
    kept, _ = commanded()
    kept.drain(0.0)
    kept.session.received(NewPolicy(policy="{}", signatures=()), 0.1)
    assert kinds(kept.drain(0.1)) == ["Birth"]


def test_orders_after_the_connection_is_gone_are_nobody_s() -> None:
    kept, told = commanded()
    kept.session.lost()
    kept.session.received(ORDERS, 1.0)
    kept.session.say_birth(1.0)
    assert told.heard_of == []
    assert kept.session.due(1.0) == float("inf")


def test_a_kiosk_without_commands_says_no_nonce_and_hears_nothing(kept: Kept) -> None:
    (birth,) = kept.drain(0.0)
    assert isinstance(birth, Birth)
    assert birth.nonce == ""
    kept.session.received(ORDERS, 1.0)
    assert kept.drain(1.0) == []
