"""The console as an application: pages, the live stream, the REST API and static files.

Built from what it is given; opens no database and reads no environment.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fastapi import FastAPI
from sqlalchemy import Engine, func, select
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from controller import office
from controller.api.app import create_api
from controller.changes import Watch
from controller.store.tables import change
from dashboards.console import texts, vendor
from dashboards.console.desk import Desk
from dashboards.console.fresh import Fresh
from dashboards.console.guard import Guard
from dashboards.console.live import Hub
from dashboards.console.map.atlas import Atlas
from dashboards.console.pages import start
from dashboards.console.pages.office import PART as OFFICE
from dashboards.console.pages.page import Press
from dashboards.console.settings import Settings
from dashboards.console.views import Office, Views

OVERLAP: Final = 200  # changes looked at again at first, for those whose number came before theirs


class NotBuilt(RuntimeError):  # noqa: N818 - says what happened, like the rest of the house
    """Files the pages need are missing; whoever installs must act."""


def create_console(engine: Engine, clock: Callable[[], int], settings: Settings) -> FastAPI:
    """The whole web side of the office. `clock` gives milliseconds since 1970.

    Raises NotBuilt when vendor files are missing and BadLayer for an unusable map.
    """
    lacking = vendor.missing(settings.static)
    if lacking:
        raise NotBuilt(f"{', '.join(lacking)} missing: {vendor.ADVICE}")
    hub = Hub(lambda: watch(engine), lambda: condition(engine, clock))
    press = Press(Assets(settings.static).address, hub.cursor, OFFICE)
    its = Office(engine, clock, texts.load(), press, hub)
    views = Views(its, start.page(Atlas(settings.geojson), Fresh()))
    app = create_api(engine, clock, settings.hosts)
    app.state.hub = hub  # the server ends its streams
    app.include_router(views.router)
    app.include_router(Desk(engine, clock).router)
    app.mount("/static", Lasting(directory=settings.static), name="static")
    add_missing_page(app, views)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, hosts=settings.hosts)
    return app


def watch(engine: Engine) -> Watch:
    with engine.connect() as conn:
        newest: int = conn.scalar(select(func.max(change.c.id))) or 0
    return Watch(engine, after=max(0, newest - OVERLAP))


def condition(engine: Engine, clock: Callable[[], int]) -> str:
    """How the office is, in one word, for the banner to follow."""
    with engine.connect() as conn:
        deaf = office.deafness(conn, clock())
    return f"{deaf.condition} {deaf.partitions}" if deaf else "hears"


def add_missing_page(app: FastAPI, views: Views) -> None:
    """Addresses of pages that lead nowhere get a page; those of the API keep their problem."""

    def nowhere(request: Request, _path: str = "") -> Response:
        return views.refuse(request, 404, "missing")

    app.add_api_route("/{_path:path}", nowhere, methods=["GET"], include_in_schema=False)


class Assets:
    """Addresses of static files that change with their content."""

    def __init__(self, folder: Path) -> None:
        self._versions = {
            path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()[:10]
            for path in folder.rglob("*")
            if path.is_file()
        }

    def address(self, name: str) -> str:
        """Raises KeyError for a file that is not there."""
        return f"/static/{name}?v={self._versions[name]}"


class Lasting(StaticFiles):
    """Static files: what is asked for by its version may be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        if scope.get("query_string", b"").startswith(b"v="):
            response.headers["cache-control"] = "public, max-age=31536000, immutable"
        return response
