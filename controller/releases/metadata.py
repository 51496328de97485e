"""TUF metadata in the folder of releases: read the newest of each role, judge it, write the next.

Judges as a kiosk does: root by its own keys, targets by root's, `content` and `software` by the
keys that targets names. Signs nothing; holds no clock. Versions are in the files' names, and only
timestamp has none.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final, NamedTuple

import msgspec
from securesystemslib.exceptions import StorageError
from securesystemslib.signer import Signature
from tuf.api.exceptions import RepositoryError
from tuf.api.metadata import (
    Key,
    Metadata,
    Role,
    Root,
    Signed,
    Targets,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import CanonicalJSONSerializer, JSONSerializer

from controller.releases.folder import Releases, write
from wire.content import ROLES

SIGNED_AT: Final = "signed_at"  # in timestamp: office milliseconds, a signed moment in the past
LIFE: Final = timedelta(days=365)  # of what people sign
_FILE = re.compile(r"([1-9][0-9]{0,9})\.([a-z]+)\.json", re.ASCII)
_BROKEN: Final = (
    DeserializationError, RepositoryError, StorageError, AttributeError, KeyError, RecursionError,
    TypeError, ValueError,
)  # fmt: skip


class Held(Exception):  # noqa: N818 - says what happened
    """Nothing can be published until a person acts; the sentence says who and what."""


class Present(NamedTuple):
    """The newest of each role that people sign. `roles` lacks what was never signed."""

    root: Metadata[Root]
    targets: Metadata[Targets]
    roles: dict[str, Metadata[Targets]]


def newest(releases: Releases, role: str) -> int:
    """Number of the newest version of a role, 0: none."""
    return max(versions(releases, role), default=0)


def versions(releases: Releases, role: str) -> list[int]:
    if not releases.metadata.is_dir():
        return []
    hits = (_FILE.fullmatch(one.name) for one in releases.metadata.iterdir())
    return sorted(int(hit[1]) for hit in hits if hit and hit[2] == role)


def present(releases: Releases) -> Present | None:
    """None before the first ceremony. Raises Held when a file is broken."""
    if not newest(releases, "root") or not newest(releases, "targets"):
        return None
    roles = {role: read(releases, role) for role in ROLES if newest(releases, role)}
    return Present(read(releases, "root"), read(releases, "targets"), roles)


def read(releases: Releases, role: str) -> Metadata[Any]:
    """The newest of a role. Raises Held."""
    name = "timestamp" if role == "timestamp" else f"{newest(releases, role)}.{role}"
    try:
        one = Metadata.from_bytes((releases.metadata / f"{name}.json").read_bytes())
    except (FileNotFoundError, *_BROKEN) as error:
        raise Held(
            f"{name}.json is missing or broken: the administrator must restore the folder of "
            f"releases ({type(error).__name__})"
        ) from None
    if role != "timestamp" and one.signed.version != newest(releases, role):
        raise Held(f"{name}.json has another number than its name: restore the folder of releases")
    return one


def read_version(releases: Releases, role: str, number: int) -> Metadata[Any]:
    """One of a role. Raises Held, FileNotFoundError."""
    path = releases.metadata / f"{number}.{role}.json"
    try:
        return Metadata.from_bytes(path.read_bytes())
    except FileNotFoundError:
        raise
    except _BROKEN as error:
        raise Held(f"{path.name} is broken: restore the folder ({type(error).__name__})") from None


def trouble(found: Present) -> str:
    """Why a kiosk would refuse this set, for a person; empty when it would not."""
    if not verified(found.root.signed, "root", found.root):
        return "not enough roots have signed the newest root: store one that is signed"
    if not verified(found.root.signed, "targets", found.targets):
        return "the newest targets are not signed by the keys of the root: sign them again"
    for role, one in found.roles.items():
        if not verified(found.targets.signed, role, one):
            return f"the newest {role} is not signed by the keys in force: sign it again"
    return ""


def verified(by: Root | Targets, role: str, one: Metadata[Any]) -> bool:
    try:
        return bool(by.get_verification_result(role, one.signed_bytes, one.signatures))
    except ValueError:
        return False


def holders(found: Present, role: str) -> tuple[int, list[Key]]:
    """Threshold and keys of `content` or `software`. Raises Held when there are none."""
    delegations = found.targets.signed.delegations
    known: dict[str, Any] = dict(delegations.roles or {}) if delegations else {}
    if delegations is None or role not in known:
        raise Held(f"nobody may sign {role} yet: hold the ceremony of keys")
    its: Role = known[role]
    return its.threshold, [delegations.keys[keyid] for keyid in its.keyids]


def text_of(signed: Signed) -> str:
    """The one spelling, which is what is signed."""
    return CanonicalJSONSerializer().serialize(signed).decode()


def from_text(text: str) -> Targets:
    return Targets.from_dict(msgspec.json.decode(text))


def in_force(releases: Releases, role: str) -> Targets | None:
    """The newest list of `content` or `software`, None before the first. Raises Held.

    Held when kiosks would not believe it: what people sign is never put on top of such a list, nor
    compared with it. Else whoever can write a file here has people sign for what is in it.
    """
    found = present(releases)
    if found is None or role not in found.roles:
        return None
    if why := trouble(found._replace(roles={role: found.roles[role]})):
        raise Held(why)
    return found.roles[role].signed


def following(releases: Releases, role: str, now: int) -> Targets:
    """The next version of the list in force, still with its releases. Raises Held."""
    old = in_force(releases, role)
    made = Targets() if old is None else Targets.from_dict(old.to_dict())
    made.version = 1 if old is None else old.version + 1
    made.expires = moment(now) + LIFE
    return made


def put(releases: Releases, name: str, one: Metadata[Any]) -> bytes:
    """Writes it as `name`.json; the bytes that were written. Raises OSError."""
    body = one.to_bytes(JSONSerializer(compact=True))
    write(releases.metadata / f"{name}.json", body)
    return body


def signed_with(text: str, signatures: dict[str, str]) -> Metadata[Targets]:
    """`signatures`: name of the key -> Ed25519 in hex."""
    made = {key: Signature(key, hex_) for key, hex_ in sorted(signatures.items())}
    return Metadata(from_text(text), made)


def moment(now: int) -> datetime:
    """TUF counts whole seconds."""
    return datetime.fromtimestamp(now // 1000, UTC)
