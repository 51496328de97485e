"""Waiting in tests: ask again until it is true or time is up. Never a bare sleep."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")


def until(predicate: Callable[[], T], within_s: float, every_s: float = 0.02) -> T:
    """The first truthy value of `predicate`. Raises AssertionError when `within_s` is over."""
    deadline = time.monotonic() + within_s
    while not (value := predicate()):
        if time.monotonic() > deadline:
            raise AssertionError(f"still {value!r} after {within_s} s")
        time.sleep(every_s)
    return value
