"""A key in the form is a bearer's token; anywhere else it is nothing."""

import asyncio
from typing import Any

from controller.api.api_key import ApiKey

KEY = "anj_" + "a" * 43


def asked(
    body: bytes, path: str = "/api/open311/v2/requests.json", **more: Any
) -> tuple[Any, bytes]:
    """The authorization header and the body as the application gets them."""
    seen: list[Any] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:  # noqa: ARG001 - as ASGI has it
        seen.extend((dict(scope["headers"]).get(b"authorization"), (await receive())["body"]))

    halves = [body[:5], body[5:]]

    async def receive() -> Any:
        piece = halves.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(halves)}

    async def send(_: Any) -> None:
        pass

    scope = {"type": "http", "method": "POST", "path": path, "headers": [], **more}
    asyncio.run(ApiKey(app)(scope, receive, send))
    return seen[0], seen[1]


def test_the_field_becomes_the_header_and_the_body_stays_whole() -> None:
    body = f"api_key={KEY}&description=x".encode()
    assert asked(body) == (f"Bearer {KEY}".encode(), body)


def test_nonsense_two_keys_and_what_is_no_text_are_no_key() -> None:
    for body in (
        b"api_key=x",
        f"api_key={KEY}&api_key={KEY}".encode(),
        b"\xff\xfe=1",
        b"a=1&" * 500,
    ):
        assert asked(body) == (None, body)


def test_elsewhere_and_beside_a_header_the_field_is_not_looked_at() -> None:
    body = f"api_key={KEY}".encode()
    assert asked(body, "/api/v1/inbox")[0] is None
    shown = [(b"authorization", b"Bearer x")]
    assert asked(body, headers=shown)[0] == b"Bearer x"
