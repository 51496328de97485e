"""One machine's root folder: where a path lies below it, and which numbers its accounts have.

Accounts are looked up in the root's own files: those of the machine that runs this say nothing
about it. Never leaves the root, whatever links lie in it.
"""

import os
from functools import cached_property
from pathlib import Path
from typing import Final

_ROOT: Final = 0


class Outside(ValueError):  # noqa: N818 - says what happened
    """A link inside the root leads out of it: whoever made it must act."""


class Place:
    """`chown` is whether owners can be set and are compared: only root can."""

    def __init__(self, root: Path, *, chown: bool | None = None) -> None:
        self.root = root.resolve()
        self.chown = os.geteuid() == 0 if chown is None else chown

    def at(self, path: str) -> Path:
        """Where `path` lies. Its last part may be a link, those before it may not lead outside."""
        place = self.root / path.lstrip("/")
        if not place.parent.resolve().is_relative_to(self.root):
            raise Outside(f"{path}: a link leads out of {self.root}")
        return place

    def uid(self, name: str) -> int | None:
        return _ROOT if name == "root" else self._users.get(name)

    def gid(self, name: str) -> int | None:
        return _ROOT if name == "root" else self._groups.get(name)

    def forget_accounts(self) -> None:
        """After accounts were made: they are read again."""
        for known in ("_users", "_groups"):
            self.__dict__.pop(known, None)

    @cached_property
    def _users(self) -> dict[str, int]:
        return _numbers(self.root / "etc/passwd")

    @cached_property
    def _groups(self) -> dict[str, int]:
        return _numbers(self.root / "etc/group")


def _numbers(path: Path) -> dict[str, int]:
    try:
        lines = path.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {}
    parts = [line.split(":") for line in lines]
    return {p[0]: int(p[2]) for p in parts if len(p) > 2 and p[2].isdigit()}
