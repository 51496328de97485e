"""The releases of one bundle on this disk: each in a slot, and one of them current.

Owns <folder>/<bundle>/: `slots/<seq>/` (the files of a release, whole or not there under that
name), `slots/<seq>.idx` and `slots/<seq>.about.json` (the papers they are checked against),
`current` (a link to one slot, switched by one rename) and `shelf/` (chunks of the release on its
way). Never looks at signatures: what is put here was checked before.
"""

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Final

import msgspec

from agent import disk, folders
from wire.content import MOST_INDEX, About, Index, read_index, write_index
from wire.errors import MalformedMessage

CURRENT: Final = "current"
_SLOT = re.compile(r"slots/([1-9][0-9]{0,9})", re.ASCII)
_OURS = re.compile(r"([1-9][0-9]{0,9})(\.tmp|\.gone|\.idx|\.about\.json)?", re.ASCII)


class Slots:
    """`folder` is that of one bundle. Raises OSError when the disk refuses: nothing half done."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.shelf = folder / "shelf"
        self._slots = folder / "slots"

    def tree(self, seq: int) -> Path:
        """Where the files of that release stand, if they do."""
        return self._slots / str(seq)

    def has(self, seq: int) -> bool:
        return self.tree(seq).is_dir()

    @property
    def current(self) -> int:
        """The release in use, 0 for none."""
        try:
            found = _SLOT.fullmatch(str((self.folder / CURRENT).readlink()))
        except OSError:
            return 0
        return int(found[1]) if found else 0

    def all(self) -> tuple[int, ...]:
        """Every release that stands here whole, the oldest first."""
        found = self._slots.iterdir() if self._slots.is_dir() else ()
        return tuple(sorted(int(one.name) for one in found if one.name.isdigit() and one.is_dir()))

    def papers(self, seq: int) -> tuple[About, Index] | None:
        """What its files are checked against; None when they are not there, or damaged."""
        try:
            told = (self._slots / f"{seq}.about.json").read_bytes()
            about = msgspec.json.decode(told, type=About)
            with (self._slots / f"{seq}.idx").open("rb") as file:
                return about, read_index(file.read(MOST_INDEX + 1), about)
        except (OSError, msgspec.MsgspecError, MalformedMessage):
            return None

    def keep_papers(self, about: About, index: Index) -> None:
        """On the disk when this returns."""
        folders.make(self._slots)
        disk.write(self._slots / f"{about.seq}.idx", write_index(index))
        disk.write(self._slots / f"{about.seq}.about.json", msgspec.json.encode(about))

    def build(self, seq: int, fill: Callable[[Path], None]) -> None:
        """`fill` makes the tree, synced, in a folder that gets its name when it is whole.

        What an earlier try has left there is there still: `fill` checks it.
        """
        temporary = self._slots / f"{seq}.tmp"
        folders.make(temporary)
        fill(temporary)
        folders.remove(self.tree(seq))
        temporary.rename(self.tree(seq))
        disk.sync_folder(self._slots)

    def switch(self, seq: int) -> None:
        """That release is in use; 0: none is. Whatever is cut, the old one or the new one."""
        link = self.folder / CURRENT
        if seq == 0:
            disk.remove(link)
        else:
            disk.switch(link, f"slots/{seq}")

    def empty_shelf(self) -> None:
        shutil.rmtree(self.shelf, ignore_errors=True)

    def prune(self, keep: set[int]) -> None:
        """All but these and the one in use go, whole or begun, and whatever a cut left of them."""
        keep = {*keep, self.current}
        for path in sorted(self._slots.iterdir()) if self._slots.is_dir() else ():
            found = _OURS.fullmatch(path.name)
            if found is None or (int(found[1]) in keep and found[2] not in (".tmp", ".gone")):
                continue
            if found[2] in (".tmp", ".gone"):
                shutil.rmtree(path, ignore_errors=True)
            elif found[2] is None:
                folders.remove(path)
            else:
                path.unlink(missing_ok=True)
