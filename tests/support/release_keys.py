"""Keys of people and of the office, and a folder of releases in which the ceremony was held.

Ed25519 keys are quick to make; the folder is a few small files. `Held` is for whoever needs keys to
sign releases with.
"""

from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.policy import keys
from provisioning.release import ceremony, drafts
from provisioning.release.ceremony import AtHand
from provisioning.release.drafts import Changes

NOW = 1_790_000_000_000


class Held(NamedTuple):
    """`releases`: the folder; `at_hand`: keys of people; `online`: file of the office's key."""

    releases: Path
    at_hand: AtHand
    online: Path
    keys: Path

    def admit(self, changes: Changes, *more: Ed25519PrivateKey, now: int = NOW) -> list[str]:
        return ceremony.admit(self.releases, changes, [*self.at_hand.every, *more], now)

    def version(self, role: str) -> int:
        return ceremony.newest(self.releases, role)


def id_of(key: Ed25519PrivateKey) -> str:
    """As TUF names it."""
    return drafts.tuf_key(keys.public(key)).keyid


def hold(folder: Path, now: int = NOW) -> Held:
    """The first ceremony, with two keys of each kind, below `folder`."""
    at_hand = ceremony.make_at_hand(folder / "keys")
    ceremony.init(folder / "releases", at_hand, folder / "release.key", now)
    return Held(folder / "releases", at_hand, folder / "release.key", folder / "keys")
