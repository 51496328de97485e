"""The signed lists of keys: what the first ones say, and what the next ones say. Pure.

`root` names the keys of root and targets (the same people's, offline) and the office's online key
of snapshot and timestamp; `targets` signs for nothing itself: it names whose keys sign `content`
and `software`. Only what changes, or would no longer be validly signed, gets a next version. Never
signs, never asks a clock.
"""

from collections.abc import Mapping
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from typing import Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from securesystemslib.signer import SSlibKey
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Key,
    Metadata,
    Role,
    Root,
    Signed,
    Targets,
)
from tuf.api.serialization.json import CanonicalJSONSerializer

from provisioning.policy.keys import id_of
from wire.content import CONTENT, ROLES, SOFTWARE
from wire.envelope import raw

LIFE: Final = timedelta(days=365)
LEAST: Final = 2  # no one person, and no one stolen key, is enough for anything
ONLINE: Final = ("snapshot", "timestamp")
OWNER: Final = "x-anjungan-owner"  # in a key: whose it is, for people who read the list
OFFLINE: Final = ("root", "targets", *ROLES)


class DraftRefused(ValueError):  # noqa: N818 - says what happened
    """What was asked for cannot be signed by anybody; whoever asked must ask otherwise."""


class Holders(NamedTuple):
    """`keys`: public key (base64, 44 characters) -> whose it is. `threshold`: together so many."""

    keys: Mapping[str, str]
    threshold: int = LEAST


class First(NamedTuple):
    """`online` is the public key of the office's own, for snapshot and timestamp."""

    roots: Holders
    content: Holders
    software: Holders
    online: str


class Present(NamedTuple):
    """The newest of each, as they stand in the folder of releases."""

    root: Metadata[Root]
    targets: Metadata[Targets]
    roles: Mapping[str, Metadata[Targets]]  # of CONTENT and SOFTWARE


class Changes(NamedTuple):
    """Roles are "root", CONTENT and SOFTWARE. `remove`: beginnings of the names of keys.

    `online`: the public half of a new online key, empty for the present one. `renew`: the lists
    only get another year.
    """

    add: tuple[tuple[str, str, str], ...] = ()  # role, public key, whose
    remove: tuple[tuple[str, str], ...] = ()  # role, name of the key
    threshold: tuple[tuple[str, int], ...] = ()
    online: str = ""
    renew: bool = False


def tuf_key(public: str, owner: str = "") -> Key:
    """Raises ValueError for what is no public key, DraftRefused for what is no name."""
    id_of(public)
    if not owner.isprintable() or len(owner) > 80:  # what is signed does not escape it
        raise DraftRefused("whose a key is: at most 80 letters that can be printed")
    key = SSlibKey.from_crypto(Ed25519PublicKey.from_public_bytes(raw(public)))
    if owner:
        key.unrecognized_fields[OWNER] = owner
    return key


def owner(key: Key) -> str:
    return str(key.unrecognized_fields.get(OWNER, ""))


def text_of(signed: Signed) -> str:
    """The one spelling, which is what is signed."""
    return CanonicalJSONSerializer().serialize(signed).decode()


def first(how: First, now: int) -> dict[str, str]:
    """Role -> text of version 1 of root, targets and both empty lists of releases."""
    ends = _ends(now)
    root = Root(version=1, expires=ends, consistent_snapshot=True)
    _hold(root.keys, root.roles["root"], how.roots, "root")
    root.roles["targets"] = Role([*root.roles["root"].keyids], how.roots.threshold)
    _set_online(root, how.online)
    delegations = Delegations({}, {name: _delegated(name) for name in ROLES})
    roles = delegations.roles or {}
    for name, holders in ((CONTENT, how.content), (SOFTWARE, how.software)):
        _hold(delegations.keys, roles[name], holders, name)
    targets = Targets(version=1, expires=ends, delegations=delegations)
    made: dict[str, Signed] = {"root": root, "targets": targets}
    made |= {name: Targets(version=1, expires=ends) for name in ROLES}
    return {name: text_of(one) for name, one in made.items()}


