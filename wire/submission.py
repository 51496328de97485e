"""What a citizen hands in, as it stands on a disk and travels: sealed, signed, numbered.

A record is one line of canonical JSON (its Head), a line feed, and the sealed bytes. The Head says
what an office must know to store and to order it, and nothing about a person; everything else is
sealed (HPKE: X25519, HKDF-SHA256, AES-256-GCM) to a key that only the office's registrar can open,
after it was padded, so that its size tells nothing either. Anyone can seal: what makes a record
ours is the signature (Ed25519) of the portal's own key over the Head, which carries the SHA-256 of
the sealed bytes. An Ack is the registrar's signed word: only by it does a kiosk forget a record.

Pure. Seals, signs and opens nothing: cryptography is the business of both ends, whose sealing is
bound to `info()`.
"""

import base64
import binascii
import hashlib
from typing import Annotated, Final, Literal, NamedTuple, TypeVar

import msgspec
from msgspec import Meta, Struct

from wire.envelope import Hex32, KeyId, Public
from wire.errors import MalformedMessage
from wire.messages import Count, Hash, Millis, Signature

RECORD_DOMAIN: Final = b"anjungan-record-v1\0"
ACK_DOMAIN: Final = b"anjungan-ack-v1\0"
TICKET_DOMAIN: Final = b"anjungan-photo-ticket-v1\0"
SEAL_INFO: Final = b"anjungan-seal-v1\0"
MOST_HEAD: Final = 4_096
MOST_RECORD: Final = 3 * 1024 * 1024  # head, text and up to three pictures
BUCKET: Final = 1_024  # what is sealed is padded to a multiple of it
MOST_PHOTOS: Final = 3
MOST_PHOTO: Final = 600_000  # bytes of one, as JPEG

Kind = Literal["apply", "complain"]
Code = Annotated[str, Meta(pattern=r"^[A-Z]{2,8}(-[A-Z0-9]{1,12}){1,3}$(?!\n)", max_length=32)]
Place = Annotated[str, Meta(pattern=r"^[0-9]{2}(\.[0-9]{2}(\.[0-9]{2}(\.[0-9]{4})?)?)?$(?!\n)")]
Number = Annotated[str, Meta(pattern=r"^[0-9A-Z][0-9A-Z-]{7,31}$(?!\n)")]
Key = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)")]


