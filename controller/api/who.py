"""Who asks: a request's session cookie or bearer token, turned into a person.

Knows how a proof travels (cookie, header, address), never what a person may do: that is
`powers`, asked by whoever guards a route. Asking costs one query; that somebody was heard of is
written at most once a minute, and a write that fails refuses nobody.
A request that shows a token is judged by the token alone, so that no browser's cookie helps it.
"""

import hmac
import ipaddress
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final, Literal, NamedTuple
from urllib.parse import quote, urlsplit

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError
from starlette.requests import HTTPConnection
from starlette.responses import Response

from controller.people import sessions, tokens
from controller.people.powers import Person
from controller.people.sessions import LIFETIME, Lifetime
from controller.store.engine import writing

# Browsers take this name from HTTPS (and their own machine) only, whole site, no subdomain.
COOKIE: Final = "__Host-anjungan"
CSRF_FIELD: Final = "csrf"
CSRF_HEADER: Final = "x-csrf"
_SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})


class WrongForm(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """A change without its session's token: a foreign page's, or one older than the login. 403."""


class Caller(NamedTuple):
    """`mark` names the session or token in the log; `csrf` is empty for a token."""

    person: Person
    via: Literal["session", "token"]
    mark: str
    csrf: str
    address: str


class Who:
    """`clock` gives milliseconds since 1970; `proxies` are addresses or networks of ours.

    Methods that reach the database block: call them in the thread pool.
    """

    def __init__(
        self,
        engine: Engine,
        clock: Callable[[], int],
        *,
        proxies: Iterable[str] = (),
        lifetime: Lifetime = LIFETIME,
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._proxies = tuple(ipaddress.ip_network(one) for one in proxies)
        self._lifetime = lifetime

    def find(self, request: HTTPConnection) -> Caller | None:
        """Who asks, or None: nobody known. For as long as an answer lasts, ask again."""
        shown = request.headers.get("authorization")
        if shown is not None:
            return self._program(request, shown)
        return self._browser(request, request.cookies.get(COOKIE, ""))

    def address(self, request: HTTPConnection) -> str:
        """Where the request comes from: what a stranger writes into a header counts for nothing.

        Of a proxy of ours the last address it added that is not a proxy itself.
        """
        peer = request.client.host if request.client else ""
        if not self._ours(peer):
            return peer[:64]
        passed = ",".join(request.headers.getlist("x-forwarded-for")).split(",")
        for hop in reversed([hop.strip() for hop in passed if hop.strip()]):
            if not _is_address(hop):
                break
            peer = hop
            if not self._ours(hop):
                break
        return peer[:64]

    def _browser(self, request: HTTPConnection, token: str) -> Caller | None:
        if not token:
            return None
        now = self._clock()
        with self._engine.connect() as conn:
            found = sessions.find(conn, token, now, self._lifetime)
        if found is None:
            return None
        if now - found.seen_at >= sessions.SEEN_EVERY_MS:
            with suppress(DBAPIError), writing(self._engine) as conn:
                sessions.touch(conn, token, now)
        return Caller(found.person, "session", found.mark, found.csrf, self.address(request))

    def _program(self, request: HTTPConnection, shown: str) -> Caller | None:
        kind, _, token = shown.partition(" ")
        if kind.lower() != "bearer":
            return None
        now = self._clock()
        with self._engine.connect() as conn:
            found = tokens.find(conn, token.strip(), now)
        if found is None:
            return None
        if found.used_at is None or now - found.used_at >= tokens.USED_EVERY_MS:
            with suppress(DBAPIError), writing(self._engine) as conn:
                tokens.touch(conn, found.id, now)
        return Caller(found.person, "token", f"token-{found.id}", "", self.address(request))

    def _ours(self, address: str) -> bool:
        if not self._proxies or not _is_address(address):
            return False
        return any(ipaddress.ip_address(address) in network for network in self._proxies)


def check_csrf(caller: Caller, method: str, given: str | None) -> None:
    """Compare `given` (the form's field or the header) with the session's. Raises WrongForm.

    Programs with a token need none: no browser sends a token by itself.
    """
    if caller.via == "token" or method in _SAFE:
        return
    if not given or not hmac.compare_digest(given.encode("utf-8", "replace"), caller.csrf.encode()):
        raise WrongForm


def give_cookie(response: Response, started: sessions.Started) -> None:
    """No Max-Age: a browser that is closed forgets it, the office ends it anyway."""
    response.set_cookie(COOKIE, started.token, secure=True, httponly=True, samesite="lax", path="/")


def take_cookie(response: Response) -> None:
    response.delete_cookie(COOKIE, secure=True, httponly=True, samesite="lax", path="/")


def login_at(request: HTTPConnection, login: str = "/login") -> str:
    """Where a page leads to when nobody known asks, with the way back.

    A region that asks for itself anew is no page: the way back is the page it stands on.
    """
    page = urlsplit(request.headers.get("hx-current-url", str(request.url)))
    back = page.path + (f"?{page.query}" if page.query else "")
    return f"{login}?next={quote(back, safe='')}"


def way_back(wanted: str) -> str:
    """`next` after a login: a path of our own pages, else the first page.

    `//host`, a backslash or a control character would lead a browser to somebody else's.
    """
    plain = wanted.isprintable() and "\\" not in wanted and len(wanted) <= 2_000
    return wanted if plain and wanted.startswith("/") and wanted[1:2] != "/" else "/"


def _is_address(text: str) -> bool:
    try:
        ipaddress.ip_address(text)
    except ValueError:
        return False
    return True
