"""Who may command this kiosk, as the door tells it: looked at before it is laid beside a key.

Owns the check of a first policy; what follows it over the years is agent/commands/policies.py's.
Trusted because the door is: its authority came with the code that a technician typed. Only for
short-lived processes, because it imports cryptography.
"""

from contextlib import suppress

import msgspec

from agent.identity import keys
from wire.policy import Refusal, SignedPolicy, first


def checked(text: str) -> bytes:
    """As it is kept beside the identity; empty for an office that has none. Raises BadGrant."""
    if not text:
        return b""
    try:
        first(msgspec.json.decode(text, type=SignedPolicy), keys.verify)
    except (msgspec.MsgspecError, ValueError, RecursionError, Refusal) as error:
        raise keys.BadGrant(f"the office's policy for commands is none: {error}") from error
    return text.encode()


def if_good(text: str) -> bytes:
    """As `checked`, empty for a bad one: a certificate is not refused for what came along."""
    with suppress(keys.BadGrant):
        return checked(text)
    return b""
