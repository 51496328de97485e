"""The little HTTP that simulated devices speak: one question, one answer, closed."""

from asyncio import StreamReader, StreamWriter
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
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    method, path, *_ = [*first.split(" "), "/"]
    return Question(method, path, headers, body)


def answer(writer: StreamWriter, body: bytes, kind: str, status: str = "200 OK") -> None:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
    writer.write(head.encode() + b"Connection: close\r\n\r\n" + body)
