"""What an office process looks at before it starts, lest it be open to others by mistake.

Refuses what only a person can put right: a secret everybody knows, a key that others may read, a
switch for debugging that was left on. What it can put right itself (a database file that others
may read) it does. Looks at this process and its files; asks no network.
"""

import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Final

from sqlalchemy.engine import make_url

from controller.people.passwords import is_common
from controller.store.engine import sqlite_path

SHORTEST: Final = 12
_SECRETS: Final = ("_PASSPHRASE", "_PASSWORD", "_SECRET")
_DEFAULTS: Final = frozenset({"changeme", "change-me", "postgres", "root", "secret", "test"})
_OTHERS: Final = 0o027  # a group that was made for it may read a key, nobody may write it
_SWITCHES: Final = {
    "SSLKEYLOGFILE": "writes the keys of every TLS connection into a file",
    "PYTHONASYNCIODEBUG": "shows and delays what it should not",
    "PYTHONDEVMODE": "shows more than it should",
    "PYTHONINSPECT": "leaves a prompt open behind an error",
}


class UnsafeStart(ValueError):  # noqa: N818 - says what happened, like the rest of the house
    """The administrator must act; `str()` says how, one line for each reason."""


def enforce(environ: Mapping[str, str], database: str, keys: Iterable[Path] = ()) -> None:
    """Called first by every process of the office. Raises UnsafeStart.

    New files are not for others from here on.
    """
    found = [*switches(environ), *secrets(environ), *password(database), *open_keys(keys)]
    if found:
        raise UnsafeStart("\n".join(found))
    shut_out_others()
    close(database)


def shut_out_others() -> None:
    """Nothing new for others. Who started us may have shut them out in another way: that stays.

    Programs that share one SQLite file each need the others' new files, so their units say 0007.
    """
    before = os.umask(0o027)
    if before & 0o007 == 0o007:
        os.umask(before)


def switches(environ: Mapping[str, str]) -> Iterator[str]:
    for name, harm in _SWITCHES.items():
        if environ.get(name):
            yield f"{name} is set: it {harm}. Start without it"


def secrets(environ: Mapping[str, str]) -> Iterator[str]:
    for name, value in environ.items():
        if name.startswith("ANJUNGAN_") and name.endswith(_SECRETS) and value:
            if len(value) < SHORTEST:
                yield f"{name} is shorter than {SHORTEST} characters: make a longer one"
            elif _is_default(value):
                yield f"{name} is among the first that are tried: make another"


def password(database: str) -> Iterator[str]:
    url = make_url(database)
    said = str(url.password or "")
    if said and (_is_default(said) or said == url.username):
        yield "the database's password is among the first that are tried: give it another"


def open_keys(keys: Iterable[Path]) -> Iterator[str]:
    for key in keys:
        if not key.exists():
            continue  # whoever reads it says so better
        mode = stat.S_IMODE(key.stat().st_mode)
        if mode & _OTHERS:
            yield f"{key} has mode {mode:o}: others may read or change it; chmod 600 it"


def close(database: str) -> None:
    """Take a SQLite database away from accounts that neither own it nor share its group.

    It holds the hashes of passwords. Raises UnsafeStart when it is somebody else's to close.
    """
    path = sqlite_path(database)
    if path is None:
        return
    for file in (path, *(path.with_name(path.name + tail) for tail in ("-wal", "-shm"))):
        try:
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & 0o007:
                file.chmod(mode & ~0o007)
        except FileNotFoundError:
            continue
        except PermissionError as error:
            raise UnsafeStart(f"everybody may read {file}: its owner must chmod 640 it") from error


def _is_default(value: str) -> bool:
    folded = value.casefold()
    return folded in _DEFAULTS or is_common(folded)
