"""What people sign to change whose keys count: one file, carried from key to key. Needs no office.

`present` is what is in force as the office says; it shows what changes and whose signatures are
still missing. The office judges again by what stands in its folder, and every kiosk for itself.
"""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.exceptions import StorageError
from securesystemslib.signer import Signature
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import Metadata, Root, Signed, Targets, VerificationResult
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import JSONSerializer

from provisioning.authority.files import put
from provisioning.policy import keys
from provisioning.release.drafts import OFFLINE, Present, lists, owner, text_of, tuf_key

MOST_BYTES: Final = 8 * 1024 * 1024
BROKEN: Final = (
    DeserializationError, KeyError, RecursionError, RepositoryError, StorageError, TypeError,
    ValueError, AttributeError,
)  # fmt: skip


class EventRefused(ValueError):  # noqa: N818 - says what happened
    """The file is none, or this key has no business with it."""


class Part(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`text` is what is signed; `signatures`: name of the key -> Ed25519 in hex."""

    text: str
    signatures: dict[str, str] = {}


class Event(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By role: in `parts` the next version, in `present` the text in force, if there is one."""

    parts: dict[str, Part]
    present: dict[str, str] = {}

    def signed(self, role: str) -> Signed:
        """The next version of a role, else the present one."""
        part = self.parts.get(role)
        return _signed(role, part.text if part else self.present[role])

    def before(self, role: str) -> Signed | None:
        return _signed(role, self.present[role]) if role in self.present else None


def drafted(texts: Mapping[str, str], present: Present | None) -> Event:
    return Event(
        parts={role: Part(texts[role]) for role in OFFLINE if role in texts},
        present={} if present is None else texts_of(present),
    )


def texts_of(present: Present) -> dict[str, str]:
    return {role: text_of(one) for role, one in lists(present).items()}


def load(path: Path) -> Event:
    """Raises EventRefused, OSError."""
    with path.open("rb") as file:
        body = file.read(MOST_BYTES)
    try:
        made = msgspec.json.decode(body, type=Event)
        if not made.parts or not set(made.parts) | set(made.present) <= set(OFFLINE):
            raise ValueError("not the roles that people sign")
        for role in made.parts:
            if text_of(made.signed(role)) != made.parts[role].text:
                raise ValueError(f"{role}: not in its one spelling")
        missing(made)
    except (msgspec.MsgspecError, *BROKEN) as error:
        raise EventRefused(f"{path} is no list of keys to be signed: {error}"[:300]) from None
    return made


def save(path: Path, event: Event) -> None:
    put(path, msgspec.json.format(msgspec.json.encode(event), indent=1) + b"\n")


def add(event: Event, key: Ed25519PrivateKey) -> Event:
    """With this key's signature below every part it counts for. Raises EventRefused."""
    mine = tuf_key(keys.public(key)).keyid
    parts = dict(event.parts)
    for role in wanting(event, mine):
        part = parts[role]
        signature = key.sign(part.text.encode()).hex()
        parts[role] = Part(part.text, {**part.signatures, mine: signature})
    if parts == event.parts and not any(mine in one.signatures for one in parts.values()):
        raise EventRefused(f"key {mine[:12]} has no business with this: it counts for none of it")
    return msgspec.structs.replace(event, parts=parts)


def wanting(event: Event, keyid: str) -> list[str]:
    """The parts below which this key's signature counts."""
    return [
        role
        for role in event.parts
        if any(keyid in _keyids(by, role) for by in _judges(event, role))
    ]


def missing(event: Event) -> list[str]:
    """What still has to be signed, in words; empty when enough have."""
    said: list[str] = []
    for role in event.parts:
        for by in _judges(event, role):
            found = _result(event, by, role)
            if not found:
                others = ", ".join(sorted(map(_called, found.unsigned.values())))
                line = f"{role}: {found.missing} more of {others}"
                said += [] if line in said else [line]
    return said


def metadata(event: Event, role: str) -> Metadata[Any]:
    """One part as it is published."""
    signatures = {one: Signature(one, sig) for one, sig in event.parts[role].signatures.items()}
    return Metadata(event.signed(role), signatures)


def file_of(one: Metadata[Any]) -> bytes:
    return one.to_bytes(JSONSerializer(compact=True))


def _judges(event: Event, role: str) -> list[Root | Targets]:
    """Whose keys must stand below it: a new root needs the old root's and its own."""
    by = "targets" if role not in ("root", "targets") else "root"
    found = [event.signed(by)]
    before = event.before("root")
    if role == "root" and before is not None:
        found.insert(0, before)
    return [one for one in found if isinstance(one, Root | Targets)]


def _result(event: Event, by: Root | Targets, role: str) -> VerificationResult:
    one = metadata(event, role)
    return by.get_verification_result(role, event.parts[role].text.encode(), one.signatures)


def _keyids(by: Root | Targets, role: str) -> list[str]:
    return by.get_delegated_role(role).keyids


def _called(key: Any) -> str:
    whose = owner(key)
    return f"{key.keyid[:12]} ({whose})" if whose else str(key.keyid[:12])


def _signed(role: str, text: str) -> Signed:
    shape: type[Root | Targets] = Root if role == "root" else Targets
    return shape.from_dict(json.loads(text))
