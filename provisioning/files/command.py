"""The command line that every table of files shares: write, --check, --list.

Ends with 0 when the machine is as the table says, 1 when something differs or was left to a person,
2 when the command itself cannot be understood. Options given once are remembered in the ledger, so
that a later --check asks for the same machine.
"""

import argparse
import dataclasses
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from provisioning.files.apply import NEW, apply, put_first
from provisioning.files.compare import Difference, differences
from provisioning.files.ledger import FOLDER, Ledger
from provisioning.files.place import Outside, Place
from provisioning.files.rows import File, Folder, Link, Row
from provisioning.terminal import say

Inspection = Callable[[Place], Iterable[Difference]]
PLACES: Final = "/usr/local/sbin:/usr/sbin:/sbin:/usr/local/bin:/usr/bin:/bin"


class BadSetting(ValueError):  # noqa: N818 - says what happened
    """An option cannot be used; whoever gave it must act."""


@dataclass(frozen=True)
class Kind:
    """One table: `settings` is a dataclass that checks itself and raises BadSetting."""

    word: str  # as in `anjungan <word>`
    settings: type
    rows: Callable[[Any], list[Row]]
    inspections: Callable[[Any], list[Inspection]]
    accounts: str  # path of the sysusers.d file


def add_options(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--root", type=Path, required=True, help="the machine's root: / or a folder"
    )
    parser.add_argument("--check", action="store_true", help="only say what differs")
    parser.add_argument("--list", action="store_true", help="print the table and its reasons")
    parser.add_argument(
        "--force", action="store_true", help="also replace what was changed by hand, keeping a copy"
    )


def run(kind: Kind, given: argparse.Namespace) -> int:
    if not given.root.is_dir():
        return _refuse(kind, f"--root {given.root}: no such folder")
    place = Place(given.root)
    ledger = Ledger(place.at(f"{FOLDER}/written.json"))
    try:
        settings = chosen(kind.settings, given, ledger)
        rows = kind.rows(settings)
        if given.list:
            return _list(rows)
        if given.check:
            return _check(kind, rows, kind.inspections(settings), place, ledger)
        ledger.options = dataclasses.asdict(settings)
        return _write(kind, rows, kind.inspections(settings), place, ledger, force=given.force)
    except (BadSetting, Outside) as refused:
        return _refuse(kind, str(refused))
    except OSError as error:
        return _refuse(kind, f"{error}; run it as root (sudo), on a disk that can be written")


def chosen(settings: type, given: argparse.Namespace, ledger: Ledger) -> Any:
    """Options of the command line, else those of the last run, else the defaults."""
    values: dict[str, Any] = {}
    for field in dataclasses.fields(settings):
        asked = getattr(given, field.name, None)
        if asked is None:
            asked = ledger.options.get(field.name)
        if asked is not None:
            values[field.name] = tuple(asked) if isinstance(asked, list) else asked
    try:
        return settings(**values)
    except TypeError as error:
        raise BadSetting(f"{FOLDER}/written.json is damaged, remove it: {error}") from error


def _list(rows: Sequence[Row]) -> int:
    for row in rows:
        kept = " (written once, then yours)" if isinstance(row, File) and row.seed else ""
        say(f"{row.path}  [{_rights(row)}]{kept}\n    {row.why}")
    return 0


def _rights(row: Row) -> str:
    if isinstance(row, Link):
        return f"-> {row.target}"
    return f"{row.mode:04o} {row.owner}:{row.group}"


def _check(
    kind: Kind,
    rows: Sequence[Row],
    inspections: Sequence[Inspection],
    place: Place,
    ledger: Ledger,
) -> int:
    found = [*differences(rows, place, ledger), *_inspect(inspections, place)]
    for one in found:
        say(str(one))
    if not place.chown:
        say("owners were not compared: run it as root (sudo) for that")
    if found:
        say(f"{len(found)} differences: anjungan {kind.word} --root {place.root} puts right what")
        say("has no other advice behind it")
    return 1 if found else 0


def _write(
    kind: Kind,
    rows: Sequence[Row],
    inspections: Sequence[Inspection],
    place: Place,
    ledger: Ledger,
    *,
    force: bool,
) -> int:
    # Accounts first: folders and files belong to them.
    done = put_first(rows, kind.accounts, place, ledger, force=force)
    make_accounts(place, kind.accounts)
    more, missing = apply(rows, place, ledger, force=force)
    left = [*missing, *_inspect(inspections, place)]
    for one in [*done, *more]:
        say(f"put right: {one}")
    for one in left:
        say(f"left to you: {one}")
    if any(one.what == "changed by hand" for one in left):
        say(f"our texts for those files are below {place.at(NEW)}")
    _advise([*done, *more], rows)
    return 1 if left else 0


def make_accounts(place: Place, path: str) -> None:
    """By systemd's own program; where that cannot be done, the next boot does it."""
    file = place.at(path)
    if place.chown and file.is_file():
        # By its name alone: a whole path would be taken from this machine, not from the root.
        argv = ["systemd-sysusers", f"--root={place.root}", file.name]
        try:
            subprocess.run(argv, check=True, capture_output=True, timeout=60)
        except (OSError, subprocess.SubprocessError) as error:
            say(f"accounts were not made ({error}): run systemd-sysusers on the machine")
    place.forget_accounts()


def _advise(done: Sequence[Difference], rows: Sequence[Row]) -> None:
    touched = {one.path for one in done}
    commands = [
        row.then for row in rows if not isinstance(row, Folder) and row.then and row.path in touched
    ]
    if commands:
        say("to make it count without a reboot:")
    for command in dict.fromkeys(commands):
        say(f"  {command}")


def _inspect(inspections: Sequence[Inspection], place: Place) -> list[Difference]:
    return [one for inspect in inspections for one in inspect(place)]


def _refuse(kind: Kind, why: str) -> int:
    sys.stderr.write(f"anjungan {kind.word}: {why}\n")
    return 2
