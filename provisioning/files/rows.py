"""The rows of a table of files: what stands where, whose it is, and why.

Values only. Paths are absolute, as the machine itself will see them, whatever root they are
written below. Never reads or writes anything.
"""

from typing import NamedTuple


class File(NamedTuple):
    """A regular file. `then` is the command that makes a change of it count on a running machine.

    `seed`: written once, when there is none, and from then on somebody else's.
    """

    path: str
    text: str
    why: str
    mode: int = 0o644
    owner: str = "root"
    group: str = "root"
    seed: bool = False
    then: str = ""


class Folder(NamedTuple):
    path: str
    why: str
    mode: int = 0o755
    owner: str = "root"
    group: str = "root"


class Link(NamedTuple):
    """A symbolic link; `target` is taken as it is."""

    path: str
    target: str
    why: str
    then: str = ""


Row = File | Folder | Link


def tmpfiles(folders: list[Folder]) -> str:
    """The folders in the words of tmpfiles.d: one that was lost is there again after a boot."""
    lines = [f"d {f.path} {f.mode:04o} {f.owner} {f.group} -" for f in folders]
    return "\n".join([*lines, ""])
