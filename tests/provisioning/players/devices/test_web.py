"""The little HTTP of the simulated devices."""

import asyncio

import pytest

from provisioning.players.devices.web import Question, read


def fed(data: bytes) -> Question:
    async def go() -> Question:
        reader = asyncio.StreamReader()
        reader.feed_data(data)
        reader.feed_eof()
        return await read(reader)

    return asyncio.run(go())


def test_a_question_has_method_path_headers_and_body() -> None:
    question = fed(b"POST /a?b HTTP/1.1\r\nHost: x\r\nContent-LENGTH: 2\r\n\r\nhi!")
    assert question.method == "POST"
    assert question.path == "/a?b"
    assert question.headers == {"host": "x", "content-length": "2"}
    assert question.body == b"hi"


def test_a_body_may_come_in_pieces() -> None:
    head = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert fed(head + b"2\r\nhi\r\n3;x=y\r\nall\r\n0\r\n\r\n").body == b"hiall"


def test_half_a_question_is_incomplete() -> None:
    with pytest.raises(asyncio.IncompleteReadError):
        fed(b"GET / HTTP/1.1\r\nHost")
