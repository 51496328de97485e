"""What differs between a table and a machine. Looks, and never changes anything.

An administrator's change is told from our own older text by the ledger. A file that is not ours
although it stands where ours should is treated as an administrator's.
"""

import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final, NamedTuple

from provisioning.files.ledger import Ledger, fingerprint
from provisioning.files.place import Place
from provisioning.files.rows import File, Folder, Link, Row

MISSING: Final = "missing"
OLD: Final = "older text of ours"
BY_HAND: Final = "changed by hand"
MODE: Final = "mode"
OWNER: Final = "owner"
KIND: Final = "something else is there"
LEFT_OVER: Final = "no longer needed"


class Difference(NamedTuple):
    """`act` is empty when running the command again without --check puts it right."""

    path: str
    what: str
    detail: str = ""
    act: str = ""

    def __str__(self) -> str:
        said = f"{self.path}: {self.what}" + (f" ({self.detail})" if self.detail else "")
        return f"{said}; {self.act}" if self.act else said


def differences(rows: Iterable[Row], place: Place, ledger: Ledger) -> list[Difference]:
    rows = list(rows)
    found = [one for row in rows for one in of_row(row, place, ledger)]
    return [*found, *_left_over({row.path for row in rows}, place, ledger)]


def of_row(row: Row, place: Place, ledger: Ledger) -> Iterator[Difference]:
    at = place.at(row.path)
    match row:
        case File():
            yield from _of_file(row, at, place, ledger)
        case Folder():
            yield from _of_folder(row, at, place)
        case Link():
            yield from _of_link(row, at, ledger)


def _of_file(row: File, at: Path, place: Place, ledger: Ledger) -> Iterator[Difference]:
    if not at.is_symlink() and not at.exists():
        yield Difference(row.path, MISSING)
    elif row.seed:
        return
    elif at.is_symlink() or not at.is_file():
        yield Difference(row.path, KIND, "a regular file is expected", "move it away")
    else:
        there = at.read_bytes()
        if there != row.text.encode():
            yield _changed(row.path, fingerprint(there), ledger)
        yield from _rights(row, at, place)


def _of_folder(row: Folder, at: Path, place: Place) -> Iterator[Difference]:
    if not at.is_symlink() and not at.exists():
        yield Difference(row.path, MISSING)
    elif at.is_symlink() or not at.is_dir():
        yield Difference(row.path, KIND, "a folder is expected", "move it away")
    else:
        yield from _rights(row, at, place)


def _of_link(row: Link, at: Path, ledger: Ledger) -> Iterator[Difference]:
    if at.is_symlink():
        there = str(at.readlink())
        if there != row.target:
            yield _changed(row.path, fingerprint(there.encode()), ledger)
    elif at.exists():
        yield Difference(row.path, KIND, f"a link to {row.target} is expected", "move it away")
    else:
        yield Difference(row.path, MISSING)


def _changed(path: str, there: str, ledger: Ledger) -> Difference:
    if ledger.written.get(path) == there:
        return Difference(path, OLD)
    return Difference(path, BY_HAND, act="compare it, then --force to replace it (a copy is kept)")


def _rights(row: File | Folder, at: Path, place: Place) -> Iterator[Difference]:
    status = at.stat()
    mode = stat.S_IMODE(status.st_mode)
    if mode != row.mode:
        yield Difference(row.path, MODE, f"{mode:04o} instead of {row.mode:04o}")
    if not place.chown:
        return
    wanted = (place.uid(row.owner), place.gid(row.group))
    if None in wanted:
        yield Difference(row.path, OWNER, f"no account {row.owner}:{row.group} here")
    elif wanted != (status.st_uid, status.st_gid):
        there = f"{status.st_uid}:{status.st_gid}"
        yield Difference(row.path, OWNER, f"{there} instead of {row.owner}:{row.group}")


def _left_over(kept: set[str], place: Place, ledger: Ledger) -> Iterator[Difference]:
    """What we wrote for other options and nobody changed since."""
    for path, mark in ledger.written.items():
        at = place.at(path)
        if path not in kept and (at.is_symlink() or at.is_file()):
            there = str(at.readlink()).encode() if at.is_symlink() else at.read_bytes()
            if fingerprint(there) == mark:
                yield Difference(path, LEFT_OVER)
            else:
                yield Difference(path, LEFT_OVER, "changed by hand", "remove it yourself")
