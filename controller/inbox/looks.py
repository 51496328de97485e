"""Why an officer looks at what a citizen wrote, and what officers say of it among themselves.

The registrar opens and seals, and writes down every look; here stand the reason that was given
before, and the sealed note. Never has a word of a citizen in its hands.
"""

from typing import Final, Protocol

from sqlalchemy import Connection, insert

from controller import changes
from controller.deeds import Doer
from controller.inbox import moves, read
from controller.inbox.moves import TOPIC
from controller.inbox.shapes import Row
from controller.jobs.refused import Refused
from controller.people import audit
from controller.registrar.protocol import MOST_NOTE, What
from controller.store.citizen_tables import submission_event
from controller.words import is_text
from wire.submission import Content

WHYS: Final = ("check", "answer", "hand_over", "ask", "complaint", "other")
MOST_MORE: Final = 200


class Opener(Protocol):
    """controller/registrar/client.py Registrar. Each blocks and raises CannotOpen."""

    def open(self, submission_id: int, account: int, what: What) -> Content: ...

    def photos(self, submission_id: int, account: int) -> tuple[bytes, ...]: ...

    def seal_note(self, submission_id: int, account: int, text: str) -> tuple[bytes, str]: ...

    def notes(self, submission_id: int, account: int) -> dict[int, str]: ...


def ask(
    conn: Connection, by: Doer, submission_id: int, why: str, now: int, *, more: str = ""
) -> Row:
    """Written down before the registrar is asked: `why` is one of WHYS, `more` a few words.

    Inside a `writing` transaction. Raises Refused (`unknown`, `why`, `private`, `state`: it was
    destroyed) and Outside.
    """
    row = read.find(conn, by.scope, submission_id)
    if why not in WHYS or (why == "other" and not more.strip()):
        raise Refused("why", "say why you look: it is written down")
    if not is_text(more) or moves.names_somebody(more):
        raise Refused("private", "leave long numbers out: the log is never destroyed")
    if row.destroyed_at is not None:
        raise Refused("state", "its time was over: what the citizen wrote was destroyed")
    said = f"{why}: {more.strip()[:MOST_MORE]}" if more.strip() else why
    detail = {"number": row.number, "why": said}
    subject = f"submission {row.id}"
    entry = audit.Entry(by.person.login, "inbox.look", subject, row.where, by.address, detail)
    audit.append(conn, entry, now)
    return row


def noted(
    conn: Connection, by: Doer, submission_id: int, sealed: tuple[bytes, str], now: int
) -> None:
    """Keeps a note that the registrar has sealed. Raises Refused (`unknown`) and Outside."""
    row = read.find(conn, by.scope, submission_id)
    event = {"submission_id": row.id, "at": now, "by": by.person.login, "event": "note"}
    event |= {"old": row.state, "new": row.state, "note": sealed[0], "note_seal": sealed[1]}
    conn.execute(insert(submission_event).values(**event))
    changes.record(conn, TOPIC, None, str(row.id), now)


def clean_note(text: str) -> str:
    """Raises Refused (`asked`) for an empty or endless one."""
    found = text.strip()
    if not 0 < len(found) <= MOST_NOTE or "\0" in found:
        raise Refused("asked", f"a note has 1 to {MOST_NOTE} characters")
    return found
