"""Accounts for tests, made as the office makes them; a hundredth of the work of a real password."""

from typing import Any

from sqlalchemy import Engine, insert

from controller.people import sessions, tokens
from controller.people.powers import Grant
from controller.people.sessions import Origin, Started
from controller.store.engine import writing
from controller.store.people_tables import account, grant

NOW = 1_700_000_000_000
HERE = Origin("192.0.2.7", "a browser")


def add_person(engine: Engine, login: str, *grants: tuple[str, str], **more: Any) -> int:
    """An account by this login with these (role, district); its number."""
    row = {"login": login, "name": login.title(), "created_at": NOW, "created_by": "test", **more}
    with writing(engine) as conn:
        number = conn.scalar(insert(account).values(row).returning(account.c.id)) or 0
        for one in (Grant(*words) for words in grants):
            held = {"account_id": number, "granted_at": NOW, "granted_by": "test"}
            conn.execute(insert(grant).values({**held, **one._asdict()}))
    return number


def log_in(engine: Engine, number: int, now: int = NOW) -> Started:
    """A session of this account; its `.token` goes into the cookie `who.COOKIE`."""
    with writing(engine) as conn:
        return sessions.start(conn, number, HERE, now)


def give_token(engine: Engine, number: int, now: int = NOW) -> str:
    """A bearer token of this account, good for a month."""
    with writing(engine) as conn:
        return tokens.issue(conn, number, "a program", 30, now).token
