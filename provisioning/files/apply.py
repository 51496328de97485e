"""Puts a machine right: writes what is missing or our own older text, sets modes and owners.

Never replaces what somebody else wrote: our text is then laid below NEW to be compared, and only
`force` replaces it, after a copy was laid below KEPT. Not beside the file: Chromium reads every
file of its folder of policies, whatever its name.
"""

import os
import shutil
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from provisioning.files.compare import BY_HAND, KIND, LEFT_OVER, Difference, differences, of_row
from provisioning.files.ledger import FOLDER, Ledger, fingerprint, write
from provisioning.files.place import Place
from provisioning.files.rows import File, Folder, Link, Row

NEW: Final = f"{FOLDER}/new"
KEPT: Final = f"{FOLDER}/kept"


def apply(
    rows: Iterable[Row], place: Place, ledger: Ledger, *, force: bool = False
) -> tuple[list[Difference], list[Difference]]:
    """What was put right, and what was left to a person. The ledger is saved at the end."""
    rows = list(rows)
    by_path = {row.path: row for row in rows}
    done: list[Difference] = []
    left: list[Difference] = []
    for one in differences(rows, place, ledger):
        row = by_path.get(one.path)
        righted = _put(row, one, place, force=force) if row else _remove(one, place, ledger)
        (done if righted else left).append(one)
    for row in rows:
        _remember(row, place, ledger)
    ledger.save()
    return done, left


def put_first(
    rows: Iterable[Row], path: str, place: Place, ledger: Ledger, *, force: bool = False
) -> list[Difference]:
    """Puts the row of `path` right before all others; what could not be is said by `apply`."""
    done: list[Difference] = []
    for row in rows:
        if row.path == path:
            found = [*of_row(row, place, ledger)]
            done += [one for one in found if _put(row, one, place, force=force)]
            _remember(row, place, ledger)
    return done


def _put(row: Row, one: Difference, place: Place, *, force: bool) -> bool:
    at = place.at(row.path)
    if one.what == KIND:
        return False
    if one.what == BY_HAND:
        if not force:
            _propose(row, place)
            return False
        _keep(row.path, at, place)
    match row:
        case File():
            return _put_file(row, one, at, place)
        case Folder():
            return _put_folder(row, at, place)
        case Link():
            _put_link(row, at)
            return True


def _put_file(row: File, one: Difference, at: Path, place: Place) -> bool:
    owner = _owner(row, place)
    if one.what in ("mode", "owner"):
        return _rights(row, at, owner, place)
    write(at, row.text.encode(), row.mode, owner if place.chown else None)
    return owner is not None or not place.chown


def _put_folder(row: Folder, at: Path, place: Place) -> bool:
    at.mkdir(parents=True, exist_ok=True)
    return _rights(row, at, _owner(row, place), place)


def _rights(row: File | Folder, at: Path, owner: tuple[int, int] | None, place: Place) -> bool:
    """False when the account is not there: it stays root's, which lets nobody in too early."""
    if place.chown and owner is not None:
        os.chown(at, *owner, follow_symlinks=False)
    at.chmod(row.mode)
    return owner is not None or not place.chown


def _put_link(row: Link, at: Path) -> None:
    at.parent.mkdir(parents=True, exist_ok=True)
    beside = at.with_name(f".{at.name}.part")
    beside.unlink(missing_ok=True)
    beside.symlink_to(row.target)
    beside.replace(at)


def _owner(row: File | Folder, place: Place) -> tuple[int, int] | None:
    uid, gid = place.uid(row.owner), place.gid(row.group)
    return None if uid is None or gid is None else (uid, gid)


def _propose(row: Row, place: Place) -> None:
    if isinstance(row, File):
        proposal = place.at(NEW + row.path)
        if not proposal.is_file() or proposal.read_bytes() != row.text.encode():
            write(proposal, row.text.encode(), 0o600)


def _keep(path: str, at: Path, place: Place) -> None:
    kept = place.at(KEPT + path)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.unlink(missing_ok=True)
    shutil.copy2(at, kept, follow_symlinks=False)


def _remove(one: Difference, place: Place, ledger: Ledger) -> bool:
    if one.what != LEFT_OVER or one.act:
        return False
    place.at(one.path).unlink(missing_ok=True)
    ledger.written.pop(one.path, None)
    return True


def _remember(row: Row, place: Place, ledger: Ledger) -> None:
    """The fingerprint of what is there now, if it is ours."""
    at = place.at(row.path)
    if isinstance(row, File) and not row.seed and at.is_file():
        wanted = row.text.encode()
        if at.read_bytes() == wanted:
            ledger.written[row.path] = fingerprint(wanted)
            place.at(NEW + row.path).unlink(missing_ok=True)
    elif isinstance(row, Link) and at.is_symlink() and str(at.readlink()) == row.target:
        ledger.written[row.path] = fingerprint(row.target.encode())
