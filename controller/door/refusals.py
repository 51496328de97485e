"""Everything the door refuses, as one table: the code, the HTTP status, who must act.

Owns the codes; docs/door.md explains each and a test holds the two together. Every refusal is a
wire.door.Refusal as JSON and carries the office's clock, so that a kiosk can set its own right.
"""

from typing import Final, NamedTuple

import msgspec
from starlette.responses import Response

from controller.identity.redeem import Denied
from wire.door import Refusal


class Kind(NamedTuple):
    status: int
    who: str  # kiosk, technician or office


CODES: Final = {
    # the request
    "malformed": Kind(400, "kiosk"),
    "csr": Kind(400, "kiosk"),
    "not_found": Kind(404, "kiosk"),
    "method": Kind(405, "kiosk"),
    "too_large": Kind(413, "kiosk"),
    # what a command handed in
    "command": Kind(404, "kiosk"),
    "taken": Kind(409, "kiosk"),
    "type": Kind(415, "kiosk"),
    # what a citizen's telephone sends
    "ticket": Kind(403, "kiosk"),
    # a token and the key that comes with it
    "token": Kind(403, "technician"),
    "token_used": Kind(403, "technician"),
    "token_expired": Kind(403, "technician"),
    "token_withdrawn": Kind(403, "technician"),
    "token_moved": Kind(403, "technician"),
    "key_taken": Kind(409, "kiosk"),
    "key_used": Kind(409, "kiosk"),
    "record_key": Kind(409, "technician"),
    # a signature
    "signature": Kind(401, "kiosk"),
    "digest": Kind(401, "kiosk"),
    "clock": Kind(401, "kiosk"),
    "replay": Kind(401, "kiosk"),
    "unknown": Kind(401, "technician"),
    # a kiosk whose signature is right
    "revoked": Kind(403, "technician"),
    "superseded": Kind(403, "kiosk"),
    "expired": Kind(403, "technician"),
    "refused": Kind(403, "office"),
    # too much at once
    "locked_out": Kind(429, "technician"),
    "slow_down": Kind(429, "kiosk"),
    "too_many": Kind(429, "kiosk"),
    # the office itself
    "signing": Kind(202, "office"),
    "busy": Kind(503, "office"),
    "database": Kind(503, "office"),
    "registrar": Kind(503, "office"),
    "internal": Kind(500, "office"),
}


class Refused(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """Will not be done; `retry_after_s` when it is worth asking again."""

    def __init__(self, code: str, detail: str, retry_after_s: int | None = None) -> None:
        self.code = code
        self.detail = detail
        self.retry_after_s = retry_after_s
        super().__init__(f"{code}: {detail}")


def denied(one: Denied) -> Refused:
    return Refused(one.code, one.detail)


def json(value: msgspec.Struct, status: int = 200) -> Response:
    return Response(
        msgspec.json.encode(value),
        status,
        {"cache-control": "no-store", "x-content-type-options": "nosniff"},
        "application/json",
    )


def answer(refused: Refused, now: int) -> Response:
    """`now` by the office's clock, in milliseconds."""
    kind = CODES[refused.code]
    response = json(Refusal(refused.code, kind.who, refused.detail, now), kind.status)
    if refused.retry_after_s is not None:
        response.headers["retry-after"] = str(refused.retry_after_s)
    if kind.status == 401:
        response.headers["www-authenticate"] = "Signature"  # RFC 9110 wants one with every 401
    return response
