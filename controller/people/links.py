"""One-time links: how a password is first set. There is no default one anywhere.

Owns the `password_link` table, which holds SHA-256 only. A link opens one thing, once, within a
day: `setup` makes the first administrator and exists only while there is no account at all; the
others set the password of one account. A newer link of the same kind ends the older ones.
Looking at a link does not use it up: mail programs and messengers look at every link.
"""

from typing import Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, insert, select, update

from controller.people import accounts, tokens
from controller.people.accounts import ADMIN, Account, New
from controller.people.audit import By, Entry, append
from controller.people.persons import digest, new_secret
from controller.store.people_tables import account, password_link

LIVES_MS: Final = 24 * 60 * 60_000
# The page that takes a link; browsers keep what follows # out of requests, so out of logs too.
PATH: Final = "/welcome#"


class LinkRefused(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """Used, expired, replaced or never issued: nobody is told which. Ask for a new one."""


class SetupDone(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """There are accounts: an administrator invites, or resets a password."""


class Link(NamedTuple):
    """`token` is shown once and never seen again. `path` is below the console's address."""

    token: str
    expires_at: int

    @property
    def path(self) -> str:
        return PATH + self.token


class Opened(NamedTuple):
    """What a link is for: the set-up (`login` None), or this account's password."""

    login: str | None
    name: str
    expires_at: int


class Chosen(NamedTuple):
    """What the first administrator wants to be called."""

    login: str
    name: str
    password_hash: str


def issue_setup(conn: Connection, by: By, now: int) -> Link:
    """The way in for the first administrator. Raises SetupDone."""
    accounts.alone(conn)
    if not accounts.is_empty(conn):
        raise SetupDone
    made = _issue(conn, None, by, now)
    append(conn, Entry(by.who, "people.setup-link", "", "", by.address), now)
    return made


def issue(conn: Connection, login: str, by: By, now: int) -> Link:
    """To set a first or a forgotten password. Raises accounts.AccountRefused.

    The old password holds until the new one is set: a link that nobody opens locks nobody out.
    """
    one = accounts.get(conn, login)
    made = _issue(conn, one.id, by, now)
    append(conn, Entry(by.who, "people.link-issued", one.login, "", by.address), now)
    return made


def look(conn: Connection, token: str, now: int) -> Opened | None:
    """What this link would do now; None when it does nothing any more."""
    joined = password_link.outerjoin(account, account.c.id == password_link.c.account_id)
    columns = (password_link.c.account_id, password_link.c.expires_at)
    person = (account.c.login, account.c.name, account.c.disabled_at)
    query = select(*columns, *person).select_from(joined).where(*_good(token, now))
    row = conn.execute(query).first()
    if row is None or row.disabled_at is not None:
        return None
    if row.account_id is None and not accounts.is_empty(conn):
        return None
    return Opened(row.login, row.name or "", row.expires_at)


def redeem(conn: Connection, token: str, password_hash: str, address: str, now: int) -> Account:
    """Set the password of the link's account, once. Raises LinkRefused.

    Its access tokens end: who asks for a link may have lost more than a memory.
    """
    opened = look(conn, token, now)
    if opened is None or opened.login is None or not _use(conn, token, now):
        raise LinkRefused
    one = accounts.get(conn, opened.login)
    accounts.set_password(conn, one.id, password_hash, now)
    told = {"by": "link", "tokens": tokens.end_all(conn, one.id, now)}
    append(conn, Entry(one.login, "people.password", one.login, "", address, told), now)
    return accounts.get(conn, opened.login)


def redeem_setup(conn: Connection, token: str, chosen: Chosen, address: str, now: int) -> Account:
    """Make the first administrator.

    Raises LinkRefused, and accounts.AccountRefused for a login or name that will not do.
    """
    accounts.alone(conn)
    opened = look(conn, token, now)
    if opened is None or opened.login is not None or not _use(conn, token, now):
        raise LinkRefused
    by = By("setup", address)
    made = accounts.create(conn, New(chosen.login, chosen.name, (ADMIN,)), by, now)
    accounts.set_password(conn, made.id, chosen.password_hash, now)
    return accounts.get(conn, made.login)


def void(conn: Connection, account_id: int, now: int) -> None:
    """No link of this account opens anything any more: its owner has a password of his own."""
    mine = update(password_link).where(password_link.c.account_id == account_id)
    unused = mine.where(password_link.c.used_at.is_(None), password_link.c.expires_at > now)
    conn.execute(unused.values(expires_at=now))


def _issue(conn: Connection, account_id: int | None, by: By, now: int) -> Link:
    same = password_link.c.account_id == account_id
    older = update(password_link).where(same, password_link.c.used_at.is_(None))
    conn.execute(older.where(password_link.c.expires_at > now).values(expires_at=now))
    made = Link(new_secret(), now + LIVES_MS)
    row = {
        "token_sha256": digest(made.token),
        "account_id": account_id,
        "issued_at": now,
        "issued_by": by.who,
        "expires_at": made.expires_at,
    }
    conn.execute(insert(password_link).values(row))
    return made


def _use(conn: Connection, token: str, now: int) -> bool:
    """Whether this call is the one that uses it up, of however many at once."""
    used = update(password_link).where(*_good(token, now)).values(used_at=now)
    return conn.execute(used).rowcount == 1


def _good(token: str, now: int) -> tuple[ColumnElement[bool], ...]:
    return (
        password_link.c.token_sha256 == digest(token),
        password_link.c.used_at.is_(None),
        password_link.c.expires_at > now,
    )
