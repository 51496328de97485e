"""What a failed transaction means: wait and try again, give up the process, or blame the content.

`wait`   the disk is full, the database is away or busy: nothing is acknowledged until it is back.
`die`    the disk does not keep what it took, or the file is broken: what the process believes to
         be stored may not be. It must end without acknowledging and start from what is there.
`blame`  one of the rows is at fault; which one is found by storing them apart.
"""

import sqlite3
from typing import Literal

from sqlalchemy.exc import DBAPIError, InterfaceError, OperationalError

Meaning = Literal["wait", "die", "blame"]

_BROKEN = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_IOERR}
# The shared memory file could not grow: that is a full disk by another name.
_FULL_BY_ANOTHER_NAME = {sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_SHMOPEN}


class StoreAway(Exception):  # noqa: N818 - says what happened
    """Nothing was stored; try the same again later. The database or its disk must act."""


class StoreBroken(Exception):  # noqa: N818 - says what happened
    """The storage does not keep what it took. The process must end without acknowledging."""


def refuse(error: Exception) -> None:
    """Raises StoreAway or StoreBroken; returns when the content is to blame."""
    what = meaning(error)
    if what == "wait":
        raise StoreAway(reason(error)) from error
    if what == "die":
        raise StoreBroken(reason(error)) from error


def absence(error: Exception) -> str:
    """Why the database is away. Raises StoreBroken, or the error itself when it is neither."""
    if isinstance(error, StoreAway):
        return str(error)
    try:
        refuse(error)
    except StoreAway as away:
        return str(away)
    raise error


def meaning(error: Exception) -> Meaning:
    if not isinstance(error, DBAPIError):
        return "blame"
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return _of_sqlite(code, error)
    if isinstance(error, (OperationalError, InterfaceError)) or error.connection_invalidated:
        return "wait"
    return "wait" if getattr(error.orig, "sqlstate", None) == "25006" else "blame"  # read only


def reason(error: Exception) -> str:
    """One line for a person, without the statement and its parameters."""
    text = str(getattr(error, "orig", None) or error).strip()
    return " ".join(text.split())[:200] or type(error).__name__


def _of_sqlite(code: int, error: DBAPIError) -> Meaning:
    if code in _FULL_BY_ANOTHER_NAME:
        return "wait"
    if code & 0xFF in _BROKEN:
        return "die"
    return "wait" if isinstance(error, OperationalError) else "blame"
