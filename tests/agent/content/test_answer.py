"""What an answer means, whatever a server says."""

import http.client
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.content.answer import Cut, WrongRange, start
from agent.content.trouble import NotThere


class Sent:
    """As much of a socket as an answer needs."""

    def __init__(self, data: bytes) -> None:
        self._data = data

    def makefile(self, _mode: str) -> io.BytesIO:
        return io.BytesIO(self._data)


def answer(status: int, headers: dict[str, str], body: bytes = b"") -> http.client.HTTPResponse:
    lines = [f"HTTP/1.1 {status} said", f"Content-Length: {len(body)}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    head = "\r\n".join(lines).encode("latin-1")
    response = http.client.HTTPResponse(Sent(head + b"\r\n\r\n" + body))  # type: ignore[arg-type]
    response.begin()
    return response


def test_the_whole_begins_at_the_first_byte_whatever_was_asked_for() -> None:
    assert start(answer(200, {}, b"abc"), 0, "a") == 0
    assert start(answer(200, {}, b"abc"), 7, "a") == 0


def test_the_range_that_was_asked_for_begins_there() -> None:
    assert start(answer(206, {"Content-Range": "bytes 7-9/10"}, b"abc"), 7, "a") == 7
    assert start(answer(206, {"Content-Range": "bytes 7-9/*"}, b"abc"), 7, "a") == 7


@pytest.mark.parametrize("said", ["bytes 6-9/10", "bytes 7-9", "", "7-9/10", "bytes ٧-9/10"])
def test_another_range_is_no_use(said: str) -> None:
    headers = {"Content-Range": said.encode("utf-8").decode("latin-1")}
    with pytest.raises(WrongRange):
        start(answer(206, headers, b"abc"), 7, "a")


def test_a_range_that_nobody_asked_for_is_another_try() -> None:
    with pytest.raises(Cut):
        start(answer(206, {"Content-Range": "bytes 0-2/3"}, b"abc"), 0, "a")


def test_beyond_the_end_is_whole_only_at_the_very_end() -> None:
    assert start(answer(416, {"Content-Range": "bytes */7"}), 7, "a") == 7
    for said in ("bytes */6", "", "bytes */x"):
        with pytest.raises(WrongRange):
            start(answer(416, {"Content-Range": said}), 7, "a")


@pytest.mark.parametrize("status", [301, 302, 307, 403, 404, 410])
def test_what_is_elsewhere_or_nowhere_is_not_there(status: int) -> None:
    with pytest.raises(NotThere):
        start(answer(status, {}, b"sorry"), 0, "a")


@pytest.mark.parametrize(
    ("said", "after_s"), [("5", 5.0), ("999999", 3600.0), ("", None), ("tomorrow", None)]
)
def test_who_is_busy_says_when_within_reason(said: str, after_s: float | None) -> None:
    with pytest.raises(Cut) as caught:
        start(answer(503, {"Retry-After": said}), 0, "a")
    assert caught.value.after_s == after_s


@given(st.integers(200, 599), st.text("bytes 0123456789-/*", max_size=30), st.integers(0, 99))
def test_any_answer_is_one_of_these(status: int, said: str, since: int) -> None:
    try:
        assert start(answer(status, {"Content-Range": said}, b"?"), since, "a") in (0, since)
    except (Cut, NotThere):
        assert status != 200
