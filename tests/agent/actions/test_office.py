"""Handing in at the door: signed, again when it was away, and by the office's clock."""

import pytest

from agent.actions.base import Failed
from agent.actions.office import Ask, Away, Office
from tests.agent.actions.conftest import Bench
from tests.agent.actions.offices import OfficeDoor, an_office
from wire.door import ATTACHMENT_PATH, SPEED_PATH

HOURS_30 = 30 * 3_600_000


def at(bench: Bench, until_s: float = 20) -> Office:
    context = bench.context("screenshot", until_s=until_s)
    return Office(context.config, context.stop)


def test_what_is_handed_in_arrives_under_its_command(bench: Bench, office: OfficeDoor) -> None:
    stored = at(bench).hand_in("ab" * 16, b"picture", "image/jpeg", 15)
    assert stored.size == 7
    assert office.stored == [(f"command={'ab' * 16}", "image/jpeg", b"picture")]


def test_a_door_that_is_busy_is_asked_again(bench: Bench, office: OfficeDoor) -> None:
    office.busy = 1
    at(bench).hand_in("ab" * 16, b"x", "image/jpeg", 15)
    assert len(office.stored) == 1


def test_a_door_that_stays_away_is_given_up_within_the_commands_time(
    bench: Bench, office: OfficeDoor
) -> None:
    office.close()
    with pytest.raises(Failed) as failed:
        at(bench, 4).hand_in("ab" * 16, b"x", "image/jpeg", 15)
    assert failed.value.code == "door"


def test_a_kiosk_with_a_wrong_clock_hands_in_by_the_offices(bench: Bench) -> None:
    with an_office(bench, off_ms=300_000 * 2) as played:
        at(bench).hand_in("ab" * 16, b"x", "image/jpeg", 15)
        assert len(played.stored) == 1


def test_how_far_our_clock_is_off_is_known(bench: Bench) -> None:
    with an_office(bench, off_ms=60_000):
        assert abs(at(bench).time_off_ms() - 60_000) < 10_000


def test_a_kiosk_without_an_identity_hands_in_nothing(bench: Bench) -> None:
    with pytest.raises(Failed) as failed:
        at(bench)
    assert failed.value.code == "no_identity"


def test_no_more_is_read_than_was_asked_for(bench: Bench, office: OfficeDoor) -> None:
    assert office.url
    answer = at(bench).ask(Ask("GET", SPEED_PATH, "bytes=500000", most=1000))
    assert len(answer.body) < 100_000


def test_garbage_is_no_receipt(bench: Bench, office: OfficeDoor) -> None:
    office.close()
    with pytest.raises(Away):
        at(bench).ask(Ask("POST", ATTACHMENT_PATH))
