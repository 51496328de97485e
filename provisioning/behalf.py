"""On whose word the office's command line acts: a login that exists, with the powers it has.

Whoever can open the database could write anything into it; so no password is asked for, but the
deed is done with the powers of a real person and the log says at which machine it was typed.
"""

import getpass
import socket

from sqlalchemy import Connection

from controller.deeds import Doer
from controller.people import accounts
from controller.people.powers import Person


class NobodyThere(ValueError):  # noqa: N818 - says what happened
    """The login does not exist or is out: whoever typed it must name another."""


def where() -> str:
    """The address of everything that is done at the office's own machine."""
    return f"console of {socket.gethostname()}"[:64]


def doer(conn: Connection, login: str) -> Doer:
    """Raises NobodyThere."""
    found = accounts.find(conn, login)
    if found is None or found.disabled_at is not None:
        why = "was disabled" if found else "does not exist"
        raise NobodyThere(f"--as {login}: this login {why}; look at `anjungan people list`")
    person = Person(found.id, found.login, found.name, found.grants)
    return Doer(person, person.scope("command.see"), f"{where()} ({getpass.getuser()})"[:64])