class Head(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is readable of a record.

    `id` is random and names the record for ever; `number` is the citizen's receipt number
    (wire/service/receipt.py). `service` and `revision` say by which service pack it was filled in.
    `place` is the kecamatan (or village) it is about, `site` where the kiosk stands. `category`
    only of complaints. `made_at` by the kiosk's clock; `clock` says whether that was believed.
    `seal` names the office's key, `key` the portal's; `sha256` is that of the sealed bytes.
    """

    v: Literal[1] = 1
    kiosk: Annotated[str, Meta(max_length=32)]
    id: Hex32
    number: Number
    kind: Kind
    service: Code
    revision: Annotated[int, Meta(ge=1, le=2**31)]
    tenant: Place
    site: Place
    place: Place
    category: Annotated[str, Meta(max_length=32, pattern=r"^[a-z0-9_]*$(?!\n)")] = ""
    made_at: Millis
    clock: Literal["sure", "unsure"]
    seal: KeyId
    key: KeyId
    sha256: Hash


class Photo(Struct, frozen=True, kw_only=True):
    """A JPEG that was made anew and says nothing of where or with what. Base64."""

    jpeg: str
    sha256: Hash


class Contact(Struct, frozen=True, kw_only=True):
    """`anonymity` of complaints: "named", "secret" (the agency sees no name), "anonymous"."""

    name: Annotated[str, Meta(max_length=120)] = ""
    phone: Annotated[str, Meta(max_length=20)] = ""
    anonymity: Literal["named", "secret", "anonymous"] = "named"


class Point(Struct, frozen=True, kw_only=True):
    lat: Annotated[float, Meta(ge=-90, le=90)]
    lng: Annotated[float, Meta(ge=-180, le=180)]


class Content(Struct, frozen=True, kw_only=True):
    """What is sealed. `fields` by name: what was typed, normalised by wire/service/values.py.

    `tail` are the last four digits of the telephone, by which a citizen asks how it stands, ""
    without one. `warnings` are codes of wire/service/values.py the citizen went on in spite of.
    `ticket` names photos that come from a telephone later. `like` is the receipt number of a
    complaint that is said to be about the same.
    """

    v: Literal[1] = 1
    id: Hex32
    number: Number
    language: Literal["id", "su", "en"]
    fields: dict[Key, str | bool | int | tuple[str, ...]]
    contact: Contact = Contact()
    tail: Annotated[str, Meta(pattern=r"^([0-9]{4})?$(?!\n)")] = ""
    warnings: Annotated[tuple[str, ...], Meta(max_length=64)] = ()
    photos: Annotated[tuple[Photo, ...], Meta(max_length=MOST_PHOTOS)] = ()
    ticket: Annotated[str, Meta(max_length=200)] = ""
    point: Point | None = None
    like: Annotated[str, Meta(max_length=32)] = ""


class Record(NamedTuple):
    """`head_bytes` is the very text that was signed; `signature` is base64."""

    head: Head
    head_bytes: bytes
    signature: str
    sealed: bytes


class Ack(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What became of one record. `accepted`: the office has it and can open it: forget it.

    `refused`: it will never be accepted, `why` is a word of REFUSALS: put it aside, tell people.
    """

    v: Literal[1] = 1
    kiosk: Annotated[str, Meta(max_length=32)]
    id: Hex32
    sha256: Hash  # of the whole record as it was handed in
    outcome: Literal["accepted", "refused"]
    why: Annotated[str, Meta(max_length=32)] = ""
    at: Millis


REFUSALS: Final = (
    "malformed",  # head or framing
    "kiosk",  # another kiosk's record
    "unsigned",  # signature wrong, or by a key the office does not know
    "edited",  # sealed bytes are not those of the head
    "seal",  # sealed to a key the office does not have
    "opened",  # cannot be opened, or what is inside does not belong to the head
    "number",  # that receipt number stands for another record of this kiosk
    "service",  # a service pack the office does not know
)


class Signed(Struct, frozen=True, kw_only=True):
    """`text` is the canonical JSON of an Ack; `key` names who signed it."""

    text: Annotated[str, Meta(max_length=1_024)]
    key: KeyId
    signature: Signature


class Acks(Struct, frozen=True, kw_only=True):
    """What the door answers. `stored`: SHA-256 of what it has and the registrar has not judged."""

    acks: Annotated[tuple[Signed, ...], Meta(max_length=1_000)] = ()
    stored: tuple[Hash, ...] = ()


class SealKey(Struct, frozen=True, kw_only=True):
    """A key of the office that records are sealed to. Newest `since` that has come is used."""

    id: KeyId
    public: Public  # X25519
    since: Millis
    until: Millis


class AckKey(Struct, frozen=True, kw_only=True):
    id: KeyId
    public: Public  # Ed25519


class Keys(Struct, frozen=True, kw_only=True):
    """`keys.json` of the content bundle, signed with it by people: an office alone changes none."""

    v: Literal[1] = 1
    seal: Annotated[tuple[SealKey, ...], Meta(max_length=64)]
    ack: Annotated[tuple[AckKey, ...], Meta(max_length=8)]


class Tray(Struct, frozen=True, kw_only=True):
    """How full a kiosk's tray is, as the portal and the agent's child see it alike."""

    records: Count
    size: Count
    oldest: Millis  # made_at of the oldest, 0 without one
    refused: Count = 0


S = TypeVar("S", bound=Struct)
_encoder = msgspec.json.Encoder(order="sorted")


def canonical(value: Struct) -> bytes:
    return _encoder.encode(value)


def key_id(public: bytes) -> str:
    """The name of a key: the first 16 hex digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(public).hexdigest()[:16]


def info(head: Head) -> bytes:
    """What sealing is bound to: a sealed text that is moved under another head does not open."""
    parts = (head.kiosk, head.id, head.number, head.service, str(head.revision), head.seal)
    return SEAL_INFO + "\0".join(parts).encode()


def pad(plain: bytes) -> bytes:
    """Its length in four bytes, the bytes, and zeros up to a multiple of BUCKET."""
    filled = len(plain).to_bytes(4, "big") + plain
    return filled + bytes(-len(filled) % BUCKET)


def unpad(padded: bytes) -> bytes:
    """Raises MalformedMessage."""
    size = int.from_bytes(padded[:4], "big")
    if len(padded) % BUCKET or not padded or size > len(padded) - 4 or any(padded[4 + size :]):
        raise MalformedMessage("wrong_shape", "padding")
    return padded[4 : 4 + size]


def to_sign(head_bytes: bytes) -> bytes:
    return RECORD_DOMAIN + head_bytes


def ack_to_sign(text: str) -> bytes:
    return ACK_DOMAIN + text.encode()


def write(head: Head, signature: bytes, sealed: bytes) -> bytes:
    """The bytes of a record."""
    line = base64.b64encode(signature)
    return b"\n".join((canonical(head), line, sealed))


def read(record: bytes) -> Record:
    """Raises MalformedMessage. Verifies nothing but the shape, sealed bytes and their hash."""
    if len(record) > MOST_RECORD:
        raise MalformedMessage("too_large", f"a record is at most {MOST_RECORD} bytes")
    head_bytes, first, rest = record[: MOST_HEAD + 1].partition(b"\n")
    signature, second, _ = rest[:128].partition(b"\n")
    if not first or not second:
        raise MalformedMessage("wrong_shape", "a record is a head, a signature and what is sealed")
    head = _exactly(head_bytes, Head)
    _check_signature(signature)
    sealed = record[len(head_bytes) + len(signature) + 2 :]
    if hashlib.sha256(sealed).hexdigest() != head.sha256:
        raise MalformedMessage("wrong_shape", "the sealed bytes are not those of the head")
    return Record(head, head_bytes, signature.decode(), sealed)


def read_ack(text: str) -> Ack:
    """Of a Signed whose signature was checked. Raises MalformedMessage."""
    return _exactly(text.encode(), Ack)


def read_keys(text: bytes) -> Keys:
    """Raises MalformedMessage."""
    try:
        return msgspec.json.decode(text, type=Keys)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedMessage("wrong_shape", f"keys.json: {error}") from None


def _exactly(text: bytes, kind: type[S]) -> S:
    """Only the canonical text: whatever JSON forgives is refused."""
    try:
        value = msgspec.json.decode(text, type=kind)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedMessage("wrong_shape", str(error)) from None
    if canonical(value) != text:
        raise MalformedMessage("not_canonical")
    return value


def _check_signature(signature: bytes) -> None:
    try:
        fits = len(base64.b64decode(signature, validate=True)) == 64
    except binascii.Error:
        fits = False
    if not fits:
        raise MalformedMessage("wrong_shape", "a signature is 64 bytes in base64")
