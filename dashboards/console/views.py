"""The addresses of the pages, and what people see when something is wrong with an address.

Each request opens one connection, reads, renders, closes. Routes run in the thread pool; only the
live stream is asynchronous.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple
from urllib.parse import quote

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from sqlalchemy import Engine
from starlette.responses import StreamingResponse

from controller.kiosk_page import kiosk_id
from controller.words import BadQuestion
from dashboards.console import live, series, words
from dashboards.console.live import Hub
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


class Views:
    """The routes that only read."""

    def __init__(self, its: Office, start: Page) -> None:
        self._its = its
        self._start = start
        self.router = APIRouter(include_in_schema=False)
        for path, view in (
            ("/", self.start),
            ("/kiosks", self.kiosks),
            ("/kiosks/{name}", self.kiosk),
            ("/kiosks/{name}/series", self.series),
            ("/faults", self.faults),
            ("/parts/office", self.office),
            ("/live", self.live),
        ):
            self.router.add_api_route(path, view, methods=["GET"], response_class=HTMLResponse)

    def start(self, request: Request) -> Response:
        return self._show(self._start, request)

    def kiosks(self, request: Request) -> Response:
        return self._show(kiosks.PAGE, request)

    def kiosk(self, request: Request, name: str) -> Response:
        try:
            return self._show(kiosk.PAGE, request)
        except kiosk.NoSuchKiosk:
            return self.refuse(request, 404, "no_kiosk", name=words.plain(name))

    def faults(self, request: Request) -> Response:
        return self._show(faults.PAGE, request)

    def office(self, request: Request) -> Response:
        with self._its.engine.connect() as conn:
            return HTMLResponse(self._its.press.part(office.PART, self._ask(request, conn)))

    def series(self, name: str, hours: str = "1") -> Response:
        with self._its.engine.connect() as conn:
            number = kiosk_id(conn, name)
            if number is None:
                return PlainTextResponse("no such kiosk", 404)
            found = series.curves(conn, number, hours, self._its.clock())
        return JSONResponse(found, headers={"cache-control": "no-store"})

    async def live(self, request: Request, since: str = "") -> Response:
        """Changes as server-sent events, after `since` or what the browser heard last."""
        hub = self._its.hub
        if hub.full:
            return PlainTextResponse("too many pages listen", 503, {"retry-after": "10"})
        headers = {"cache-control": "no-store", "x-accel-buffering": "no"}
        stream = live.stream(hub, request.headers.get("last-event-id", since))
        return StreamingResponse(stream, headers=headers, media_type="text/event-stream")

    def refuse(self, request: Request, status: int, word: str, **fields: str) -> Response:
        """An error page in the person's language; a script's request gets the sentence alone."""
        t = language_of(request, self._its.texts)
        title, detail = t(f"error.{word}", **fields), t(f"error.{word}_more", **fields)
        if request.headers.get("hx-request"):
            return PlainTextResponse(f"{title}. {detail}", status)
        clean = quote(request.url.path) if word == "question" else ""
        shown = {"title": title, "detail": detail, "clean": clean}
        page = Page("error.html", "", (), lambda _: shown)
        with self._its.engine.connect() as conn:
            return self._its.press.show(page, self._ask(request, conn), "", status)

    def _show(self, page: Page, request: Request) -> Response:
        cursor = self._its.hub.cursor()
        try:
            with self._its.engine.connect() as conn:
                return self._its.press.show(page, self._ask(request, conn), cursor)
        except BadQuestion as error:
            return self.refuse(request, 422, "question", field=words.plain(quote(error.field)))

    def _ask(self, request: Request, conn: object) -> Ask:
        return Ask(request, conn, self._its.clock(), language_of(request, self._its.texts))  # type: ignore[arg-type]