def following(present: Present, changes: Changes, now: int) -> dict[str, str]:
    """Role -> text of the next version, of those that need one. Raises DraftRefused."""
    root, targets = deepcopy(present.root.signed), deepcopy(present.targets.signed)
    _change(root, targets, changes)
    if changes.online:
        _set_online(root, changes.online)
    made: dict[str, Signed] = {}
    if changes.renew or text_of(root) != text_of(present.root.signed):
        made["root"] = root
    changed = text_of(targets) != text_of(present.targets.signed)
    if changes.renew or changed or not holds(root, "targets", present.targets):
        made["targets"] = targets
    for name, list_ in present.roles.items():
        if not holds(targets, name, list_):
            made[name] = deepcopy(list_.signed)
    if not made:
        raise DraftRefused("nothing would change: say what shall")
    for one in made.values():
        one.version += 1
        one.expires = _ends(now)
    return {name: text_of(one) for name, one in made.items()}


def lists(present: Present) -> dict[str, Root | Targets]:
    """Role -> what is signed."""
    signed: dict[str, Root | Targets] = {"root": present.root.signed}
    signed["targets"] = present.targets.signed
    return signed | {role: one.signed for role, one in present.roles.items()}


def holds(by: Root | Targets, role: str, one: Metadata[Targets]) -> bool:
    """Whether `by` still has enough keys behind the signatures of this metadata."""
    return bool(by.get_verification_result(role, one.signed_bytes, one.signatures))


def role_in(root: Root, targets: Targets, name: str) -> Role:
    """Raises DraftRefused for a role that people have no keys of."""
    delegated: Mapping[str, Role] = (targets.delegations and targets.delegations.roles) or {}
    known = {"root": root.roles["root"], "targets": root.roles["targets"], **delegated}
    if name not in known:
        raise DraftRefused(f"no role {name!r}: root, {' or '.join(ROLES)}")
    return known[name]


def _change(root: Root, targets: Targets, changes: Changes) -> None:
    for name, public, whose in changes.add:
        _place(root, targets, name).add_key(tuf_key(public, whose), name)
    for name, said in changes.remove:
        _place(root, targets, name).revoke_key(_named(role_in(root, targets, name), said), name)
    for name, count in changes.threshold:
        role_in(root, targets, name).threshold = count
    for name in ("root", *ROLES):
        _check(role_in(root, targets, name), name)
    same = root.roles["targets"]
    for keyid in set(same.keyids) - set(root.roles["root"].keyids):
        root.revoke_key(keyid, "targets")
    same.keyids = [*root.roles["root"].keyids]
    same.threshold = root.roles["root"].threshold


def _place(root: Root, targets: Targets, name: str) -> Root | Targets:
    role_in(root, targets, name)
    return root if name == "root" else targets


def _named(role: Role, said: str) -> str:
    found = [keyid for keyid in role.keyids if said and keyid.startswith(said)]
    if len(found) != 1:
        raise DraftRefused(f"{said!r} names {len(found)} keys of this role: write more of its name")
    return found[0]


def _set_online(root: Root, public: str) -> None:
    """One key for both: a rotation must end both, or old snapshots outlive their thief."""
    key = tuf_key(public, "office")
    for name in ONLINE:
        for old in [one for one in root.roles[name].keyids if one != key.keyid]:
            root.revoke_key(old, name)
        root.add_key(key, name)
    if any(key.keyid in root.roles[name].keyids for name in ("root", "targets")):
        raise DraftRefused("the online key is one of the roots': it must be a key of its own")


def _delegated(name: str) -> DelegatedRole:
    return DelegatedRole(name, [], LEAST, terminating=True, paths=[f"{name}/*"])


def _hold(keys: dict[str, Key], role: Role, holders: Holders, name: str) -> None:
    for public, whose in holders.keys.items():
        key = tuf_key(public, whose)
        keys[key.keyid] = key
        role.keyids.append(key.keyid)
    role.threshold = holders.threshold
    _check(role, name)


def _check(role: Role, name: str) -> None:
    if not LEAST <= role.threshold <= len(role.keyids):
        raise DraftRefused(
            f"{name}: {role.threshold} of {len(role.keyids)} keys; at least {LEAST} must sign, and "
            "there must be as many keys"
        )


def _ends(now: int) -> datetime:
    return datetime.fromtimestamp(now // 1000, UTC) + LIFE
