"""Who is logged in: sessions that the office keeps itself, so that it can end them.

Owns the `login_session` table. The browser holds 256 random bits, the table their SHA-256: who
reads the table or a backup of it cannot become anybody.

A session ends 12 hours after the login whatever happens, and 60 minutes after it was last heard
of. Shorter would be safer at a shared desk, but technicians watch a display on the wall for a
whole shift: one that shows the login page after fifteen quiet minutes hides the fault it is there
for, and people then write the password beside it. A page left open asks for news by itself and so
counts as heard of; what an hour ends is a browser that was closed or a laptop that was shut. The
twelve hours are what is certain: a login never outlives the shift, and no one finds yesterday's.
Offices that want less say so (`Lifetime`).
"""

from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Update, delete, insert, select, update

from controller.people.persons import behind, digest, new_secret, person
from controller.people.powers import Person
from controller.store.people_tables import login_session

_MINUTE: Final = 60_000
SEEN_EVERY_MS: Final = _MINUTE
KEPT_MS: Final = 30 * 24 * 60 * _MINUTE  # an ended session is still told of for a month
_LENGTH: Final = 43
_MARK: Final = 16


class Lifetime(NamedTuple):
    """Milliseconds: since the login, and since it was last heard of."""

    most: int = 12 * 60 * _MINUTE
    idle: int = 60 * _MINUTE


LIFETIME: Final = Lifetime()


class Origin(NamedTuple):
    """From where: the client's address, and what its browser says it is."""

    address: str = ""
    browser: str = ""


class Started(NamedTuple):
    """`token` is for the cookie alone and is never seen again; `csrf` for the session's forms."""

    token: str
    csrf: str
    expires_at: int


class Session(NamedTuple):
    """A session that holds. `mark` names it to people and in the log; it opens nothing."""

    person: Person
    mark: str
    csrf: str
    seen_at: int
    expires_at: int


class Seen(NamedTuple):
    """One of somebody's sessions, as shown to them."""

    mark: str
    created_at: int
    seen_at: int
    expires_at: int
    address: str
    browser: str


def start(
    conn: Connection,
    account_id: int,
    origin: Origin,
    now: int,
    lifetime: Lifetime = LIFETIME,
) -> Started:
    """A new session. Always new: a token that was known before the login is never taken over."""
    made = Started(new_secret(), new_secret(), now + lifetime.most)
    row = {
        "token_sha256": digest(made.token),
        "account_id": account_id,
        "csrf": made.csrf,
        "created_at": now,
        "seen_at": now,
        "expires_at": made.expires_at,
        "address": origin.address[:64],
        "browser": "".join(c for c in origin.browser if c.isprintable())[:200],
    }
    conn.execute(insert(login_session).values(row))
    return made


def find(
    conn: Connection,
    token: str,
    now: int,
    lifetime: Lifetime = LIFETIME,
) -> Session | None:
    """The session behind a token while it holds; one query, nothing is written."""
    if len(token) != _LENGTH:
        return None
    own = (login_session.c[name] for name in ("token_sha256", "csrf", "seen_at", "expires_at"))
    query = behind(login_session, *own).where(
        login_session.c.token_sha256 == digest(token),
        login_session.c.ended_at.is_(None),
        login_session.c.expires_at > now,
        login_session.c.seen_at > now - lifetime.idle,
    )
    rows = conn.execute(query).all()
    if not rows:
        return None
    mark, csrf, seen_at, expires_at = rows[0][:4]
    return Session(person(rows), _mark(mark), csrf, seen_at, expires_at)


def touch(conn: Connection, token: str, now: int) -> None:
    """Note that it was heard of. Worth a write only once in SEEN_EVERY_MS."""
    conn.execute(_open().where(_is(token), login_session.c.seen_at < now).values(seen_at=now))


def end(conn: Connection, token: str, now: int) -> bool:
    """Whether there was anything to end."""
    return conn.execute(_open().where(_is(token)).values(ended_at=now)).rowcount == 1


def end_marked(conn: Connection, account_id: int, mark: str, now: int) -> bool:
    """As `end`, by the mark that people see; only one of this account's own."""
    if len(mark) != _MARK:
        return False
    named = login_session.c.token_sha256.startswith(mark, autoescape=True)
    ours = login_session.c.account_id == account_id
    return conn.execute(_open().where(ours, named).values(ended_at=now)).rowcount > 0


def end_all(conn: Connection, account_id: int, now: int) -> int:
    """Every session of an account: when its password changes and when it is disabled."""
    ours = login_session.c.account_id == account_id
    return conn.execute(_open().where(ours).values(ended_at=now)).rowcount


def sessions_of(
    conn: Connection,
    account_id: int,
    now: int,
    lifetime: Lifetime = LIFETIME,
) -> list[Seen]:
    """Those that hold, newest first."""
    names = ("token_sha256", "created_at", "seen_at", "expires_at", "address", "browser")
    query = select(*(login_session.c[name] for name in names)).where(
        login_session.c.account_id == account_id,
        login_session.c.ended_at.is_(None),
        login_session.c.expires_at > now,
        login_session.c.seen_at > now - lifetime.idle,
    )
    newest = (login_session.c.created_at.desc(), login_session.c.token_sha256)
    rows = conn.execute(query.order_by(*newest))
    return [Seen(_mark(row[0]), *row[1:]) for row in rows]


def prune(conn: Connection, now: int) -> None:
    conn.execute(delete(login_session).where(login_session.c.expires_at < now - KEPT_MS))


def _mark(token_sha256: str) -> str:
    return token_sha256[:_MARK]


def _open() -> Update:
    return update(login_session).where(login_session.c.ended_at.is_(None))


def _is(token: str) -> ColumnElement[bool]:
    return login_session.c.token_sha256 == digest(token)
