"""The little HTTP that simulated devices speak: one question, one answer, closed."""

from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from typing import NamedTuple


class Question(NamedTuple):
    method: str
    path: str
    headers: dict[str, str]  # names in lower case
    body: bytes


async def read(reader: StreamReader) -> Question:
    """Raises asyncio.IncompleteReadError or LimitOverrunError when the client misbehaves."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    first, *lines = head.split("\r\n")
    pairs = (line.partition(":") for line in lines if ":" in line)
    headers = {name.lower(): value.strip() for name, _, value in pairs}
    if headers.get("transfer-encoding", "").lower() == "chunked":
        body = b"".join([piece async for piece in _pieces(reader)])
    else:
        body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, path, *_ = [*first.split(" "), "/"]
    return Question(method, path, headers, body)


async def _pieces(reader: StreamReader) -> AsyncIterator[bytes]:
    while size := int((await reader.readuntil(b"\r\n")).split(b";")[0], 16):
        yield await reader.readexactly(size)
        await reader.readexactly(2)
    while await reader.readuntil(b"\r\n") != b"\r\n":
        pass


def answer(writer: StreamWriter, body: bytes, kind: str, status: str = "200 OK") -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
