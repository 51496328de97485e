"""The office's side of the ceremony: the first lists of keys, the next ones, and their storing.

Works on the folder of releases alone. Never holds what people sign with, but where their keys were
put at hand (a demonstration, a test). Whoever stores has read the folder again: an event says what
it was drafted against, the folder says what is so.
"""

import re
from collections.abc import Collection, Iterable
from pathlib import Path
from typing import Any, Final, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tuf.api.metadata import Metadata, Root, Targets

from provisioning.authority.files import make_folder, put
from provisioning.policy import keys
from provisioning.release import drafts, event
from provisioning.release.drafts import Changes, DraftRefused, First, Holders, Present
from provisioning.release.event import BROKEN, Event, EventRefused
from wire.content import CONTENT, ROLES, SOFTWARE

METADATA: Final = "metadata"
_FILE = re.compile(r"([1-9][0-9]{0,9})\.([a-z]+)\.json", re.ASCII)


class AtHand(NamedTuple):
    """Keys that lie on this machine: for a demonstration, and for tests."""

    roots: list[Ed25519PrivateKey]
    content: list[Ed25519PrivateKey]
    software: list[Ed25519PrivateKey]

    @property
    def every(self) -> list[Ed25519PrivateKey]:
        return [*self.roots, *self.content, *self.software]


def present(releases: Path) -> Present | None:
    """The newest of each in this folder; None before the first ceremony. Raises EventRefused."""
    if not newest(releases, "root"):
        return None
    root: Metadata[Root] = _read(releases, "root")
    targets: Metadata[Targets] = _read(releases, "targets")
    return Present(root, targets, {role: _read(releases, role) for role in ROLES})


def newest(releases: Path, role: str) -> int:
    """Number of the newest version of a role, 0: none."""
    folder = releases / METADATA
    hits = (_FILE.fullmatch(one.name) for one in folder.iterdir()) if folder.is_dir() else ()
    return max((int(hit[1]) for hit in hits if hit and hit[2] == role), default=0)


def first_root(releases: Path) -> str:
    """What a kiosk is given at the door: the text of the newest root, empty before there is one."""
    number = newest(releases, "root")
    if not number:
        return ""
    return (releases / METADATA / f"{number}.root.json").read_text("utf-8")


def make_at_hand(folder: Path, passphrase: bytes | None = None) -> AtHand:
    """Two keys of each kind in this folder, for its owner alone; those that are there stay.

    Raises KeyRefused, Unsafe, OSError.
    """
    make_folder(folder)
    kinds = ([_kept(folder / f"{kind}-{n}.pem", passphrase) for n in (1, 2)] for kind in _KINDS)
    return AtHand(*kinds)


def init(releases: Path, at_hand: AtHand, online: Path, now: int) -> bool:
    """The first lists, all keys at hand; False when there are some. Cut, it is done again.

    `online`: file of the office's key for snapshot and timestamp, made when it is missing.
    Raises DraftRefused, EventRefused, KeyRefused, Unsafe, OSError.
    """
    if present(releases) is not None:
        return False
    office = keys.public(keys.read_or_make(online))
    root, content = _held("root", at_hand.roots), _held(CONTENT, at_hand.content)
    how = First(root, content, _held(SOFTWARE, at_hand.software), office)
    store(releases, signed(event.drafted(drafts.first(how, now), None), at_hand.every))
    return True


def propose(releases: Path, changes: Changes, now: int) -> Event:
    """The next lists, unsigned. Raises DraftRefused, EventRefused."""
    found = present(releases)
    if found is None:
        raise DraftRefused("there are no lists of keys yet: `anjungan releases keys init`")
    return event.drafted(drafts.following(found, changes, now), found)


def signed(one: Event, with_: Iterable[Ed25519PrivateKey]) -> Event:
    """By each of these keys that counts for something of it."""
    for key in with_:
        if event.wanting(one, drafts.tuf_key(keys.public(key)).keyid):
            one = event.add(one, key)
    return one


def store(releases: Path, one: Event) -> list[str]:
    """Puts what enough have signed into the folder; the controller publishes it. What was stored.

    The root comes last: whoever is cut here stores again, and no kiosk has seen half of it.
    Raises EventRefused: somebody must sign, or it was drafted against lists that are old by now.
    """
    found = present(releases)
    now_in_force = {} if found is None else event.texts_of(found)
    _check_fits(one, now_in_force)
    judged = Event(parts=one.parts, present=now_in_force)
    if lacks := event.missing(judged):
        raise EventRefused(f"not enough have signed: {'; '.join(lacks)}")
    make_folder(releases, 0o755)
    make_folder(releases / METADATA, 0o755)
    names = [f"{judged.signed(role).version}.{role}.json" for role in one.parts]
    for role, name in reversed([*zip(one.parts, names, strict=True)]):
        put(releases / METADATA / name, event.file_of(event.metadata(judged, role)))
    return names


def admit(
    releases: Path, changes: Changes, with_: Collection[Ed25519PrivateKey], now: int
) -> list[str]:
    """Propose, sign and store at once, where the keys are at hand. Raises as the three."""
    return store(releases, signed(propose(releases, changes, now), with_))


def _check_fits(one: Event, in_force: dict[str, str]) -> None:
    for role in one.parts:
        before = event.Event(parts={}, present=in_force).before(role)
        expected = 1 if before is None else before.version + 1
        if one.signed(role).version != expected:
            raise EventRefused(
                f"{role} here is version {one.signed(role).version}, the next one is {expected}: "
                "propose it again"
            )


def _read(releases: Path, role: str) -> Metadata[Any]:
    path = releases / METADATA / f"{newest(releases, role)}.{role}.json"
    try:
        return Metadata.from_bytes(path.read_bytes())
    except (FileNotFoundError, *BROKEN) as error:
        raise EventRefused(
            f"{path} is missing or broken: the administrator must restore the folder of releases "
            f"({type(error).__name__})"
        ) from None


def _kept(path: Path, passphrase: bytes | None) -> Ed25519PrivateKey:
    return keys.read(path, passphrase) if path.exists() else keys.make(path, passphrase)


def _held(kind: str, of: Collection[Ed25519PrivateKey]) -> Holders:
    """By the names of their files: nobody is known yet whom they belong to."""
    return Holders({keys.public(one): f"{kind}-{n}" for n, one in enumerate(of, 1)})


_KINDS: Final = ("root", CONTENT, SOFTWARE)
