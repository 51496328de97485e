"""How a command is written down, addressed and signed. Pure: signs nothing, asks no clock.

An `Order` is what people agree to: one for a whole job. It names its kiosks by the root of a hash
tree over (kiosk, earliest moment), so that what two people signed for 20,000 kiosks fits into the
mail of one, and nobody can add a kiosk or hurry a wave afterwards. An `Envelope` is one kiosk's
share of it. A `Batch` is all that is open for one kiosk, lowest number first, bound to the kiosk's
present connection by its nonce; the office's key signs it whole. Empty, it still tells the time.

Signatures cover the very text that travels, and that text must be the canonical one (keys sorted,
no spaces): what JSON forgives (keys said twice, NaN, other spellings) is refused with no rule of
its own. Numbers are office milliseconds at issue, made to grow strictly for each kiosk.
"""

import base64
import binascii
import hashlib
from typing import Annotated, Final, Literal, TypeVar

import msgspec
from msgspec import Meta, Struct

from wire.errors import MalformedMessage
from wire.messages import Millis, Signature, Text

ORDERS_DOMAIN: Final = b"anjungan-orders-v1\0"
APPROVAL_DOMAIN: Final = b"anjungan-approval-v1\0"
POLICY_DOMAIN: Final = b"anjungan-policy-v1\0"
COMMAND_DOMAIN: Final = b"anjungan-command-v1\0"
MOST_SIGNED: Final = 60_000  # characters of a signed text
MOST_OPEN: Final = 8  # envelopes in one batch

Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
Hex64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
KeyId = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
# 32 and 64 bytes in base64; the last letter has bits that say nothing, and they are 0
Public = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$(?!\n)")]
Step = Annotated[str, Meta(pattern=r"^[lr][0-9a-f]{64}$(?!\n)")]
Fleet = Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9-]{1,46}[a-z0-9]$(?!\n)")]
Word = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_]{0,31}$(?!\n)")]
Argument = bool | Annotated[int, Meta(ge=-(2**53), le=2**53)] | Text
SignedText = Annotated[str, Meta(min_length=2, max_length=MOST_SIGNED)]


