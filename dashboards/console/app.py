"""The console as an application: pages, the live stream, the REST API and static files.

Built from what it is given; opens no database and reads no environment.
"""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from sqlalchemy import Engine, func, select
from starlette.middleware.gzip import GZipMiddleware
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from controller import office
from controller.api.app import create_api
from controller.api.gate import Gate
from controller.api.routes import take_in
from controller.api.who import Who
from controller.changes import Watch
from controller.people.passwords import Passwords
from controller.people.provider import Provider
from controller.people.reception import Reception
from controller.store.tables import change
from dashboards.console import texts, trouble, vendor
from dashboards.console.account_views import Account
from dashboards.console.audit_views import Audit
from dashboards.console.back_views import Back
from dashboards.console.call_views import Calls
from dashboards.console.command_views import Commands
from dashboards.console.counter_views import Counters
from dashboards.console.desk import Desk
from dashboards.console.fresh import Fresh
from dashboards.console.guard import Guard
from dashboards.console.identity_views import Identities
from dashboards.console.inbox_views import Inbox
from dashboards.console.job_views import Jobs
from dashboards.console.key_views import Keys
from dashboards.console.lapor_views import Lapor
from dashboards.console.live import Hub
from dashboards.console.map.atlas import Atlas
from dashboards.console.notice_views import Notices
from dashboards.console.pages import start
from dashboards.console.pages.office import PART as OFFICE
from dashboards.console.pages.page import Press
from dashboards.console.people_views import People
from dashboards.console.release_views import ReleasePages
from dashboards.console.rollout_views import Rollouts
from dashboards.console.service_edit_views import ServiceEdits
from dashboards.console.service_views import Services
from dashboards.console.settings import Settings
from dashboards.console.upload_views import Uploads
from dashboards.console.views import Office, Views
from dashboards.console.visit_views import Visits

OVERLAP: Final = 200  # changes looked at again at first, for those whose number came before theirs


class NotBuilt(RuntimeError):  # noqa: N818 - says what happened, like the rest of the house
    """Files the pages need are missing; whoever installs must act."""


def create_console(engine: Engine, clock: Callable[[], int], settings: Settings) -> FastAPI:
    """The whole web side of the office. `clock` gives milliseconds since 1970.

    Raises NotBuilt when vendor files or packages are missing and BadLayer for an unusable map.
    """
    lacking = vendor.missing(settings.static)
    if lacking:
        raise NotBuilt(f"{', '.join(lacking)} missing: {vendor.ADVICE}")
    hub = Hub(lambda: watch(engine), lambda: condition(engine, clock))
    press = Press(Assets(settings.static).address, hub.cursor, OFFICE)
    who = Who(engine, clock, proxies=settings.proxies, lifetime=settings.lifetime)
    reception = Reception(engine, clock, Passwords(), settings.lifetime)
    app = create_api(
        engine,
        clock,
        settings.hosts,
        who,
        reception,
        releases=settings.releases,
        registrar=settings.channel,
    )
    gate: Gate = app.state.gate
    app.state.hub = hub  # the server ends its streams
    its = Office(engine, clock, texts.load(), press, hub, gate)
    views = Views(its, start.page(Atlas(settings.geojson), Fresh()))
    take_in(app, views.router)
    take_in(app, Desk(engine, clock, gate).router)
    provider = settings.provider
    for more in _rooms(its, views, settings, who, reception):
        take_in(app, more.router)
    if provider is not None:
        take_in(app, vouching(gate, who, reception, provider, clock))
    app.mount("/static", Lasting(directory=settings.static), name="static")
    trouble.add_missing_page(app, views)
    trouble.install(app, views)
    app.add_middleware(GZipMiddleware, minimum_size=1000, compresslevel=5)
    app.add_middleware(Guard, hosts=settings.hosts, https=settings.https, proxies=settings.proxies)
    return app


def _rooms(
    its: Office, views: Views, settings: Settings, who: Who, reception: Reception
) -> tuple[Any, ...]:
    """Every group of pages beside the first ones, in the order in which they are asked."""
    vouched = settings.provider.name if settings.provider else ""
    return (
        Account(its, who, reception, vouched),
        People(its, https=settings.https),
        Identities(its, settings.door),
        Audit(its),
        Commands(its),
        Jobs(its, views),
        Keys(its),
        *((Uploads(its, settings.releases),) if settings.releases else ()),
        ReleasePages(its, views, settings.releases),
        Rollouts(its, views),
        Inbox(its, views, settings.opener),
        Lapor(its, settings.opener),
        Back(its),
        Visits(its, views),
        Counters(its, views),
        Calls(its, views),
        Notices(its, views),
        ServiceEdits(its, views, settings.preview),  # before: /services/new is no number
        Services(its, views, settings.releases, settings.preview),
    )


def vouching(
    gate: Gate, who: Who, reception: Reception, provider: Provider, clock: Callable[[], int]
) -> APIRouter:
    """The way there and back. Its packages are an extra: only who needs them has them.

    Raises NotBuilt.
    """
    try:
        from controller.api.oidc import OidcRoutes  # noqa: PLC0415 - see above
        from controller.people.oidc import Oidc  # noqa: PLC0415 - see above
    except ModuleNotFoundError as error:
        raise NotBuilt(f"{error.name} is missing: pip install 'anjungan[oidc]'") from error
    return OidcRoutes(gate, who, reception, Oidc(provider, clock)).router


def watch(engine: Engine) -> Watch:
    with engine.connect() as conn:
        newest: int = conn.scalar(select(func.max(change.c.id))) or 0
    return Watch(engine, after=max(0, newest - OVERLAP))


def condition(engine: Engine, clock: Callable[[], int]) -> str:
    """How the office is, in one word, for the banner to follow."""
    with engine.connect() as conn:
        deaf = office.deafness(conn, clock())
    return f"{deaf.condition} {deaf.partitions}" if deaf else "hears"


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
