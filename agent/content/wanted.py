"""What the office desires here, kept on the disk: it outlives the connection and the power.

Owns wants.json below <state_dir>/content. Of each bundle the Want with the highest number counts;
a bundle the office does not name stays as it was. Who signed a Want is kept beside it: with a key
that counts no more goes all it has said, numbers too. Judges no signature: what comes here was
checked.
"""

from collections.abc import Collection
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from agent import disk, folders
from wire.wants import Want, Wants

MOST: Final = 16  # bundles; a birth has room for no more
NAME: Final = "wants.json"


class Kept(Struct, frozen=True):
    """`url`: where releases are, empty for the office's door. `by`: bundle -> name of the key."""

    wants: tuple[Want, ...] = ()
    url: str = ""
    by: dict[str, str] = {}


def merged(kept: Kept, said: Wants, key: str = "") -> Kept:
    """Equal to `kept` when `said` says nothing new. `key`: its name, who signed `said`."""
    by_bundle, by = {one.bundle: one for one in kept.wants}, dict(kept.by)
    older = False
    for want in said.wants:
        known = by_bundle.get(want.bundle)
        if want.number > known.number if known else len(by_bundle) < MOST:
            by_bundle[want.bundle] = want
            by[want.bundle] = key
        older = older or (known is not None and want.number < known.number)
    url = kept.url if older else said.url  # a word that comes once more, late
    return Kept(tuple(by_bundle[name] for name in sorted(by_bundle)), url, by)


def believed(kept: Kept, keys: Collection[str]) -> Kept:
    """What was signed by these: a thief's number may lie above all that will ever be said."""
    wants = tuple(one for one in kept.wants if kept.by.get(one.bundle, "") in keys)
    if wants == kept.wants:
        return kept
    return Kept(wants, kept.url, {one.bundle: kept.by[one.bundle] for one in wants})


def read(folder: Path) -> Kept:
    """Nothing when there is none, or a damaged one: the office will say it again."""
    try:
        return msgspec.json.decode((folder / NAME).read_bytes(), type=Kept)
    except (OSError, msgspec.MsgspecError):
        return Kept()


def write(folder: Path, kept: Kept) -> None:
    """On the disk when this returns. Raises OSError."""
    folders.make(folder, 0o700)
    disk.write(folder / NAME, msgspec.json.encode(kept))