class _Signed(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is signed tolerates no field it does not know: it might be a condition."""


class Order(_Signed, frozen=True, kw_only=True):
    """What is to be done, by which kiosks, when, and by when at the latest.

    `args` are those of wire/actions.py. `issued`: when people were asked to agree; `not_before` and
    `expires`: no kiosk begins before the one nor at or after the other.
    """

    v: Literal[1] = 1
    fleet: Fleet
    order: Hex32
    kind: Word
    args: Annotated[dict[Word, Argument], Meta(max_length=16)] = {}
    kiosks: Hex64  # root of the tree
    count: Annotated[int, Meta(ge=1, le=1_000_000)]
    issued: Millis
    not_before: Millis
    expires: Millis


class Approval(_Signed, frozen=True, kw_only=True):
    """One person's word for one order, given at `at` (office milliseconds)."""

    key: KeyId
    at: Millis
    signature: Signature


class Envelope(_Signed, frozen=True, kw_only=True):
    """One kiosk's share of an order. `after` is its leaf's: its own earliest moment.

    `command` is command_id() of both. `cancel`: the office wants it no more; a kiosk that has not
    begun it will not.
    """

    command: Hex32
    number: Millis
    order: SignedText
    after: Millis
    proof: Annotated[tuple[Step, ...], Meta(max_length=20)] = ()
    approvals: Annotated[tuple[Approval, ...], Meta(max_length=8)] = ()
    cancel: bool = False


class Batch(_Signed, frozen=True, kw_only=True):
    """Everything open for one kiosk as of `now`, for one connection: `nonce` is of its birth."""

    v: Literal[1] = 1
    fleet: Fleet
    kiosk: str
    nonce: Hex32
    now: Millis
    open: Annotated[tuple[Envelope, ...], Meta(max_length=MOST_OPEN)] = ()


S = TypeVar("S", bound=Struct)
_encoder = msgspec.json.Encoder(order="sorted")


def canonical(value: Struct) -> str:
    """The one spelling of a signed value."""
    return _encoder.encode(value).decode()


def parse(text: str, type_: type[S]) -> S:
    """The value of a signed text. Raises MalformedMessage, also for another spelling of it."""
    try:
        value = msgspec.json.decode(text, type=type_)
    except RecursionError:
        raise MalformedMessage("too_deep") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise MalformedMessage("wrong_shape", str(error)) from None
    if canonical(value) != text:
        raise MalformedMessage("not_canonical")
    return value


def orders_message(signed: str) -> bytes:
    """The bytes the office's key signs for a Batch."""
    return ORDERS_DOMAIN + signed.encode()


def approval_message(order: str, at: int) -> bytes:
    """The bytes a person's key signs for an Order's text."""
    return APPROVAL_DOMAIN + str(at).encode() + b"\0" + order.encode()


def policy_message(policy: str) -> bytes:
    """The bytes the root keys sign for a Policy's text."""
    return POLICY_DOMAIN + policy.encode()


def key_id(public: bytes) -> str:
    """The name of a public key: the beginning of its hash."""
    return hashlib.sha256(public).hexdigest()[:16]


def command_id(order: str, kiosk: str) -> str:
    """The name of a kiosk's share of an Order's text: nobody can have it done twice by another.

    Else whoever steals the office's key repeats under new names what people agreed to once.
    """
    named = COMMAND_DOMAIN + kiosk.encode() + b"\0" + order.encode()
    return hashlib.sha256(named).hexdigest()[:32]


def raw(text: str) -> bytes:
    """The bytes of a Public or a Signature. Raises MalformedMessage."""
    try:
        return base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise MalformedMessage("wrong_shape", "base64") from None


def text_of(raw_bytes: bytes) -> str:
    return base64.b64encode(raw_bytes).decode()


class Tree:
    """The hash tree over the kiosks of an order. `after`: kiosk -> its earliest moment."""

    def __init__(self, after: dict[str, int]) -> None:
        if not after:
            raise ValueError("an order needs a kiosk")
        self._index = {kiosk: index for index, kiosk in enumerate(sorted(after))}
        self._levels = [[_leaf(kiosk, after[kiosk]) for kiosk in sorted(after)]]
        while len(self._levels[-1]) > 1:
            self._levels.append(_above(self._levels[-1]))

    @property
    def root(self) -> str:
        return self._levels[-1][0].hex()

    def proof(self, kiosk: str) -> tuple[str, ...]:
        """The way from this kiosk's leaf to the root. Raises KeyError for one not in it."""
        index, steps = self._index[kiosk], []
        for level in self._levels[:-1]:
            beside = index ^ 1
            if beside < len(level):
                steps.append(("l" if beside < index else "r") + level[beside].hex())
            index //= 2
        return tuple(steps)


def fits(count: int, proof: tuple[str, ...]) -> bool:
    """Whether the tree of so many leaves has a place where this way to the root begins.

    Different leaves have different ways, so a tree can prove no more kiosks than its order says.
    """
    below = count
    for step in reversed(proof):  # from the root down: the left half is the largest power of two
        if below == 1:
            return False
        left = 1 << ((below - 1).bit_length() - 1)
        below = left if step[0] == "r" else below - left
    return below == 1


def is_of(root: str, kiosk: str, after: int, proof: tuple[str, ...]) -> bool:
    """Whether the tree of this root holds this kiosk with this earliest moment."""
    found = _leaf(kiosk, after)
    for step in proof:
        beside = bytes.fromhex(step[1:])
        found = _node(beside, found) if step[0] == "l" else _node(found, beside)
    return found.hex() == root


def _above(level: list[bytes]) -> list[bytes]:
    pairs = [_node(level[i], level[i + 1]) for i in range(0, len(level) - 1, 2)]
    return pairs + level[len(pairs) * 2 :]  # an odd one moves up as it is


def _leaf(kiosk: str, after: int) -> bytes:
    return hashlib.sha256(b"\0" + f"{kiosk}\n{after}".encode()).digest()


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def order_of(envelope: Envelope) -> Order:
    """Raises MalformedMessage."""
    return parse(envelope.order, Order)
