"""Waits that end when they must."""

import itertools
import os
import threading
import time

import pytest

from agent.actions.stop import Cancelled, Orphaned, Stop, TimeUp


def test_a_wait_lasts_as_long_as_it_says() -> None:
    began = time.monotonic()
    Stop(10).wait(0.05)
    assert time.monotonic() - began >= 0.05


def test_a_wish_to_cancel_ends_a_wait_at_once() -> None:
    stop = Stop(60)
    threading.Timer(0.05, stop.ask).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        stop.wait(30)
    assert time.monotonic() - began < 10


def test_the_commands_own_time_ends_a_wait() -> None:
    with pytest.raises(TimeUp):
        Stop(0.05).wait(30)


def test_too_late_is_answered_and_goes_on() -> None:
    told: list[str] = []
    stop = Stop(60, told.append)
    with stop.too_late("it is printing"):
        stop.ask()
        stop.ask()
        stop.wait(0.02)
    assert told == ["it is printing"]
    with pytest.raises(Cancelled):
        stop.check()


def test_nothing_irrevocable_begins_when_it_is_not_wanted() -> None:
    stop = Stop(60)
    stop.ask()
    with pytest.raises(Cancelled), stop.too_late("never"):
        raise AssertionError


def test_without_the_agent_nothing_goes_on() -> None:
    parents = itertools.chain([7, 7], itertools.repeat(1))
    stop = Stop(60, parent=lambda: next(parents))
    stop.check()
    with pytest.raises(Orphaned):
        stop.wait(5)


def test_until_says_whether_it_became_so() -> None:
    answers = iter([False, False, True])
    assert Stop(10).until(lambda: next(answers), 5, 0.01)
    assert not Stop(10).until(lambda: False, 0.05, 0.01)


def test_time_limits_never_reach_beyond_the_end_and_are_never_none() -> None:
    stop = Stop(2)
    assert stop.within(9) <= 2
    assert stop.within(1) == 1
    assert Stop(0).within(5) > 0


def test_a_wait_costs_no_processor_when_it_is_too_late() -> None:
    stop = Stop(60)
    with stop.too_late("it is printing"):
        stop.ask()
        before = os.times().user
        stop.wait(0.3)
        assert os.times().user - before < 0.2
