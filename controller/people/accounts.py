"""Accounts of people and what they were granted: made, named, disabled, never deleted.

Owns the tables `account` and `account_grant`. Every change names who made it (`By`) and leaves a
row in the audit log, in the caller's `writing` transaction. A login is chosen once and never
given to somebody else: the log knows people by it. The last administrator cannot be taken away,
whoever asks, because nobody could then give anybody anything.
"""

import re
from collections.abc import Collection, Iterable
from typing import Any, Final, Literal, NamedTuple

from sqlalchemy import ColumnElement, Connection, delete, func, insert, select, text, update

from controller.people import sessions, tokens
from controller.people.audit import By, Entry, append
from controller.people.powers import ROLES, Grant
from controller.store.people_tables import account, grant
from controller.words import is_text

Reason = Literal["login", "taken", "name", "role", "district", "last-admin", "unknown", "subject"]

LOGIN: Final = re.compile(r"[a-z0-9][a-z0-9._-]{1,62}[a-z0-9]")
DISTRICT: Final = re.compile(
    r"(\d{2}(\.\d{2}(\.\d{2}(\.\d{4})?)?)?)?"
)  # Kemendagri; '': everywhere
# The log must never read as if a part of the office had done what a person did.
_PARTS: Final = """anjungan broker command console controller door office registrar setup somebody
system warden"""
RESERVED: Final = frozenset(_PARTS.split())
ADMIN: Final = Grant("admin", "")
_LOCK: Final = 0x616E6170  # our own number among PostgreSQL's advisory locks


class AccountRefused(ValueError):  # noqa: N818 - says what happened, like the rest of the house
    """Nothing was changed; `reason` is one word for the page to translate. The asker must act."""

    def __init__(self, reason: Reason, message: str) -> None:
        self.reason: Reason = reason
        super().__init__(message)


class Account(NamedTuple):
    """Times in milliseconds. `issuer` and `subject` are set for who comes by OpenID Connect."""

    id: int
    login: str
    name: str
    has_password: bool
    issuer: str | None
    subject: str | None
    created_at: int
    created_by: str
    disabled_at: int | None
    grants: tuple[Grant, ...]


class New(NamedTuple):
    """An account to be made. An empty name is the login."""

    login: str
    name: str = ""
    grants: tuple[Grant, ...] = ()


class Identity(NamedTuple):
    """Somebody as an OpenID provider knows them: both words together, never an e-mail address."""

    issuer: str
    subject: str


def fold(login: str) -> str:
    """The one way a login is written. What is not ASCII stays as it is, and so finds nobody."""
    login = login.strip()
    return login.lower() if login.isascii() else login


def find(conn: Connection, login: str) -> Account | None:
    login = fold(login)
    found = _load(conn, account.c.login == login) if LOGIN.fullmatch(login) else []
    return found[0] if found else None


def get(conn: Connection, login: str) -> Account:
    """As `find`. Raises AccountRefused."""
    found = find(conn, login)
    if found is None:
        raise AccountRefused("unknown", f"there is no account {login!r}")
    return found


def everybody(conn: Connection) -> list[Account]:
    """By login, disabled ones too."""
    return _load(conn)


def is_empty(conn: Connection) -> bool:
    """Whether there is no account at all: the only time at which the set-up link is given."""
    return conn.execute(select(account.c.id).limit(1)).first() is None


def create(conn: Connection, new: New, by: By, now: int) -> Account:
    """An account that nobody can log in to yet: a link or an identity comes next.

    Raises AccountRefused.
    """
    login, name = _check_login(new.login), _check_name(new.name or new.login)
    checked = _check_grants(new.grants)
    row = {"login": login, "name": name, "created_at": now, "created_by": by.who}
    alone(conn)
    if find(conn, login) is not None:
        raise AccountRefused("taken", f"there is an account {login!r} already")
    number = conn.scalar(insert(account).values(row).returning(account.c.id)) or 0
    _give(conn, number, checked, by, now)
    _note(conn, by, "people.create", login, now, name=name, grants=_told(checked))
    return get(conn, login)


def rename(conn: Connection, login: str, name: str, by: By, now: int) -> None:
    """Another name for colleagues to read; the login stays. Raises AccountRefused."""
    name, one = _check_name(name), get(conn, login)
    conn.execute(update(account).where(account.c.id == one.id).values(name=name))
    _note(conn, by, "people.rename", one.login, now, name=name, before=one.name)


def set_grants(
    conn: Connection, login: str, grants: Iterable[Grant], by: By, now: int
) -> tuple[Grant, ...]:
    """Exactly these from now on. Raises AccountRefused."""
    alone(conn)
    one, wanted = get(conn, login), _check_grants(grants)
    if ADMIN in one.grants and ADMIN not in wanted:
        _keep_an_admin(conn, one)
    if wanted == one.grants:
        return wanted
    conn.execute(delete(grant).where(grant.c.account_id == one.id, _not_among(wanted)))
    _give(conn, one.id, [new for new in wanted if new not in one.grants], by, now)
    _note(conn, by, "people.grant", one.login, now, grants=_told(wanted), before=_told(one.grants))
    return wanted


def add_grant(conn: Connection, login: str, new: Grant, by: By, now: int) -> tuple[Grant, ...]:
    """Raises AccountRefused."""
    alone(conn)
    return set_grants(conn, login, {*get(conn, login).grants, new}, by, now)


def remove_grant(conn: Connection, login: str, old: Grant, by: By, now: int) -> tuple[Grant, ...]:
    """Removing what is not there changes nothing. Raises AccountRefused."""
    alone(conn)
    return set_grants(conn, login, {*get(conn, login).grants} - {old}, by, now)


