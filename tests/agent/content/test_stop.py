"""The wish to end, heard in every wait."""

import threading

import pytest

from agent.content.stop import Stop, Stopped


def test_a_wait_ends_when_it_is_true_or_when_time_is_up() -> None:
    stop = Stop()
    assert stop.until(lambda: True, 60)
    assert not stop.until(lambda: False, 0)


def test_whoever_is_asked_ends_at_the_next_safe_point() -> None:
    stop = Stop()
    stop.check()
    stop.ask(15, None)
    for wait in (stop.check, lambda: stop.pause(60), lambda: stop.until(lambda: True, 60)):
        with pytest.raises(Stopped):
            wait()


def test_a_long_pause_is_left_soon_after_it_was_asked() -> None:
    stop = Stop()
    threading.Timer(0.05, stop.ask).start()
    with pytest.raises(Stopped):
        stop.pause(60)
