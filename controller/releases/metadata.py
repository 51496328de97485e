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
    TargetFile,
    Targets,
)
from tuf.api.serialization import DeserializationError
from tuf.api.serialization.json import CanonicalJSONSerializer, JSONSerializer

from controller.releases import store
from controller.releases.folder import Releases, write
from wire.content import (
    MOST_INDEX,
    ROLES,
    About,
    Index,
    about_of,
    read_index,
    role_of,
    target_path,
)
from wire.errors import MalformedMessage

SIGNED_AT: Final = "signed_at"  # in timestamp: office milliseconds, a signed moment in the past
LIFE: Final = timedelta(days=365)  # of what people sign
KEEP: Final = 8  # releases of a bundle: every kiosk fetches the whole list
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
        return Metadata.from_bytes((releases.metadata / f"{name}.json").read_bytes())
    except (FileNotFoundError, *_BROKEN) as error:
        raise Held(
            f"{name}.json is missing or broken: the administrator must restore the folder of "
            f"releases ({type(error).__name__})"
        ) from None


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


def following(releases: Releases, role: str, now: int) -> Targets:
    """The next version of `content` or `software`, still with the releases of the present one."""
    number = newest(releases, role)
    old = read(releases, role).signed if number else Targets()
    made = Targets.from_dict(old.to_dict())
    made.version = number + 1
    made.expires = moment(now) + LIFE
    return made


def target(bundle: str, seq: int, sent: bytes, about: About) -> TargetFile:
    """The entry of an index, `sent` as it travels."""
    made = TargetFile.from_data(target_path(bundle, seq), sent, ["sha256"])
    made.unrecognized_fields["custom"] = custom(about)
    return made


def custom(about: About) -> dict[str, Any]:
    """As it stands in a list, and in the database."""
    made: dict[str, Any] = msgspec.to_builtins(about)
    return made


def offer(list_: Targets, entry: TargetFile) -> None:
    """Puts a release into a list; of each bundle the newest KEEP stay."""
    list_.targets[entry.path] = entry
    bundle = about_of(entry.custom).bundle
    abouts = [about_of(one.custom) for one in list_.targets.values()]
    numbers = sorted((one.seq for one in abouts if one.bundle == bundle), reverse=True)
    for seq in numbers[KEEP:]:
        del list_.targets[target_path(bundle, seq)]


def offered(found: Present | None, bundle: str) -> dict[int, TargetFile]:
    """Number -> entry of every release of this bundle that is signed now."""
    role = None if found is None else found.roles.get(role_of(bundle))
    if role is None:
        return {}
    abouts = {path: about_of(one.custom) for path, one in role.signed.targets.items()}
    return {a.seq: role.signed.targets[path] for path, a in abouts.items() if a.bundle == bundle}


def index_of(releases: Releases, entry: TargetFile) -> Index:
    """Of a release that is signed. Raises Held."""
    about = about_of(entry.custom)
    path = releases.index(about.bundle, about.seq, entry.hashes["sha256"])
    try:
        return read_index(store.unzstd(path.read_bytes(), MOST_INDEX), about)
    except (MalformedMessage, FileNotFoundError) as error:
        raise Held(f"{path.name} is missing or broken: restore the folder ({error})") from None


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
