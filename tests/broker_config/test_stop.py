"""A stop that comes at the worst moment is still heard."""

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from broker_config.stop import Stop

STORM = 3000


@pytest.fixture
def stop() -> Iterator[Stop]:
    before = signal.getsignal(signal.SIGUSR1)
    yield Stop()
    signal.signal(signal.SIGUSR1, before)


def test_it_waits_no_longer_than_told(stop: Stop) -> None:
    assert stop.wait(0.01) is False
    assert not stop.is_set()


def test_what_was_set_before_is_not_waited_for(stop: Stop) -> None:
    stop.set()
    assert stop.wait() is True
    assert stop.wait() is True, "it stays set"


def test_a_signal_ends_the_waiting(stop: Stop) -> None:
    stop.obey([signal.SIGUSR1])
    threading.Timer(0.05, os.kill, (os.getpid(), signal.SIGUSR1)).start()
    assert stop.wait(20) is True


def test_a_storm_of_signals_at_any_moment_of_the_waiting_ends_well(stop: Stop) -> None:
    stop.obey([signal.SIGUSR1])
    sent = threading.Thread(target=_storm)
    sent.start()
    while sent.is_alive():
        stop.wait(0)
        stop._set = False  # wait anew, so that every moment of it is struck
    stop.set()
    assert stop.wait(20) is True, "and is not confused by it"


def _storm() -> None:
    for _ in range(STORM):
        os.kill(os.getpid(), signal.SIGUSR1)
