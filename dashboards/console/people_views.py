"""The addresses at which an administrator says who may do what, and where.

Every change is an account function's, in one transaction with its row in the log. A link is shown
once, in the answer that made it: its secret stands behind the # of the address, which browsers send
to nobody, so that no log of a server or proxy and no referrer ever holds it. A program's token
changes nobody: it would make itself a person whom no end of the token removes.
"""

from collections.abc import Callable
from typing import Annotated, Any, Final

from fastapi import Form, Request, Response
from pydantic import BaseModel
from pydantic import Field as Limit
from sqlalchemy import Connection

from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.people import accounts, links, sessions
from controller.people.accounts import AccountRefused, New
from controller.people.audit import By, Entry, append
from controller.people.powers import Grant
from controller.store.engine import writing
from dashboards.console.account_views import at_a_browser
from dashboards.console.asking import go, show, show_with, texts_of
from dashboards.console.doorplate import qr
from dashboards.console.pages import people
from dashboards.console.views import Office

WELCOME: Final = "/welcome#"
_TOLD: Final = ("give", "take", "end", "disabled", "enabled")
Field = Annotated[str, Form(max_length=400)]


class Granted(BaseModel):
    """One role in one district, and what to do with it."""

    act: str = Limit(default="give", max_length=8)
    role: str = Limit(default="", max_length=16)
    district: str = Limit(default="", max_length=16)


class Wanted(BaseModel):
    """A new account with its first role."""

    name: str = Limit(default="", max_length=200)
    login: str = Limit(default="", max_length=200)
    role: str = Limit(default="", max_length=16)
    district: str = Limit(default="", max_length=16)


class People:
    """The routes about accounts. `https`: the console is reached by HTTPS, whoever ends it."""

    def __init__(self, its: Office, *, https: bool = False) -> None:
        self._its = its
        self._https = https
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        see, manage = "people.see", "people.manage"
        for path, view, needs, method in (
            ("/people", self.everybody, see, "GET"),
            ("/people/new", self.blank, manage, "GET"),
            ("/people/new", self.make, manage, "POST"),
            ("/people/{login}", self.one, see, "GET"),
            ("/people/{login}/grants", self.grants, manage, "POST"),
            ("/people/{login}/link", self.link, manage, "POST"),
            ("/people/{login}/end", self.end, manage, "POST"),
            ("/people/{login}/disabled", self.disabled, manage, "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def everybody(self, request: Request) -> Response:
        return show(self._its, request, people.PEOPLE)

    def blank(self, request: Request) -> Response:
        return show(self._its, request, people.NEW)

    def make(self, request: Request, doer: Doer, asked: Annotated[Wanted, Form()]) -> Response:
        by, now = _by(request, doer), self._its.clock()
        try:
            with writing(self._its.engine) as conn:
                new = New(asked.login, asked.name, (Grant(asked.role, asked.district),))
                made = accounts.create(conn, new, by, now)
                link = links.issue(conn, made.login, by, now)
        except AccountRefused as error:
            more = {**asked.model_dump(), "refusal": self._said(request, error)}
            return show_with(self._its, request, people.NEW, more, 422)
        request.scope["path_params"] = {"login": made.login}
        return self._with_link(request, link)

    def one(self, request: Request, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"people.done_{told}") if told in _TOLD else ""
        return self._person(request, told=said)

    def grants(
        self, request: Request, doer: Doer, login: str, asked: Annotated[Granted, Form()]
    ) -> Response:
        one, told = Grant(asked.role, asked.district), "take" if asked.act == "take" else "give"
        does = accounts.remove_grant if told == "take" else accounts.add_grant

        def change(conn: Connection, by: By, now: int) -> None:
            does(conn, login, one, by, now)

        return self._change(request, doer, login, change, told)

    def link(self, request: Request, doer: Doer, login: str) -> Response:
        by, now = _by(request, doer), self._its.clock()
        try:
            with writing(self._its.engine) as conn:
                made = links.issue(conn, login, by, now)
        except AccountRefused:
            return show(self._its, request, people.PEOPLE, 404)
        return self._with_link(request, made)

    def end(self, request: Request, doer: Doer, login: str) -> Response:
        def change(conn: Connection, by: By, now: int) -> None:
            one = accounts.get(conn, login)
            ended = sessions.end_all(conn, one.id, now)
            detail = {"sessions": ended}
            append(conn, Entry(by.who, "session.end", one.login, "", by.address, detail), now)

        return self._change(request, doer, login, change, "end")

    def disabled(
        self, request: Request, doer: Doer, login: str, disabled: Field = "yes"
    ) -> Response:
        does = accounts.enable if disabled == "no" else accounts.disable
        told = "enabled" if disabled == "no" else "disabled"

        def change(conn: Connection, by: By, now: int) -> None:
            does(conn, login, by, now)

        return self._change(request, doer, login, change, told)

    def _change(
        self,
        request: Request,
        doer: Doer,
        login: str,
        change: Callable[[Connection, By, int], None],
        told: str,
    ) -> Response:
        by = _by(request, doer)
        try:
            with writing(self._its.engine) as conn:
                change(conn, by, self._its.clock())
        except AccountRefused as error:
            return self._person(request, 422, refusal=self._said(request, error))
        return go(f"/people/{accounts.fold(login)}?told={told}")

    def _with_link(self, request: Request, made: links.Link) -> Response:
        home = request.base_url.replace(scheme="https") if self._https else request.base_url
        address = f"{str(home).rstrip('/')}{WELCOME}{made.token}"
        shown = {"address": address, "expires_at": made.expires_at, "qr": qr(address)}
        return show_with(self._its, request, people.PERSON, {"link": shown})

    def _person(self, request: Request, status: int = 200, **more: Any) -> Response:
        try:
            return show_with(self._its, request, people.PERSON, more, status)
        except AccountRefused:
            return show(self._its, request, people.PEOPLE, 404)

    def _said(self, request: Request, error: AccountRefused) -> str:
        key = f"people.refused_{error.reason.replace('-', '_')}"
        return texts_of(self._its, request)(key)


def _by(request: Request, doer: Doer) -> By:
    at_a_browser(request)
    return By(doer.person.login, doer.address)
