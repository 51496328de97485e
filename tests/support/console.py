"""A running console for tests, and people logged in to it: a client, a browser, a program.

The real application under a real server on a private port; sessions are made in the database, as
the login page makes them, so that a test need not pass through it.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import httpx
from sqlalchemy import Engine, select, update

from controller.api.who import COOKIE, CSRF_HEADER
from controller.people.sessions import Started
from controller.store.engine import writing
from controller.store.people_tables import account
from dashboards.console.app import create_console
from dashboards.console.server import Server, Tls
from dashboards.console.settings import Settings
from tests.support.child import free_port
from tests.support.people import add_person, give_token, log_in
from tests.support.wait import until

EVERYWHERE = (("admin", ""),)
NAME = "Teknisi pagi"


@contextmanager
def serving(
    engine: Engine,
    clock: Callable[[], int],
    settings: Settings | None = None,
    tls: Tls | None = None,
) -> Iterator[str]:
    """The console's address while the block runs. Unlike a child process it can be measured."""
    app = create_console(engine, clock, settings or Settings())
    with running(Server(app, "127.0.0.1", free_port(), tls)) as home:
        yield home


@contextmanager
def running(server: Server) -> Iterator[str]:
    """The address of a server on this machine while the block runs."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    try:
        until(lambda: server.started, 20)
        scheme = "https" if server.config.ssl else "http"
        yield f"{scheme}://127.0.0.1:{server.config.port}"
    finally:
        server.should_exit = True
        thread.join(20)
        assert not thread.is_alive(), "the server does not end"


def account_of(engine: Engine, login: str, *grants: tuple[str, str]) -> int:
    """The account by this login, made when there is none; its number."""
    with engine.connect() as conn:
        known = conn.scalar(select(account.c.id).where(account.c.login == login))
    return known or add_person(engine, login, *(grants or EVERYWHERE))


def admitted(engine: Engine, now: int, login: str = "pagi", *grants: tuple[str, str]) -> Started:
    """A session of somebody who holds these (role, district); of an administrator by default."""
    number = account_of(engine, login, *grants)
    if login == "pagi":
        with writing(engine) as conn:
            conn.execute(update(account).where(account.c.id == number).values(name=NAME))
    return log_in(engine, number, now)


def wear(client: httpx.Client, started: Started) -> None:
    """From now on the client asks as a page of this session does."""
    client.cookies.set(COOKIE, started.token)
    client.headers[CSRF_HEADER] = started.csrf


def show_token(
    client: httpx.Client, engine: Engine, now: int, *grants: tuple[str, str], login: str = "program"
) -> None:
    """From now on the client asks as a program of somebody who holds these (role, district)."""
    number = account_of(engine, login, *grants)
    client.headers["authorization"] = f"Bearer {give_token(engine, number, now)}"


def wear_in_browser(context: Any, started: Started) -> None:
    """The same for a browser (Playwright `BrowserContext`) on any port of this machine."""
    cookie = {"name": COOKIE, "value": started.token, "url": "https://127.0.0.1", "secure": True}
    context.add_cookies([{**cookie, "httpOnly": True, "sameSite": "Lax"}])
