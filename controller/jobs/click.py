"""One click asks once, however often it is repeated: its token, and the lock it is asked under."""

import re
import secrets
from typing import Final

from sqlalchemy import Connection, text

from controller.jobs.refused import Refused

_TOKEN: Final = re.compile(r"[0-9a-f]{32}")


def token_of(given: str) -> str:
    """The same for every repetition of one click; a new one for none. Raises Refused (`token`)."""
    if given and not _TOKEN.fullmatch(given):
        raise Refused("token", "a token is 32 characters of 0-9 and a-f")
    return given or secrets.token_hex(16)


def must_be_same(known: tuple[object, ...], now: tuple[object, ...]) -> None:
    """Raises Refused (`token`) when it was clicked for something else before."""
    if known != now:
        raise Refused("token", "this token was used for something else: make a new one")


def alone(conn: Connection, lock: int) -> None:
    """Until the transaction ends nobody else passes here; SQLite's writer is alone already."""
    if conn.dialect.name == "postgresql":
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": lock})
