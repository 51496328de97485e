"""A body has a size and the house a number of seats; both are said in the door's own words."""

import asyncio
from collections.abc import AsyncIterator

import httpx
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from controller.door.wall import Wall
from wire.door import ATTACHMENT_PATH, MOST_BODY, SPEED_PATH


async def length(scope: Scope, receive: Receive, send: Send) -> None:
    body = await Request(scope, receive).body()
    await PlainTextResponse(str(len(body)))(scope, receive, send)


def ask(wall: Wall, path: str = "/", **how: object) -> httpx.Response:
    async def go() -> httpx.Response:
        transport = httpx.ASGITransport(wall)
        async with httpx.AsyncClient(transport=transport, base_url="https://door") as client:
            return await client.post(path, **how)  # type: ignore[arg-type]

    return asyncio.run(go())


def test_a_body_of_the_right_size_passes() -> None:
    assert ask(Wall(length, lambda: 5), content=b"x" * MOST_BODY).text == str(MOST_BODY)


def test_a_larger_one_does_not_whatever_it_says_of_its_length() -> None:
    async def drops() -> AsyncIterator[bytes]:
        for _ in range(40):
            yield b"x" * 1024

    for content in (b"x" * (MOST_BODY + 1), drops()):
        answer = ask(Wall(length, lambda: 5), content=content)
        assert answer.status_code == 413
        assert answer.json() == {
            "code": "too_large",
            "who": "kiosk",
            "detail": "at most 16384 bytes",
            "now": 5,
        }


def test_when_all_seats_are_taken_it_is_said_and_a_seat_is_given_back() -> None:
    inside, leave = asyncio.Event(), asyncio.Event()

    async def slow(scope: Scope, receive: Receive, send: Send) -> None:
        inside.set()
        await leave.wait()
        await length(scope, receive, send)

    wall = Wall(slow, lambda: 5, most_at_once=1)

    async def go() -> list[httpx.Response]:
        transport = httpx.ASGITransport(wall)
        async with httpx.AsyncClient(transport=transport, base_url="https://door") as client:
            first = asyncio.create_task(client.get("/"))
            await inside.wait()
            second = await client.get("/")
            leave.set()
            return [await first, second, await client.get("/")]

    answers = asyncio.run(go())
    assert [one.status_code for one in answers] == [200, 503, 200]
    assert answers[1].json()["code"] == "busy"
    assert answers[1].headers["retry-after"] == "5"


def test_what_is_large_by_its_nature_counts_for_itself_and_keeps_its_seat() -> None:
    for path in (ATTACHMENT_PATH, SPEED_PATH):
        assert ask(Wall(length, lambda: 5), path, content=b"x" * 50_000).text == "50000"
        full = Wall(length, lambda: 5, most_at_once=0)
        assert ask(full, path, content=b"x").json()["code"] == "busy"
