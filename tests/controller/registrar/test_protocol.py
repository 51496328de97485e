"""Frames: what is not one of ours is an error and nothing worse."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import msgpack

from controller.registrar import protocol


def test_a_question_comes_back_as_it_was() -> None:
    ask = protocol.Open(submission=1, account=2, what="print")
    framed = protocol.frame(ask)
    assert protocol.size_of(framed[:4]) == len(framed) - 4
    assert protocol.read_ask(framed[4:]) == ask
    said = protocol.Refused(code="denied", why="no")
    assert protocol.read_said(protocol.frame(said)[4:]) == said


@given(some.binary(max_size=200))
def test_any_bytes_are_read_or_refused(junk: bytes) -> None:
    for read in (protocol.read_ask, protocol.read_said):
        with pytest.raises(ValueError, match="not a frame of ours"):
            read(b"\xc1" + junk)
        with suppress(ValueError):
            read(junk)


@pytest.mark.parametrize("head", [b"", b"\0\0\0", b"\0\0\0\0", b"\xff\xff\xff\xff"])
def test_lengths_that_nobody_sends_are_refused(head: bytes) -> None:
    with pytest.raises(ValueError, match="a frame is"):
        protocol.size_of(head)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ask": "open", "submission": 0, "account": 1, "what": "open"},
        {"ask": "open", "submission": 1, "account": 1, "what": "steal"},
        {"ask": "tail", "kiosk": "a", "number": "261122-0001-K7Q3M-R", "tail": "43210"},
        {"ask": "seal_note", "submission": 1, "account": 1, "text": ""},
        {"ask": "shutdown"},
    ],
)
def test_a_question_that_is_none_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a frame of ours"):
        protocol.read_ask(msgpack.encode(wrong))
