"""The addresses of publishing: a draft is begun, filled, checked, and waits to be signed.

Its files come in one by one by the REST API (controller/api/releases.py). A draft that was left can
be gone on with or dropped. Decides nothing: controller.releases does.
"""

from typing import Annotated

from fastapi import Form, Path, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse

from controller import bell
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.jobs.refused import MISSING, Refused
from controller.releases import drafts
from controller.releases.folder import Releases
from controller.store.engine import writing
from dashboards.console import words
from dashboards.console.asking import NO_STORE, ask_of, go, show, show_with, texts_of
from dashboards.console.pages import act, release, upload
from dashboards.console.release_views import by
from dashboards.console.views import Office, wants_page

ReleaseId = Annotated[int, Path(ge=1, le=2**53)]
Text = Annotated[str, Form(max_length=300)]


class Uploads:
    """The routes about handing in a release. `folder` is where releases lie."""

    def __init__(self, its: Office, folder: Releases) -> None:
        self._its = its
        self._folder = folder
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        for path, view, needs, method in (
            ("/releases/new", self.blank, "release.make", "GET"),
            ("/releases", self.begin, "release.make", "POST"),
            ("/releases/{release_id}/check", self.check, "release.make", "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def blank(self, request: Request) -> Response:
        return show(self._its, request, upload.PAGE)

    def begin(self, request: Request, doer: Doer, bundle: Text = "", note: Text = "") -> Response:
        """A draft to be filled: its number."""
        try:
            with writing(self._its.engine) as conn:
                now = self._its.clock()
                made = drafts.begin(conn, self._folder, bundle.strip(), note.strip(), by(doer), now)
        except Refused as error:
            return self._refused(request, error)
        return JSONResponse({"id": made.id}, 201, NO_STORE)

    def check(self, request: Request, doer: Doer, release_id: ReleaseId) -> Response:
        """Check, cut, and ask for signatures; with problems it stays a draft and they are told."""
        try:
            done = drafts.finish(
                self._its.engine, self._folder, release_id, by(doer), self._its.clock()
            )
        except Refused as error:
            return self._refused(request, error, release_id)
        bell.ring(self._its.engine)
        t = texts_of(self._its, request)
        told = ["".join(piece.text for piece in words.said(one, t)) for one in done.problems]
        if not told and wants_page(request):
            return go(f"/releases/{release_id}?told=check")
        if wants_page(request):
            return self._page(request, release_id, 422, "; ".join(told))
        return JSONResponse({"problems": told}, 422 if told else 200, NO_STORE)

    def _refused(self, request: Request, error: Refused, release_id: int = 0) -> Response:
        """Without a release there is no page to say it on. Raises Refused."""
        with self._its.engine.connect() as conn:
            said = act.refused(error, ask_of(self._its, request, conn))
        if wants_page(request):
            if error.code == MISSING or not release_id:
                raise error
            return self._page(request, release_id, 409, said)
        return PlainTextResponse(said, 404 if error.code == MISSING else 409, NO_STORE)

    def _page(self, request: Request, release_id: int, status: int, said: str) -> Response:
        request.scope["path_params"] = {"release_id": release_id}
        page = release.page(self._folder)
        return show_with(self._its, request, page, {"refusal": said}, status)
