"""What is different between two releases, file by file, as people read it. Pure."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from wire.content import File, Index

MOST: Final = 500  # files that are named; the counts are of all


class Change(NamedTuple):
    """`what`: added, changed, removed. `before` and `after`: bytes of the file.

    `sent`: those bytes of it (plain) that a kiosk with the parent does not have yet.
    """

    path: str
    what: str
    before: int
    after: int
    sent: int


class Changes(NamedTuple):
    """Against the parent. `files`: the largest first, at most MOST."""

    added: int = 0
    changed: int = 0
    removed: int = 0
    same: int = 0
    files: tuple[Change, ...] = ()


def compare(old: Index | None, new: Index) -> Changes:
    before = {} if old is None else {file.path: file for file in old.files}
    after = {file.path: file for file in new.files}
    had = {name for file in before.values() for name, _ in file.chunks}
    found: list[Change] = []
    for path, file in after.items():
        known = before.get(path)
        if known is None or known.sha256 != file.sha256:
            what, size = ("added", 0) if known is None else ("changed", known.size)
            found.append(Change(path, what, size, file.size, _lacking(file, had)))
    gone = [Change(path, "removed", file.size, 0, 0) for path, file in before.items()]
    found += [one for one in gone if one.path not in after]
    counts = {what: sum(one.what == what for one in found) for what in _WORDS}
    same = len(after) - counts["added"] - counts["changed"]
    found.sort(key=lambda one: (-one.sent, -max(one.before, one.after), one.path))
    return Changes(**counts, same=same, files=tuple(found[:MOST]))


def stored(changes: Changes) -> dict[str, Any]:
    """As the column of a release keeps it."""
    return changes._asdict() | {"files": [list(one) for one in changes.files]}


def restored(column: Mapping[str, Any]) -> Changes:
    """What `stored` made; of an empty column no change."""
    if not column:
        return Changes()
    files = tuple(Change(*one) for one in column["files"])
    counts = {word: column[word] for word in (*_WORDS, "same")}
    return Changes(**counts, files=files)


def _lacking(file: File, had: set[str]) -> int:
    return sum(length for name, length in dict(file.chunks).items() if name not in had)


_WORDS: Final = ("added", "changed", "removed")
