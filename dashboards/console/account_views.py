"""The addresses around one's own account: in, out, a one-time link, and what is mine.

A refusal at the login reads alike whatever was wrong. What changes an account is for a person at a
browser: a program's token may not make tokens, end sessions or change a password. The secret of a
one-time link stands behind the # of its address: browsers keep that to themselves, so that it is in
no log and no referrer; a script puts it into a form, and without scripts a person pastes it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Annotated, Final

from fastapi import Form, HTTPException, Request, Response
from pydantic import BaseModel
from pydantic import Field as Limit

from controller.api.gate import PUBLIC, SELF
from controller.api.routes import Routes
from controller.api.who import COOKIE, Caller, Who, give_cookie, take_cookie, way_back
from controller.people import accounts, sessions, tokens
from controller.people.accounts import AccountRefused
from controller.people.audit import By, Entry, append
from controller.people.links import LinkRefused
from controller.people.passwords import SHORTEST, Busy, WeakPassword
from controller.people.reception import Outcome, Reception
from controller.people.sessions import Origin, Started
from controller.store.engine import writing
from dashboards.console import times
from dashboards.console.asking import go, show, show_with, texts_of
from dashboards.console.pages import account
from dashboards.console.pages.numbers import whole
from dashboards.console.views import Office

_TOLD: Final = ("name", "password", "ended", "token", "key", "key_end")
_STATUS: Final = {"wrong": 401, "wait": 429, "busy": 503}
_AT_LOGIN: Final = ("left", "ended", "changed")
_OUTSIDE: Final = ("provider-away", "not-vouched", "not-linked")  # how another house's login ended
Field = Annotated[str, Form(max_length=1000)]
_All = Annotated[str, Form(alias="all", max_length=8)]


class Redeem(BaseModel):
    """What the page of a one-time link sends, at its first step and at its second."""

    token: str = Limit(default="", max_length=400)
    step: str = Limit(default="", max_length=8)
    login: str = Limit(default="", max_length=100)
    name: str = Limit(default="", max_length=200)
    password: str = Limit(default="", max_length=1000)
    again: str = Limit(default="", max_length=1000)


class _NotSame(ValueError):  # noqa: N818 - says what happened
    """What was typed twice differs."""


class Account:
    """The routes that stand before the login, and those about oneself."""

    def __init__(self, its: Office, who: Who, reception: Reception, provider: str = "") -> None:
        """`provider` is the name of the other house that may vouch for people."""
        self._its = its
        self._provider = provider
        self._who = who
        self._reception = reception
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        for path, view, needs, method in (
            ("/login", self.gate, PUBLIC, "GET"),
            ("/login", self.enter, PUBLIC, "POST"),
            ("/logout", self.leave, PUBLIC, "POST"),
            ("/setup", self.link, PUBLIC, "GET"),
            ("/welcome", self.link, PUBLIC, "GET"),
            ("/welcome", self.redeem, PUBLIC, "POST"),
            ("/account", self.mine, SELF, "GET"),
            ("/account/name", self.rename, SELF, "POST"),
            ("/account/password", self.password, SELF, "POST"),
            ("/account/sessions/end", self.end, SELF, "POST"),
            ("/account/tokens", self.token, SELF, "POST"),
            ("/account/tokens/end", self.withdraw, SELF, "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def gate(self, request: Request, next: str = "/", told: str = "") -> Response:  # noqa: A002 - the address's own word
        caller = self._its.gate.caller(request)
        if caller is not None and caller.via == "session":
            return go(way_back(next))
        t = texts_of(self._its, request)
        more = {"told": t(f"login.{told}") if told in _AT_LOGIN else ""}
        if told in _OUTSIDE:
            more["refusal"] = t(f"login.{told.replace('-', '_')}", name=self._provider)
        more |= {"next": way_back(next), "provider": self._provider}
        return show_with(self._its, request, account.LOGIN, more)

    def enter(
        self,
        request: Request,
        login: Field = "",
        password: Field = "",
        back: Annotated[str, Form(alias="next", max_length=2000)] = "/",
    ) -> Response:
        old = request.cookies.get(COOKIE, "")
        outcome = self._reception.login(login, password, self._origin(request), old)
        if outcome.started is not None:
            return let_in(outcome.started, way_back(back))
        said = {"refusal": self._why(request, outcome), "next": way_back(back), "login": login[:64]}
        said["provider"] = self._provider
        status = _STATUS.get(outcome.why, 401)
        return self._slowed(show_with(self._its, request, account.LOGIN, said, status), outcome)

    def leave(self, request: Request) -> Response:
        """Public, so that it also does what it says for a session that is over.

        A foreign page cannot ask for it: see the guard.
        """
        caller = self._its.gate.caller(request)
        if caller is not None:
            token = request.cookies.get(COOKIE, "")
            self._reception.logout(token, caller.person.login, self._who.address(request))
        response = go("/login?told=left")
        take_cookie(response)
        response.headers["clear-site-data"] = '"cache"'
        return response

    def link(self, request: Request) -> Response:
        return show(self._its, request, account.WELCOME)

    def redeem(self, request: Request, asked: Annotated[Redeem, Form()]) -> Response:
        """First what the link is for, then, with a password, what it does."""
        asked = asked.model_copy(update={"token": asked.token.strip().rpartition("#")[2]})
        found = self._reception.look(asked.token)
        if found is None:
            return self._welcome(request, 410, "welcome.gone")
        kept = {"token": asked.token, "login": asked.login, "name": asked.name}
        who = {"first": found.login is None, "login": found.login, "name": found.name}
        shown = {**kept, "found": who}
        if asked.step != "set":
            return show_with(self._its, request, account.WELCOME, shown)
        try:
            return let_in(*self._set(request, asked, first=found.login is None))
        except LinkRefused:
            return self._welcome(request, 410, "welcome.gone")
        except (_NotSame, WeakPassword, AccountRefused) as error:
            return self._welcome(request, 422, _refusal(error), shown)
        except Busy:
            return self._welcome(request, 503, "login.busy", shown)

    def _set(self, request: Request, asked: Redeem, *, first: bool) -> tuple[Started, str]:
        """Who came in, and where to. Raises what `redeem` catches."""
        if asked.password != asked.again:
            raise _NotSame
        token, origin = asked.token, self._origin(request)
        if not first:
            return self._reception.redeem(token, asked.password, origin), "/"
        made = self._reception.set_up(token, asked.login, asked.name, asked.password, origin)
        return made, "/people"

    def mine(self, request: Request, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"account.done_{told}") if told in _TOLD else ""
        return show_with(self._its, request, account.ACCOUNT, {"told": said})

    def rename(self, request: Request, name: Field = "") -> Response:
        caller = at_a_browser(request)
        by = By(caller.person.login, caller.address)
        try:
            with writing(self._its.engine) as conn:
                accounts.rename(conn, caller.person.login, name, by, self._its.clock())
        except AccountRefused:
            return self._refused(request, "account.bad_name")
        return go("/account?told=name")

    def password(
        self, request: Request, current: Field = "", password: Field = "", again: Field = ""
    ) -> Response:
        caller = at_a_browser(request)
        if password != again:
            return self._refused(request, "login.not_same")
        origin = self._origin(request)
        try:
            outcome = self._reception.change_password(
                caller.person.login, current, password, origin
            )
        except WeakPassword as error:
            return self._refused(request, f"login.weak_{error.reason}")
        if outcome.started is not None:
            return let_in(outcome.started, "/account?told=password")
        wrong = outcome.why == "wrong"
        said = texts_of(self._its, request)("account.wrong") if wrong else ""
        more = {"refusal": said or self._why(request, outcome)}
        page = show_with(self._its, request, account.ACCOUNT, more, 422 if wrong else 429)
        return self._slowed(page, outcome)

    def end(self, request: Request, session: Field = "", everything: _All = "") -> Response:
        caller = at_a_browser(request)
        person, now = caller.person, self._its.clock()
        with writing(self._its.engine) as conn:
            marks = [one.mark for one in sessions.sessions_of(conn, person.account, now)]
            chosen = [one for one in marks if one != caller.mark] if everything else [session]
            ended = sum(sessions.end_marked(conn, person.account, one, now) for one in chosen)
            if ended:
                entry = Entry(person.login, "session.end", person.login, "", caller.address)
                append(conn, entry._replace(detail={"sessions": ended}), now)
        if not everything and session == caller.mark:
            return go("/login?told=left")
        return go("/account?told=ended")

    def token(self, request: Request, name: Field = "", days: Field = "") -> Response:
        caller = at_a_browser(request)
        person, now = caller.person, self._its.clock()
        try:
            with writing(self._its.engine) as conn:
                made = tokens.issue(conn, person.account, name, whole(days, "days", 90), now)
                detail = {"name": name.strip(), "expires_at": made.expires_at}
                entry = Entry(person.login, "token.issue", person.login, "", caller.address, detail)
                append(conn, entry, now)
        except ValueError:
            return self._refused(request, "account.bad_name")
        shown = {"token": {"name": name.strip(), "token": made.token}}
        return show_with(self._its, request, account.ACCOUNT, shown)

    def withdraw(self, request: Request, token: Field = "") -> Response:
        caller = at_a_browser(request)
        person, now = caller.person, self._its.clock()
        number = whole(token, "token", 0)
        with writing(self._its.engine) as conn:
            if tokens.end(conn, person.account, number, now):
                detail = {"token": number}
                entry = Entry(person.login, "token.end", person.login, "", caller.address, detail)
                append(conn, entry, now)
        return go("/account?told=token")

    def _origin(self, request: Request) -> Origin:
        return Origin(self._who.address(request), request.headers.get("user-agent", ""))

    def _why(self, request: Request, outcome: Outcome) -> str:
        t = texts_of(self._its, request)
        if outcome.why == "wait":
            return t("login.wait", span=times.span(outcome.retry_after_s, t))
        return t("login.busy" if outcome.why == "busy" else "login.refused")

    def _slowed(self, response: Response, outcome: Outcome) -> Response:
        if outcome.retry_after_s:
            response.headers["retry-after"] = str(outcome.retry_after_s)
        return response

    def _welcome(
        self,
        request: Request,
        status: int,
        key: str,
        shown: Mapping[str, object] = MappingProxyType({}),
    ) -> Response:
        said = texts_of(self._its, request)(key, n=SHORTEST)
        more = {**shown, "refusal": said}
        return show_with(self._its, request, account.WELCOME, more, status)

    def _refused(self, request: Request, key: str) -> Response:
        said = texts_of(self._its, request)(key, n=SHORTEST)
        return show_with(self._its, request, account.ACCOUNT, {"refusal": said}, 422)


def _refusal(error: _NotSame | WeakPassword | AccountRefused) -> str:
    """The key of its text."""
    if isinstance(error, WeakPassword):
        return f"login.weak_{error.reason}"
    if isinstance(error, AccountRefused):
        return f"people.refused_{error.reason.replace('-', '_')}"
    return "login.not_same"


def let_in(started: Started, where: str) -> Response:
    response = go(where)
    give_cookie(response, started)
    return response


def at_a_browser(request: Request) -> Caller:
    """Whoever asks, unless it is a program: what it was given it must not multiply."""
    caller: Caller = request.state.caller
    if caller.via != "session":
        raise HTTPException(403, "this is for a person at a browser, not for an access token")
    return caller
