"""Whether what a kiosk handed in may be believed, opened and kept. Decides, touches nothing.

Takes the bytes and what the books say of that kiosk; gives what was found, or one word of
wire/submission.py REFUSALS. The order is the cheapest question first, and nothing is opened before
its signature was verified.
"""

from base64 import b64decode
from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from controller.people.powers import holds
from controller.registrar.keys import CannotUnseal
from wire.errors import MalformedMessage
from wire.submission import REFUSALS, Content, Head, Record, info, read, to_sign, unpad

Unseal = Callable[[str, bytes, bytes], bytes]
"""Key, sealed bytes, what they are bound to -> what was sealed. Raises CannotUnseal."""

SENTENCES: Final = {
    "malformed": "not a record: the kiosk's portal is broken, or somebody plays with its files",
    "kiosk": "it is another kiosk's record: somebody carried files from one to the other",
    "unsigned": "its signature is wrong or by a key this office does not know: look at the kiosk",
    "edited": "its sealed bytes were changed or cut off: look at the kiosk's disk",
    "seal": "it is sealed to a key this office does not have: restore the registrar's keys",
    "opened": "what is inside cannot be opened, or belongs to another head",
    "number": "its receipt number stands for another record of this kiosk",
    "service": "the office does not know its service: publish or import the service pack",
}
assert tuple(SENTENCES) == REFUSALS


class Refusal(Exception):  # noqa: N818 - says what happened
    """`why` is a word of REFUSALS; it will be the same for the same books."""

    def __init__(self, why: str) -> None:
        self.why = why
        super().__init__(SENTENCES[why])


class Found(NamedTuple):
    head: Head
    content: Content


def open_record(body: bytes, kiosk: str, keys: Mapping[str, str], unseal: Unseal) -> Found:
    """`keys` of that kiosk's portal by name, in base64. Raises Refusal."""
    record = _read(body)
    if record.head.kiosk != kiosk:
        raise Refusal("kiosk")
    _verify(record, keys.get(record.head.key))
    if not holds(record.head.tenant, record.head.place):  # it would lie in two governments' inboxes
        raise Refusal("malformed")
    return Found(record.head, content_of(record, unseal))


def content_of(record: Record, unseal: Unseal) -> Content:
    """Of one whose signature counts. Raises Refusal."""
    head = record.head
    try:
        plain = unpad(unseal(head.seal, record.sealed, info(head)))
        content = msgspec.json.decode(plain, type=Content)
    except CannotUnseal as error:
        raise Refusal("seal" if error.key else "opened") from None
    except (MalformedMessage, msgspec.MsgspecError, ValueError, RecursionError):
        raise Refusal("opened") from None
    if (content.id, content.number) != (head.id, head.number):
        raise Refusal("opened")
    return content


def _read(body: bytes) -> Record:
    try:
        return read(body)
    except MalformedMessage:
        raise Refusal("edited" if _has_head(body) else "malformed") from None


def _has_head(body: bytes) -> bool:
    """Its head reads: so what comes after it was changed."""
    try:
        msgspec.json.decode(body.partition(b"\n")[0], type=Head)
    except (msgspec.MsgspecError, ValueError, RecursionError):
        return False
    return True


def _verify(record: Record, public: str | None) -> None:
    if public is None:
        raise Refusal("unsigned")
    try:
        key = Ed25519PublicKey.from_public_bytes(b64decode(public))
        key.verify(b64decode(record.signature), to_sign(record.head_bytes))
    except (InvalidSignature, ValueError):
        raise Refusal("unsigned") from None
