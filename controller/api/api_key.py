"""Open311's way to show a token: a field `api_key` of the form, which becomes a bearer's.

Plain ASGI, for those addresses and no other. A key in an address is never looked at: addresses
stand in logs. A token in the header outranks the field.
"""

from typing import Final
from urllib.parse import parse_qs

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from controller.people.tokens import SHAPE

PREFIX: Final = "/api/open311/v2/"
_MOST_FIELDS: Final = 100


class ApiKey:
    """Within the wall that weighs bodies: it holds one whole."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or not _may_hold_one(scope):
            await self._app(scope, receive, send)
            return
        body, more = b"", True
        while more:
            message = await receive()
            if message["type"] != "http.request":
                return
            body, more = body + message.get("body", b""), message.get("more_body", False)
        told = False

        async def again() -> Message:
            nonlocal told
            if told:
                return await receive()
            told = True
            return {"type": "http.request", "body": body, "more_body": False}

        key = _key(body)
        if key:
            shown = (b"authorization", b"Bearer " + key.encode())
            scope = {**scope, "headers": [*scope["headers"], shown]}
        await self._app(scope, again, send)


def _may_hold_one(scope: Scope) -> bool:
    ours = scope["method"] == "POST" and scope["path"].startswith(PREFIX)
    return ours and all(name != b"authorization" for name, _ in scope["headers"])


def _key(body: bytes) -> str:
    try:
        form = parse_qs(body.decode(), max_num_fields=_MOST_FIELDS)
    except ValueError:  # not text, or endless
        return ""
    found = form.get("api_key", [""])
    return found[0] if len(found) == 1 and SHAPE.fullmatch(found[0]) else ""
