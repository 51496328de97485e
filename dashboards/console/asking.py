"""How a route becomes a page: one connection, one question, one answer that nobody keeps.

Shared by the views of people, accounts, identities and the log. Decides nothing and guards
nothing: the routes do. A page answered to a POST is never kept by a browser either.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import Request
from sqlalchemy import Connection
from starlette.responses import RedirectResponse, Response

from dashboards.console.pages.ask import Ask, language_of
from dashboards.console.pages.page import Page
from dashboards.console.texts import Texts
from dashboards.console.views import Office

NO_STORE = {"cache-control": "no-store"}


def texts_of(its: Office, request: Request) -> Texts:
    return language_of(request, its.texts)


def ask_of(its: Office, request: Request, conn: Connection) -> Ask:
    state = request.state
    t = texts_of(its, request)
    return Ask(request, conn, its.clock(), t, state.person, state.csrf)


def show(its: Office, request: Request, page: Page, status: int = 200) -> Response:
    """Raises BadQuestion for an address that asks nonsense."""
    cursor = its.hub.cursor()
    with its.engine.connect() as conn:
        return its.press.show(page, ask_of(its, request, conn), cursor, status)


def show_with(
    its: Office, request: Request, page: Page, more: Mapping[str, Any], status: int = 200
) -> Response:
    """The page with what only this answer knows, such as a refusal or a code shown once."""
    return show(its, request, page._replace(load=lambda ask: {**page.load(ask), **more}), status)


def go(where: str) -> Response:
    return RedirectResponse(where, 303, NO_STORE)
