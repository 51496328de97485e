"""A load kiosk answers each order once, and says its facts until the office has them."""

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as some

from provisioning.players.answers import Answers, Heard, Manner, Manners
from tests.support.signing import Ceremony
from wire.errors import MalformedMessage

NONCE = "ab" * 16
CEREMONY = Ceremony()


def batch(*commands: str, nonce: str = NONCE) -> str:
    made = [CEREMONY.envelope("load-00001", command=one, number=7) for one in commands]
    return CEREMONY.orders("load-00001", nonce, *made).signed


def one(number: int) -> str:
    return f"{number:032x}"


def test_each_envelope_is_answered_once_however_often_it_is_said() -> None:
    answers = Answers()
    heard = answers.hear(batch(one(1), one(2)), NONCE)
    assert heard == Heard(2, [one(1), one(2)], [])
    for command in heard.now:
        answers.end(command, 5)
    assert answers.hear(batch(one(1), one(2)), NONCE) == Heard(2, [], [])
    assert [kept.command for kept in answers.send()] == [one(1), one(2)]
    assert answers.number == 7


def test_what_was_stored_and_is_asked_again_is_said_as_a_new_fact() -> None:
    answers = Answers()
    answers.end(one(1), 5)
    answers.send()
    answers.acknowledged(1)
    heard = answers.hear(batch(one(1)), NONCE)
    assert heard is not None
    assert heard.now == [one(1)]
    answers.end(one(1), 5)
    assert [kept.fact for kept in answers.send()] == [2]


def test_orders_of_another_connection_are_nothing() -> None:
    assert Answers().hear(batch(one(1), nonce="00" * 16), NONCE) is None


def test_what_is_no_batch_is_malformed() -> None:
    with pytest.raises(MalformedMessage):
        Answers().hear('{"open":7}', NONCE)


def test_the_slow_begin_once_and_the_silent_say_nothing() -> None:
    slow = Answers("slow")
    assert slow.hear(batch(one(1)), NONCE) == Heard(1, [], [one(1)])
    assert slow.hear(batch(one(1)), NONCE) == Heard(1, [], [])
    assert Answers("silent").hear(batch(one(1)), NONCE) == Heard(1, [], [])


def test_a_hole_and_a_birth_go_back_to_the_oldest() -> None:
    answers = Answers("failing")
    for number in (1, 2, 3):
        answers.end(one(number), 5)
    assert [kept.fact for kept in answers.send()] == [1, 2, 3]
    assert answers.acknowledged(1)
    assert not answers.acknowledged(1)
    answers.go_back()
    assert [(kept.fact, kept.state) for kept in answers.send()] == [(2, "failed"), (3, "failed")]
    assert (answers.oldest, answers.owed) == (2, 2)


@given(some.lists(some.one_of(some.just("end"), some.integers(0, 80)), max_size=60))
def test_facts_go_out_in_order_without_a_hole(steps: list[str | int]) -> None:
    answers, last, sent = Answers(), 0, 0
    for step in steps:
        if step == "end":
            last += 1
            answers.end(one(last), 5)
        elif not answers.acknowledged(int(step)):
            answers.go_back()
            sent = answers.oldest - 1
        sent = max(sent, answers.oldest - 1)
        numbers = [kept.fact for kept in answers.send()]
        assert numbers == list(range(sent + 1, sent + 1 + len(numbers)))
        sent += len(numbers)
        assert answers.owed == last - answers.oldest + 1


@pytest.mark.parametrize("manner", ["silent", "slow", "failing", "good"])
def test_shares_are_kept(manner: Manner) -> None:
    manners, dice = Manners(silent=0.25, slow=0.25, failing=0.25), Random(7)
    drawn = [manners.of(dice) for _ in range(2000)]
    assert 400 < drawn.count(manner) < 600
