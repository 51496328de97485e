"""The server stops promptly though pages listen."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager

import httpx


def test_it_stops_within_seconds_while_a_page_listens(
    serve: Callable[[], AbstractContextManager[str]],
) -> None:
    with httpx.Client(timeout=10) as client:
        with serve() as home, client.stream("GET", f"{home}/live") as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 1000"
            began = time.monotonic()
        assert time.monotonic() - began < 4
    assert answer.headers["content-type"].startswith("text/event-stream")
