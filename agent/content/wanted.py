"""What the office desires here, kept on the disk: it outlives the connection and the power.

Owns wants.json below <state_dir>/content. Of each bundle the Want with the highest number counts;
a bundle the office does not name stays as it was. Judges no signature: what comes here was checked.
"""

from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from agent import disk, folders
from wire.wants import Want, Wants

MOST: Final = 16  # bundles; a birth has room for no more
NAME: Final = "wants.json"


class Kept(Struct, frozen=True):
    """`url`: where releases are, empty for the office's door."""

    wants: tuple[Want, ...] = ()
    url: str = ""


def merged(kept: Kept, said: Wants) -> Kept:
    """Equal to `kept` when `said` says nothing new."""
    by_bundle = {one.bundle: one for one in kept.wants}
    for want in said.wants:
        known = by_bundle.get(want.bundle)
        if want.number > known.number if known else len(by_bundle) < MOST:
            by_bundle[want.bundle] = want
    return Kept(tuple(by_bundle[name] for name in sorted(by_bundle)), said.url)


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
