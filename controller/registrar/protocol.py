"""What the registrar is asked over its socket, and what it says. Shape and framing, nothing else.

One question and one answer a connection, each four bytes of length (big endian) and MessagePack.
Who may connect is a matter of the socket file's mode and group; what a person may see is decided
by the registrar itself, from the database. The door stands where anybody can reach it: it has a
socket of its own, at which nothing is opened for whoever has taken it over.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from wire.messages import Hash
from wire.submission import MOST_PHOTO, MOST_RECORD, Content, Number, Place, Point, Signed

MOST_FRAME: Final = MOST_RECORD + 4 * MOST_PHOTO + 64 * 1024  # what is opened, with late photos
MOST_NOTE: Final = 4_000  # characters
CHANNEL: Final = "open311"  # stands for the kiosk of what came by none

Account = Annotated[int, Meta(ge=1)]
Row = Annotated[int, Meta(ge=1)]
What = Literal["open", "print", "export", "photo", "note"]


class _Ask(Struct, frozen=True, kw_only=True, tag_field="ask", forbid_unknown_fields=True):
    pass


class Open(_Ask, frozen=True, kw_only=True, tag="open"):
    """What a citizen wrote -> Opened. `what`: why it is looked at, as it is written down."""

    submission: Row
    account: Account
    what: What


class Photos(_Ask, frozen=True, kw_only=True, tag="photos"):
    """Pictures that came with it or by telephone later -> Pictures."""

    submission: Row
    account: Account


class SealNote(_Ask, frozen=True, kw_only=True, tag="seal_note"):
    """A word among officers about a submission -> SealedNote, to be stored by whoever asked."""

    submission: Row
    account: Account
    text: Annotated[str, Meta(min_length=1, max_length=MOST_NOTE)]


class OpenNotes(_Ask, frozen=True, kw_only=True, tag="open_notes"):
    """All notes of a submission -> Notes."""

    submission: Row
    account: Account


class Judge(_Ask, frozen=True, kw_only=True, tag="judge"):
    """Judge this record now, if nobody did -> Judged. `record` is its row."""

    record: Row


class Tail(_Ask, frozen=True, kw_only=True, tag="tail"):
    """Whether these are the last four digits given with that number on that kiosk -> Known.

    `kiosk` is CHANNEL for what came by none.
    """

    kiosk: Annotated[str, Meta(max_length=32)]
    number: Number
    tail: Annotated[str, Meta(pattern=r"^[0-9]{4}$(?!\n)")]


class SealPhoto(_Ask, frozen=True, kw_only=True, tag="seal_photo"):
    """A picture made anew, to be kept sealed until its record is opened -> SealedNote."""

    ticket: Hash  # SHA-256 of it
    jpeg: Annotated[bytes, Meta(max_length=MOST_PHOTO)]


class HandIn(_Ask, frozen=True, kw_only=True, tag="hand_in"):
    """A complaint that another program hands over for a citizen -> Taken."""

    account: Account
    tenant: Place
    category: Annotated[str, Meta(max_length=32, pattern=r"^[a-z0-9_]+$(?!\n)")]
    place: Place
    class_: Literal["complaint", "wish", "question"] = "complaint"
    text: Annotated[str, Meta(min_length=1, max_length=MOST_NOTE)]
    where: Annotated[str, Meta(max_length=300)] = ""
    name: Annotated[str, Meta(max_length=120)] = ""
    phone: Annotated[str, Meta(max_length=20)] = ""
    email: Annotated[str, Meta(max_length=120)] = ""
    point: Point | None = None


class Ping(_Ask, frozen=True, kw_only=True, tag="ping"):
    """-> Known(yes=True)."""


Ask = Open | Photos | SealNote | OpenNotes | Judge | Tail | SealPhoto | HandIn | Ping
AT_DOOR: Final = (Judge, Tail, SealPhoto, Ping)


class _Said(Struct, frozen=True, kw_only=True, tag_field="said"):
    pass


class Opened(_Said, frozen=True, kw_only=True, tag="opened"):
    content: Content


class Pictures(_Said, frozen=True, kw_only=True, tag="pictures"):
    jpegs: tuple[bytes, ...]


class SealedNote(_Said, frozen=True, kw_only=True, tag="sealed"):
    """`key` names the key it is sealed to."""

    sealed: bytes
    key: str


class Notes(_Said, frozen=True, kw_only=True, tag="notes"):
    """By the row of `submission_event`. What cannot be opened any more is not among them."""

    texts: dict[int, str]


class Judged(_Said, frozen=True, kw_only=True, tag="judged"):
    """`ack` None: it has no answer yet."""

    ack: Signed | None


class Known(_Said, frozen=True, kw_only=True, tag="known"):
    yes: bool


class Taken(_Said, frozen=True, kw_only=True, tag="taken"):
    """`number` of its receipt, `agency` that has to act."""

    number: str
    agency: str


class Refused(_Said, frozen=True, kw_only=True, tag="refused"):
    """`code` is a word of controller/registrar/client.py; `why` a sentence that says who acts."""

    code: str
    why: str


Said = Opened | Pictures | SealedNote | Notes | Judged | Known | Taken | Refused
_encoder = msgspec.msgpack.Encoder()


def tail_of(phone: str) -> str:
    """The last four digits, "" where there are not so many."""
    digits = "".join(filter(str.isdecimal, phone))
    return digits[-4:] if len(digits) >= 4 and digits.isascii() else ""


def frame(value: Struct) -> bytes:
    body = _encoder.encode(value)
    return len(body).to_bytes(4, "big") + body


def size_of(head: bytes) -> int:
    """The length that four bytes announce. Raises ValueError when nobody sends so much."""
    size = int.from_bytes(head, "big")
    if len(head) != 4 or not 0 < size <= MOST_FRAME:
        raise ValueError(f"a frame is 1 to {MOST_FRAME} bytes")
    return size


def read_ask(body: bytes) -> Ask:
    """Raises ValueError."""
    with _ours():
        return msgspec.msgpack.decode(body, type=Ask)  # type: ignore[no-any-return]


def read_said(body: bytes) -> Said:
    """Raises ValueError."""
    with _ours():
        return msgspec.msgpack.decode(body, type=Said)  # type: ignore[no-any-return]


@contextmanager
def _ours() -> Iterator[None]:
    try:
        yield
    except (msgspec.MsgspecError, RecursionError) as error:
        raise ValueError(f"not a frame of ours: {error}") from None
