"""Every file below a folder, and what is there that is none. Follows no link, opens nothing."""

import os
import stat
from collections.abc import Iterator
from pathlib import Path

from wire.content import MOST_FILES, MOST_PATH, bad_path


def collect(tree: Path) -> tuple[list[tuple[str, int]], list[str]]:
    """Regular files with their sizes, by path; and what else was met."""
    found: list[tuple[str, int]] = []
    problems: list[str] = []
    for path, about in _walk(tree, ""):
        shown = path.encode("utf-8", "replace").decode()
        if not stat.S_ISREG(about.st_mode):
            problems.append(f"{shown!r} is no plain file: {_kind(about.st_mode)}")
        elif why := bad_path(path):
            problems.append(f"{shown[:200]!r}: {why}")
        else:
            found.append((path, about.st_size))
        if len(found) + len(problems) > MOST_FILES:
            break
    return sorted(found), problems


def _walk(folder: Path, before: str) -> Iterator[tuple[str, os.stat_result]]:
    with os.scandir(folder) as entries:
        for entry in sorted(entries, key=lambda one: one.name):
            path = f"{before}{entry.name}"
            # What lies deeper than any path may be is not entered: it is refused by its folder.
            if entry.is_dir(follow_symlinks=False) and len(path) <= MOST_PATH:
                yield from _walk(folder / entry.name, f"{path}/")
            else:
                yield path, entry.stat(follow_symlinks=False)


def _kind(mode: int) -> str:
    kinds = {
        stat.S_IFLNK: "a link",
        stat.S_IFDIR: "a folder too deep",
        stat.S_IFIFO: "a pipe",
        stat.S_IFSOCK: "a socket",
        stat.S_IFCHR: "a device",
        stat.S_IFBLK: "a device",
    }
    return kinds.get(stat.S_IFMT(mode), "something else")
