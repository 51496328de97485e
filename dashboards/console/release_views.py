"""The addresses of releases: seeing them, dropping and withdrawing them, signing what they need.

Decides nothing: controller.releases does. A signature is made in the browser, or typed at the
office; here it is only handed on.
"""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Path, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel
from pydantic import Field as Limit
from sqlalchemy import Connection

from controller import bell
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.deeds import Doer as Who
from controller.jobs.refused import MISSING, Refused
from controller.people.audit import By
from controller.releases import drafts, renewals, signing
from controller.releases.folder import Releases
from controller.releases.metadata import Held
from controller.store.engine import writing
from dashboards.console.account_views import at_a_browser
from dashboards.console.asking import NO_STORE, ask_of, go, show_with, texts_of
from dashboards.console.pages import act, release, releases, seal
from dashboards.console.views import Office, Views
from wire.content import ROLES

_TOLD: Final = ("drop", "withdraw", "check", "sign")
ReleaseId = Annotated[int, Path(ge=1, le=2**53)]
Steering = Callable[[Connection, Releases, int, By, int], object]


class Signed(BaseModel):
    """What a browser sends when somebody has signed: the key as TUF names it, the rest in hex."""

    key: str = Limit(pattern=r"^[0-9a-f]{64}$")
    signature: str = Limit(pattern=r"^[0-9a-f]{128}$")


class ReleasePages:
    """The routes about releases. `folder` is where they lie, None where the office has none."""

    def __init__(self, its: Office, views: Views, folder: Releases | None) -> None:
        self._its = its
        self._views = views
        self._folder = folder
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        see, make, sign = "release.see", "release.make", "release.sign"
        for path, view, needs, method in (
            ("/releases", self.all, see, "GET"),
            ("/releases/renew/{role}", self.renew, make, "POST"),
            ("/releases/{release_id}", self.one, see, "GET"),
            ("/releases/{release_id}/drop", self._does("drop", _drop), make, "POST"),
            ("/releases/{release_id}/withdraw", self._does("withdraw", _take), make, "POST"),
            ("/signings/{signing_id}/statement", self.statement, sign, "GET"),
            ("/signings/{signing_id}/sign", self.sign, sign, "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def all(self, request: Request, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"release.done_{told}") if told in _TOLD else ""
        return show_with(self._its, request, releases.page(self._folder), {"told": said})

    def one(self, request: Request, release_id: ReleaseId, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"release.done_{told}") if told in _TOLD else ""
        return self._shown(request, release_id, 200, told=said)

    def renew(self, request: Request, doer: Doer, role: str) -> Response:
        """The list of a role as it is, for another year: people sign it."""
        if self._folder is None or role not in ROLES:
            return self._views.refuse(request, 404, "no_release")
        try:
            with writing(self._its.engine) as conn:
                renewals.renew(conn, self._folder, role, by(doer), self._its.clock())
        except Refused as error:
            page = releases.page(self._folder)
            more = {"refusal": self._words(request, error)}
            return show_with(self._its, request, page, more, 409)
        return go("/releases")

    def statement(self, signing_id: ReleaseId) -> Response:
        """The text to be signed and the list in force: the browser compares them."""
        with self._its.engine.connect() as conn:
            try:
                found = signing.find(conn, signing_id)
            except Refused as error:
                return PlainTextResponse(error.why, 404, NO_STORE)
        if self._folder is None or found.state != "open":
            return PlainTextResponse("nothing is to be signed here", 409, NO_STORE)
        try:
            return JSONResponse(dict(seal.statement(self._folder, found)), headers=NO_STORE)
        except Held as held:
            return PlainTextResponse(str(held), 409, NO_STORE)

    def sign(self, request: Request, doer: Doer, signing_id: ReleaseId, said: Signed) -> Response:
        """By script alone: the signature is made in the browser."""
        at_a_browser(request)
        if self._folder is None:
            return PlainTextResponse("this office has no place for releases", 409, NO_STORE)
        try:
            with writing(self._its.engine) as conn:
                missing = signing.add(
                    conn,
                    self._folder,
                    signing_id,
                    said.key,
                    said.signature,
                    by(doer),
                    self._its.clock(),
                )
        except Refused as error:
            return PlainTextResponse(self._words(request, error), 409, NO_STORE)
        bell.ring(self._its.engine)
        return JSONResponse({"missing": missing}, headers=NO_STORE)

    def _does(self, told: str, does: Steering) -> Callable[..., Response]:
        def doing(request: Request, doer: Doer, release_id: ReleaseId) -> Response:
            if self._folder is None:
                return self._views.refuse(request, 404, "no_release")
            try:
                with writing(self._its.engine) as conn:
                    does(conn, self._folder, release_id, by(doer), self._its.clock())
            except Refused as error:
                if error.code == MISSING:
                    return self._views.refuse(request, 404, "no_release")
                said = self._words(request, error)
                return self._shown(request, release_id, 409, refusal=said)
            return go(f"/releases/{release_id}?told={told}")

        return doing

    def _words(self, request: Request, error: Refused) -> str:
        with self._its.engine.connect() as conn:
            return act.refused(error, ask_of(self._its, request, conn))

    def _shown(self, request: Request, release_id: int, status: int, **more: str) -> Response:
        request.scope["path_params"] = {"release_id": release_id}
        if self._folder is None:
            return self._views.refuse(request, 404, "no_release")
        try:
            return show_with(self._its, request, release.page(self._folder), more, status)
        except Refused:
            return self._views.refuse(request, 404, "no_release")


def by(doer: Who) -> By:
    return By(doer.person.login, doer.address)


def _drop(conn: Connection, folder: Releases, release_id: int, who: By, now: int) -> None:
    drafts.drop(conn, folder, release_id, who, now)


def _take(conn: Connection, folder: Releases, release_id: int, who: By, now: int) -> None:
    renewals.withdraw(conn, folder, release_id, who, now)
