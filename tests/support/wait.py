"""Waiting in tests: ask again until it is true or time is up. Never a bare sleep."""

import time
from collections.abc import Callable
from typing import Final, TypeVar

T = TypeVar("T")
SELDOM_S: Final = 0.1


def until(predicate: Callable[[], T], within_s: float, every_s: float = 0.02) -> T:
    """The first truthy value of `predicate`. Raises AssertionError when `within_s` is over.

    Who has waited for long is asked less often: many questions are a database's or a handshake,
    and what is waited for has to be done on the same cores.
    """
    began = time.monotonic()
    while not (value := predicate()):
        waited = time.monotonic() - began
        if waited > within_s:
            raise AssertionError(f"still {value!r} after {within_s} s")
        time.sleep(max(every_s, min(waited / 10, SELDOM_S)))
    return value
