"""Bytes to message and back: the only parser of the house.

Whatever the bytes, only MalformedMessage comes out. Checked in the order that costs least:
size, encoding, shape, then the two things a JSON parser silently forgives (keys said twice and
numbers that are none).
"""

import json
from typing import Final, NoReturn, TypeVar

import msgspec

from wire.errors import MalformedMessage
from wire.messages import DOWN, UP, VERSION, Down, Up

MAX_BYTES: Final = 65_536
M = TypeVar("M", bound=Up | Down)

_encoder = msgspec.json.Encoder()
_up = {kind: msgspec.json.Decoder(type_) for kind, type_ in UP.items()}
_down = {kind: msgspec.json.Decoder(type_) for kind, type_ in DOWN.items()}
_kind = {type_: kind for kind, type_ in (*UP.items(), *DOWN.items())}


class _Version(msgspec.Struct):
    v: int | None = None


_version = msgspec.json.Decoder(_Version)


def kind_of(message: Up | Down) -> str:
    return _kind[type(message)]


def encode(message: Up | Down) -> bytes:
    return _encoder.encode(message)


def decode_up(kind: str, payload: bytes) -> Up:
    """What a kiosk said. Raises MalformedMessage and nothing else."""
    return _decode(_up.get(kind), kind, payload)


def decode_down(kind: str, payload: bytes) -> Down:
    """What the office said. Raises MalformedMessage and nothing else."""
    return _decode(_down.get(kind), kind, payload)


def _decode(decoder: "msgspec.json.Decoder[M] | None", kind: str, payload: bytes) -> M:
    if decoder is None:
        raise MalformedMessage("unknown_kind", kind)
    text = _text(payload)
    try:
        message = decoder.decode(payload)
    except RecursionError:
        raise MalformedMessage("too_deep") from None
    except msgspec.ValidationError as error:
        raise _refusal(payload, str(error)) from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise MalformedMessage(_why_not_json(text), str(error)) from None
    # What our own encoder wrote is what it would write again: the dear second look is for others.
    if _encoder.encode(message) != payload:
        _refuse_what_json_forgives(text)
    return message


def _text(payload: bytes) -> str:
    if not payload:
        raise MalformedMessage("empty")
    if len(payload) > MAX_BYTES:
        raise MalformedMessage("too_large", f"{len(payload)} bytes")
    try:
        return payload.decode("utf-8")
    except UnicodeDecodeError as error:
        raise MalformedMessage("not_utf8", str(error)) from None


def _refusal(payload: bytes, detail: str) -> MalformedMessage:
    """A shape that is wrong because it is of another version is refused as that, aloud."""
    try:
        version = _version.decode(payload).v
    except (msgspec.MsgspecError, ValueError, RecursionError):
        version = VERSION
    if version is not None and version != VERSION:
        return MalformedMessage("wrong_version", f"version {version}, this office speaks {VERSION}")
    return MalformedMessage("number" if "range" in detail else "wrong_shape", detail)


def _why_not_json(text: str) -> str:
    try:
        _refuse_what_json_forgives(text)
    except MalformedMessage as error:
        return error.reason
    return "not_json"


def _refuse_what_json_forgives(text: str) -> None:
    try:
        json.loads(text, object_pairs_hook=_unique, parse_constant=_no_number)
    except RecursionError:
        raise MalformedMessage("too_deep") from None
    except MalformedMessage:
        raise
    except json.JSONDecodeError as error:
        raise MalformedMessage("not_json", str(error)) from None
    except ValueError as error:  # an integer of more digits than Python will read
        raise MalformedMessage("number", str(error)) from None


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise MalformedMessage("duplicate_key", str([key for key, _ in pairs]))
    return members


def _no_number(name: str) -> NoReturn:
    raise MalformedMessage("number", name)
