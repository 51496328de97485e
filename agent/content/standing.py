"""Which releases are in use here, as the links on the disk say: what every birth tells.

Owns the reading of `current` below the folders of content and of programs, and nothing else there:
whoever checks or switches is the child. Imports little: the resident agent asks it.
"""

from pathlib import Path
from typing import Final

from agent.content.told import AGENT

MOST: Final = 16  # a birth has room for no more
_LETTERS: Final = frozenset("abcdefghijklmnopqrstuvwxyz0123456789-")


class Standing:
    """`folder` of content, `programs` of software or None; `release`: of the agent that runs.

    What the link says of the agent is what runs next; what runs now knows better: 0 when it is what
    was installed by hand. None: nobody knows but the link.
    """

    def __init__(
        self, folder: Path, programs: Path | None = None, release: int | None = None
    ) -> None:
        self._folders = [one for one in (folder, programs) if one is not None]
        self._release = release

    def in_use(self) -> dict[str, int]:
        """Bundle -> number of its release; a bundle without one is not there."""
        found = {}
        for folder in self._folders:
            for bundle in _names(folder):
                if seq := _current(folder / bundle):
                    found[bundle] = seq
        if self._release is not None:
            found.pop(AGENT, None)
        if self._release:
            found[AGENT] = self._release
        return dict(sorted(found.items())[:MOST])


def _names(folder: Path) -> list[str]:
    try:
        names = [one.name for one in folder.iterdir()]
    except OSError:
        return []
    # Whatever else lies there, a name the office would not understand must not spoil a birth.
    return [name for name in names if name[:1].isalpha() and len(name) <= 32 and _plain(name)]


def _plain(name: str) -> bool:
    return _LETTERS.issuperset(name)


def _current(folder: Path) -> int:
    try:
        link = str((folder / "current").readlink())
    except OSError:
        return 0
    slots, _, name = link.partition("/")
    return int(name) if slots == "slots" and name.isascii() and name.isdigit() else 0
