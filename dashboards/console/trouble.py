"""What a person sees when something is wrong: one page for every refusal, in their language.

The API's own handlers say the status and write down what must be; here the same is said in words a
person understands, with who must act. Programs keep their problem. Knows no page of its own.
"""

from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Final, NamedTuple
from urllib.parse import quote

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from sqlalchemy.exc import DBAPIError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from controller.api.gate import SAFE, SELF, OldPage
from controller.api.problems import problem
from controller.api.routes import Routes, take_in
from controller.fault_desk import NoSuchFault
from controller.identity.states import NoSuchKiosk
from controller.jobs.refused import MISSING, NOT_NOW, Lacks, Refused
from controller.scope import Outside
from controller.visits.books import Elsewhere
from controller.words import BadQuestion
from dashboards.console import words
from dashboards.console.guard import HEADERS
from dashboards.console.views import Views

_Handler = Callable[[Request, Exception], Response]


class Said(NamedTuple):
    """The word of `[error]` in the texts, what it names, and a status where a program's differs."""

    word: str
    fields: Mapping[str, str] = {}
    status: int = 0


_Says = Callable[[Request, Any], Said]


def kiosk(_: Request, error: NoSuchKiosk) -> Said:
    return Said("no_kiosk", {"name": words.plain(error)})


def fault(_: Request, error: NoSuchFault) -> Said:
    return Said("no_fault", {"number": words.plain(error)})


def question(request: Request, error: BadQuestion) -> Said:
    """Of an address a filter, which can be taken away; of a form what was typed into it."""
    if request.method not in SAFE:
        return Said("unreadable")
    return Said("question", {"field": words.plain(quote(error.field))})


def refused(_: Request, error: Refused) -> Said:
    known = {MISSING: "missing", "power": "power"}
    return Said(known.get(error.code, "meanwhile" if error.code in NOT_NOW else "unreadable"))


def elsewhere(_: Request, error: Outside) -> Said:
    """Of a table that was handed in, which row it is."""
    if not isinstance(error, Elsewhere):
        return Said("elsewhere")
    which = {"n": str(error.n), "place": words.plain(error.place), "district": error.district}
    return Said("elsewhere_row", which)


def lacks(_: Request, __: Lacks) -> Said:
    return Said("power")


def unreadable(_: Request, error: RequestValidationError) -> Said:
    """Before anything was done. `loc` begins with where it stood: path or body."""
    first = error.errors()[0]
    if first["loc"][0] == "path":
        return Said("missing", status=404)
    if first["type"] == "string_too_long":
        return Said("too_long", {"most": str(first["ctx"]["max_length"])})
    return Said("unreadable")


def shut(_: Request, error: HTTPException) -> Said:
    if isinstance(error, OldPage):
        return Said("old_page")
    return Said(_BY_STATUS.get(error.status_code, "unreadable"))


def away(_: Request, __: Exception) -> Said:
    return Said("database")


def mistake(_: Request, __: Exception) -> Said:
    return Said("mistake")


_BY_STATUS: Final = {403: "power", 404: "missing", 405: "missing", 413: "too_large"}
SAYS: Final[Mapping[type[Exception], _Says]] = {
    NoSuchKiosk: kiosk,
    NoSuchFault: fault,
    BadQuestion: question,
    Refused: refused,
    Outside: elsewhere,
    Lacks: lacks,
    RequestValidationError: unreadable,
    HTTPException: shut,
    DBAPIError: away,
    Exception: mistake,
}


def install(app: FastAPI, views: Views) -> None:
    """To an application that answers programs already."""
    for_programs: Mapping[Any, Any] = dict(app.exception_handlers)
    for kind, say in SAYS.items():
        app.add_exception_handler(kind, _handler(for_programs[kind], say, views))


def _handler(for_programs: _Handler, say: _Says, views: Views) -> _Handler:
    def answer(request: Request, error: Exception) -> Response:
        told = for_programs(request, error)
        if is_for_programs(request):
            return told
        if told.status_code == 401:
            return views.to_login(request)
        said = say(request, error)
        with suppress(DBAPIError):  # somebody else may only be writing: the page can be read
            status = said.status or told.status_code
            page = views.refuse(request, status, said.word, **said.fields)
            page.headers.update({**dict(HEADERS), **(getattr(error, "headers", None) or {})})
            return page
        return told

    return answer


def add_missing_page(app: FastAPI, views: Views) -> None:
    """Addresses that lead nowhere get a page, once somebody is logged in.

    A stranger is led to the login from every address alike: nobody learns which there are.
    """

    def nowhere(request: Request, _path: str = "") -> Response:
        if is_for_programs(request):
            return problem(404, "no such address")
        return views.refuse(request, 404, "missing")

    routes = Routes(app.state.gate, include_in_schema=False)
    routes.add("/{_path:path}", nowhere, needs=SELF, methods=["GET"])
    take_in(app, routes.router)


def is_for_programs(request: Request) -> bool:
    path = request.url.path
    return path.startswith("/api/") or path in ("/metrics", "/healthz", "/openapi.json")
