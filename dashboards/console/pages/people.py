"""Everybody who may do something here, and one of them with roles, access and the way out."""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import func, select

from controller.people import accounts
from controller.people.accounts import ADMIN, Account
from controller.people.powers import ROLES
from controller.people.sessions import sessions_of
from controller.store.people_tables import login_session
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.districts import grant_text, names, regions, where
from dashboards.console.pages.page import Page


class Line(NamedTuple):
    """One person of the list; `ready` when they can log in."""

    login: str
    name: str
    grants: tuple[str, ...]
    ready: bool
    disabled_at: int | None
    seen_at: int | None


class Held(NamedTuple):
    role: str
    district: str
    where: str


class Whole(NamedTuple):
    """One person; `sessions` counts those that hold now."""

    login: str
    name: str
    created_at: int
    created_by: str
    disabled_at: int | None
    seen_at: int | None
    sessions: int
    last_admin: bool
    grants: tuple[Held, ...]


def everybody(ask: Ask) -> Mapping[str, Any]:
    known = names(ask.conn)
    seen = _seen(ask)
    found = accounts.everybody(ask.conn)
    return {"people": [_line(one, known, seen, ask) for one in sorted(found, key=_order)]}


def one_of(ask: Ask) -> Mapping[str, Any]:
    """Raises AccountRefused for a login nobody has."""
    account = accounts.get(ask.conn, str(ask.request.path_params["login"]))
    known = names(ask.conn)
    held = tuple(Held(*grant, where(grant.district, known, ask.t)) for grant in account.grants)
    one = Whole(
        login=account.login,
        name=account.name,
        created_at=account.created_at,
        created_by=account.created_by,
        disabled_at=account.disabled_at,
        seen_at=_seen(ask).get(account.id),
        sessions=len(sessions_of(ask.conn, account.id, ask.now)),
        last_admin=is_last_admin(account, accounts.everybody(ask.conn)),
        grants=held,
    )
    return {"one": one, "roles": ROLES, "districts": regions(ask.conn), **NOTHING_SAID}


def new(ask: Ask) -> Mapping[str, Any]:
    empty = {"name": "", "login": "", "role": "", "district": ""}
    return {"roles": ROLES, "districts": regions(ask.conn), **empty, "refusal": ""}


def is_last_admin(one: Account, everyone: list[Account]) -> bool:
    """Whether nobody else could give anybody anything."""
    return ADMIN in one.grants and not any(
        ADMIN in other.grants and other.id != one.id and ready(other) and not other.disabled_at
        for other in everyone
    )


def ready(one: Account) -> bool:
    return one.has_password or one.subject is not None


def _line(one: Account, known: dict[str, str], seen: dict[int, int], ask: Ask) -> Line:
    grants = tuple(grant_text(grant, known, ask.t) for grant in one.grants)
    return Line(one.login, one.name, grants, ready(one), one.disabled_at, seen.get(one.id))


def _order(one: Account) -> tuple[bool, str]:
    """Who left stands last."""
    return one.disabled_at is not None, one.name.casefold()


def _seen(ask: Ask) -> dict[int, int]:
    columns = (login_session.c.account_id, func.max(login_session.c.seen_at))
    rows = ask.conn.execute(select(*columns).group_by(login_session.c.account_id))
    return {row[0]: row[1] for row in rows}


NOTHING_SAID: Final[Mapping[str, Any]] = {"refusal": "", "told": "", "link": None}
PEOPLE: Final = Page("people.html", "people", (), everybody)
PERSON: Final = Page("person.html", "people", (), one_of)
NEW: Final = Page("person_new.html", "people", (), new)
