"""The addresses of the pages, and what people see when something is wrong with an address.

Every page is read with the scope of whoever asks. Each request opens one connection, reads,
renders, closes. Routes run in the thread pool; only the live stream is asynchronous.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from fastapi import Request
from fastapi.responses import (
    HTMLResponse,
    JSONResponse,
    PlainTextResponse,
    RedirectResponse,
    Response,
)
from sqlalchemy import Connection, Engine
from starlette.responses import StreamingResponse

from controller.api.gate import Gate
from controller.api.routes import Routes
from controller.api.who import login_at
from controller.identity.states import NoSuchKiosk
from controller.kiosk_page import kiosk_id
from dashboards.console import live, series
from dashboards.console.live import Ear, Hub
from dashboards.console.pages import faults, kiosk, kiosks, office
from dashboards.console.pages.ask import Ask, language_of
from dashboards.console.pages.page import Page, Press
from dashboards.console.texts import Texts


class Office(NamedTuple):
    """What every view needs. `clock` gives milliseconds since 1970."""

    engine: Engine
    clock: Callable[[], int]
    texts: Mapping[str, Texts]
    press: Press
    hub: Hub
    gate: Gate


class Views:
    """The routes that only read."""

    def __init__(self, its: Office, start: Page) -> None:
        self._its = its
        self._start = start
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        for path, view, needs in (
            ("/", self.start, "kiosk.see"),
            ("/kiosks", self.kiosks, "kiosk.see"),
            ("/kiosks/{name}", self.kiosk, "kiosk.see"),
            ("/kiosks/{name}/series", self.series, "kiosk.see"),
            ("/faults", self.faults, "fault.see"),
            ("/parts/office", self.office, "office.see"),
            ("/live", self.live, "kiosk.see"),
        ):
            routes.add(path, view, needs=needs, methods=["GET"], response_class=HTMLResponse)

    def start(self, request: Request) -> Response:
        return self._show(self._start, request)

    def kiosks(self, request: Request) -> Response:
        return self._show(kiosks.PAGE, request)

    def kiosk(self, request: Request) -> Response:
        return self._show(kiosk.PAGE, request)

    def faults(self, request: Request) -> Response:
        return self._show(faults.PAGE, request)

    def office(self, request: Request) -> Response:
        with self._its.engine.connect() as conn:
            return HTMLResponse(self._its.press.part(office.PART, self._ask(request, conn)))

    def series(self, request: Request, name: str, hours: str = "1") -> Response:
        with self._its.engine.connect() as conn:
            number = kiosk_id(conn, request.state.scope, name)
            if number is None:
                raise NoSuchKiosk(name)
            found = series.curves(conn, number, hours, self._its.clock())
        return JSONResponse(found, headers={"cache-control": "no-store"})

    async def live(self, request: Request, since: str = "") -> Response:
        """Changes as server-sent events, after `since` or what the browser heard last."""
        hub, gate = self._its.hub, self._its.gate
        ear = Ear(request.state.scope, request.state.person.account)
        if hub.full(ear.account):
            return PlainTextResponse("too many pages listen", 503, {"retry-after": "10"})
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        since = request.headers.get("last-event-id", since)
        stream = live.stream(hub, since, ear, lambda: gate.still(request, "kiosk.see"))
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    def to_login(self, request: Request) -> Response:
        """Nobody known asks: a person is led to the login and back, a script is told so."""
        headers = {"cache-control": "no-store"}
        back = login_at(request) if request.method == "GET" else "/login"
        if request.headers.get("hx-request"):
            return PlainTextResponse("log in", 401, {**headers, "hx-redirect": back})
        if not wants_page(request):
            return PlainTextResponse("log in", 401, headers)
        return RedirectResponse(back, 303, headers)

    def refuse(self, request: Request, status: int, word: str, **fields: str) -> Response:
        """An error page in the person's language; a script's request gets the sentence alone."""
        t = language_of(request, self._its.texts)
        title, detail = t(f"error.{word}", **fields), t(f"error.{word}_more", **fields)
        if not wants_page(request):
            return PlainTextResponse(f"{title}. {detail}", status)
        clean = quote(request.url.path) if word == "question" else ""
        shown = {"title": title, "detail": detail, "clean": clean}
        page = Page("error.html", "", (), lambda _: shown)
        with self._its.engine.connect() as conn:
            return self._its.press.show(page, self._ask(request, conn), "", status)

    def _show(self, page: Page, request: Request) -> Response:
        cursor = self._its.hub.cursor()
        with self._its.engine.connect() as conn:
            return self._its.press.show(page, self._ask(request, conn), cursor)

    def _ask(self, request: Request, conn: Connection) -> Ask:
        t = language_of(request, self._its.texts)
        state = request.state
        if not hasattr(state, "person"):  # refused before the gate was reached
            caller = self._its.gate.caller(request)
            state.person, state.csrf = (caller.person, caller.csrf) if caller else (None, "")
        return Ask(request, conn, self._its.clock(), t, state.person, state.csrf)


def wants_page(request: Request) -> bool:
    """Whether a browser waits for a page, and no script for an answer."""
    headers = request.headers
    return "text/html" in headers.get("accept", "") and "hx-request" not in headers