def disable(conn: Connection, login: str, by: By, now: int) -> None:
    """Out at once: sessions and tokens end, and stay ended. Raises AccountRefused."""
    alone(conn)
    one = get(conn, login)
    if one.disabled_at is not None:
        return
    if ADMIN in one.grants:
        _keep_an_admin(conn, one)
    conn.execute(update(account).where(account.c.id == one.id).values(disabled_at=now))
    ended = sessions.end_all(conn, one.id, now)
    gone = tokens.end_all(conn, one.id, now)
    _note(conn, by, "people.disable", one.login, now, sessions=ended, tokens=gone)


def enable(conn: Connection, login: str, by: By, now: int) -> None:
    """Raises AccountRefused."""
    one = get(conn, login)
    if one.disabled_at is not None:
        conn.execute(update(account).where(account.c.id == one.id).values(disabled_at=None))
        _note(conn, by, "people.enable", one.login, now)


def link_identity(conn: Connection, login: str, identity: Identity, by: By, now: int) -> None:
    """Let this identity of an OpenID provider in as this account. Raises AccountRefused."""
    one = get(conn, login)
    for word in identity:
        if not (0 < len(word) <= 200 and is_text(word)):
            raise AccountRefused("subject", "issuer and subject have 1 to 200 characters each")
    alone(conn)
    if of_identity(conn, identity) not in (None, one.login):
        raise AccountRefused("subject", "this identity belongs to another account")
    row = identity._asdict()
    conn.execute(update(account).where(account.c.id == one.id).values(row))
    _note(conn, by, "people.link", one.login, now, **row)


def of_identity(conn: Connection, identity: Identity) -> str | None:
    """The login it was linked with."""
    one = (account.c.issuer == identity.issuer, account.c.subject == identity.subject)
    found: str | None = conn.scalar(select(account.c.login).where(*one))
    return found


def set_password(conn: Connection, account_id: int, password_hash: str, now: int) -> None:
    """Also ends every session: who knew the old one is out. The caller writes the log."""
    row = {"password_hash": password_hash, "password_at": now}
    conn.execute(update(account).where(account.c.id == account_id).values(row))
    sessions.end_all(conn, account_id, now)


def alone(conn: Connection) -> None:
    """Until the end of the transaction nobody else changes who may what.

    Two administrators who remove each other at once would otherwise both see the other remain.
    """
    if conn.dialect.name == "postgresql":  # SQLite's writer is alone already
        conn.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})


def _load(conn: Connection, *only: ColumnElement[bool]) -> list[Account]:
    rows = conn.execute(select(account).where(*only).order_by(account.c.login)).all()
    held: dict[int, list[Grant]] = {row.id: [] for row in rows}
    query = select(grant.c.account_id, grant.c.role, grant.c.district)
    if only:
        query = query.where(grant.c.account_id.in_(held))
    for number, role, district in conn.execute(query):
        held.setdefault(number, []).append(Grant(role, district))
    return [_account(row, held[row.id]) for row in rows]


def _account(row: Any, grants: Iterable[Grant]) -> Account:
    same = ("id", "login", "name", "issuer", "subject", "created_at", "created_by", "disabled_at")
    taken = {name: getattr(row, name) for name in same}
    return Account(
        has_password=row.password_hash is not None, grants=tuple(sorted(grants)), **taken
    )


def _keep_an_admin(conn: Connection, leaving: Account) -> None:
    others = (
        select(func.count())
        .select_from(account.join(grant))
        .where(
            account.c.id != leaving.id,
            account.c.disabled_at.is_(None),
            account.c.password_hash.is_not(None) | account.c.subject.is_not(None),
            grant.c.role == ADMIN.role,
            grant.c.district == ADMIN.district,
        )
    )
    if not conn.scalar(others):
        raise AccountRefused(
            "last-admin", f"{leaving.login} is the last administrator who can log in"
        )


def _give(conn: Connection, number: int, grants: Collection[Grant], by: By, now: int) -> None:
    held = {"account_id": number, "granted_at": now, "granted_by": by.who}
    if grants:
        conn.execute(insert(grant), [{**held, **one._asdict()} for one in grants])


def _not_among(kept: Iterable[Grant]) -> ColumnElement[bool]:
    found: ColumnElement[bool] = grant.c.role.is_not(None)
    for one in kept:
        found &= (grant.c.role != one.role) | (grant.c.district != one.district)
    return found


def _check_login(login: str) -> str:
    folded = fold(login)
    if not LOGIN.fullmatch(folded):
        raise AccountRefused(
            "login",
            "a login has 3 to 64 of a-z, 0-9, dot, dash, underscore, none of those at its ends",
        )
    if folded in RESERVED:
        raise AccountRefused("login", f"{folded} is a part of the office")
    return folded


def _check_name(name: str) -> str:
    name = name.strip()
    if not (0 < len(name) <= 80 and is_text(name)):
        raise AccountRefused("name", "a name has 1 to 80 characters")
    return name


def _check_grants(grants: Iterable[Grant]) -> tuple[Grant, ...]:
    found = tuple(sorted({Grant(*one) for one in grants}))
    for one in found:
        if one.role not in ROLES:
            raise AccountRefused("role", f"{one.role!r} is not one of {', '.join(ROLES)}")
        if not DISTRICT.fullmatch(one.district):
            raise AccountRefused("district", f"{one.district!r} is not a code such as 32.73.01")
    return found


def _told(grants: Iterable[Grant]) -> list[str]:
    return [f"{one.role} {one.district or 'everywhere'}" for one in sorted(grants)]


def _note(conn: Connection, by: By, what: str, login: str, now: int, **detail: Any) -> None:
    append(conn, Entry(by.who, what, login, "", by.address, detail), now)
