"""Access tokens of programs: `Authorization: Bearer anj_...`, acting for one account.

Owns the `access_token` table. A token has no password's rights: it does what its account may do,
until it expires or is ended. The prefix lets scanners find a token that somebody published.
"""

import re
from typing import Final, NamedTuple

from sqlalchemy import Connection, insert, select, update

from controller.people.persons import behind, digest, new_secret, person
from controller.people.powers import Person
from controller.store.people_tables import access_token
from controller.words import is_text

PREFIX: Final = "anj_"
_DAY: Final = 24 * 60 * 60_000
MOST_DAYS: Final = 365
USED_EVERY_MS: Final = 60_000
SHAPE: Final = re.compile(r"anj_[A-Za-z0-9_-]{43}")
"""What a scanner of leaked secrets is given."""


class Made(NamedTuple):
    """`token` is shown once and never seen again."""

    id: int
    token: str
    expires_at: int


class Bearer(NamedTuple):
    """A token that holds."""

    person: Person
    id: int
    used_at: int | None


class Issued(NamedTuple):
    """One of an account's tokens, as shown to people."""

    id: int
    name: str
    created_at: int
    expires_at: int
    used_at: int | None
    ended_at: int | None


def issue(conn: Connection, account_id: int, name: str, days: int, now: int) -> Made:
    """Raises ValueError for a name or a number of days that will not do."""
    name = name.strip()
    if not (0 < len(name) <= 80 and is_text(name)):
        raise ValueError("a token needs a name of 1 to 80 characters: what it is for")
    if not 1 <= days <= MOST_DAYS:
        raise ValueError(f"a token lives 1 to {MOST_DAYS} days")
    token = PREFIX + new_secret()
    row = {
        "account_id": account_id,
        "name": name,
        "token_sha256": digest(token),
        "created_at": now,
        "expires_at": now + days * _DAY,
    }
    made = conn.scalar(insert(access_token).values(row).returning(access_token.c.id))
    return Made(made or 0, token, now + days * _DAY)


def find(conn: Connection, token: str, now: int) -> Bearer | None:
    """Who stands behind a token while it holds; one query, nothing is written."""
    if not SHAPE.fullmatch(token):
        return None
    query = behind(access_token, access_token.c.id, access_token.c.used_at).where(
        access_token.c.token_sha256 == digest(token),
        access_token.c.ended_at.is_(None),
        access_token.c.expires_at > now,
    )
    rows = conn.execute(query).all()
    return Bearer(person(rows), rows[0][0], rows[0][1]) if rows else None


def touch(conn: Connection, token_id: int, now: int) -> None:
    conn.execute(update(access_token).where(access_token.c.id == token_id).values(used_at=now))


def end(conn: Connection, account_id: int, token_id: int, now: int) -> bool:
    """Whether there was one of this account to end."""
    one = (access_token.c.id == token_id, access_token.c.account_id == account_id)
    ended = update(access_token).where(*one, access_token.c.ended_at.is_(None))
    return conn.execute(ended.values(ended_at=now)).rowcount == 1


def end_all(conn: Connection, account_id: int, now: int) -> int:
    ours = update(access_token).where(access_token.c.account_id == account_id)
    return conn.execute(ours.where(access_token.c.ended_at.is_(None)).values(ended_at=now)).rowcount


def tokens_of(conn: Connection, account_id: int) -> list[Issued]:
    """Newest first, ended ones too."""
    columns = [access_token.c[name] for name in Issued._fields]
    query = select(*columns).where(access_token.c.account_id == account_id)
    return [Issued(*row) for row in conn.execute(query.order_by(access_token.c.id.desc()))]
