"""How a command ended, as it is kept: in the ledger and, as a fact, in the outbox. Pure.

What the office hears is this with the header of the moment (wire/messages.py Result).
"""

from typing import Final

import msgspec
from msgspec import Struct

from wire.messages import Attachment, End, Facts

encode: Final = msgspec.json.Encoder().encode


class Ended(Struct, frozen=True, kw_only=True):
    """`began` and `ended` by the kiosk's clock in milliseconds, equal when nothing was done."""

    command: str
    state: End
    code: str = ""
    why: str = ""
    facts: Facts = {}
    attachment: Attachment | None = None
    began: int
    ended: int


decode: Final = msgspec.json.Decoder(Ended).decode
