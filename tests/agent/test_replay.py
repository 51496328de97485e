"""Facts go back N."""

from pathlib import Path

import pytest

from agent.outbox import KeptFact, Outbox
from agent.replay import RETRY_READ_S, WINDOW, Replay
from agent.store import MEMORY, Store
from tests.agent.observations import seen


@pytest.fixture
def outbox() -> Outbox:
    return Outbox(Store(Path(MEMORY)))


def put(outbox: Outbox, count: int) -> None:
    for _ in range(count):
        outbox.put("ok", seen())


def sent(replay: Replay, now: float) -> list[int]:
    numbers = []
    while (fact := replay.next(now)) is not None:
        numbers.append(fact.number)
    return numbers


def test_no_more_than_a_window_is_sent_without_acknowledgement(outbox: Outbox) -> None:
    put(outbox, WINDOW + 10)
    replay = Replay(outbox)
    assert sent(replay, 0.0) == list(range(1, WINDOW + 1))
    assert replay.acknowledged(WINDOW, 1.0)
    assert sent(replay, 1.0) == list(range(WINDOW + 1, WINDOW + 11))


def test_an_office_that_is_away_is_probed_with_one_fact(outbox: Outbox) -> None:
    put(outbox, 5)
    replay = Replay(outbox)
    assert sent(replay, 0.0) == [1, 2, 3, 4, 5]
    assert replay.due() == 20.0
    assert sent(replay, 20.0) == [1]
    assert replay.due() == 60.0
    assert replay.acknowledged(1, 61.0)
    assert sent(replay, 61.0) == [2, 3]


def test_a_hole_at_the_office_makes_it_go_back_but_not_at_every_old_answer(outbox: Outbox) -> None:
    put(outbox, 5)
    replay = Replay(outbox)
    sent(replay, 10.0)
    replay.acknowledged(2, 11.0)
    replay.acknowledged(2, 12.0)
    assert sent(replay, 12.0) == [3, 4, 5]
    replay.acknowledged(2, 12.5)
    assert sent(replay, 12.5) == []


def test_an_acknowledgement_of_facts_never_made_changes_nothing(outbox: Outbox) -> None:
    put(outbox, 2)
    replay = Replay(outbox)
    sent(replay, 0.0)
    assert replay.acknowledged(99, 1.0)
    assert outbox.kept == 2


def test_what_the_office_has_already_is_not_sent_after_a_birth(outbox: Outbox) -> None:
    put(outbox, 5)
    replay = Replay(outbox)
    assert replay.acknowledged(3, 0.0)
    assert sent(replay, 0.0) == [4, 5]


class Unreadable(Outbox):
    def after(self, number: int, limit: int) -> list[KeptFact]:  # noqa: ARG002
        return []


def test_a_disk_that_cannot_be_read_is_asked_again_later(outbox: Outbox) -> None:
    put(outbox, 1)
    replay = Replay(Unreadable(outbox._store))
    assert sent(replay, 1.0) == []
    assert replay.due() == 1.0 + RETRY_READ_S
