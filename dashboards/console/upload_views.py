"""The addresses of publishing: a folder comes in file by file, is checked, and waits to be signed.

A file is streamed to the disk, never held in memory. Who cut the connection sends the file again;
a draft that was left can be gone on with or dropped. Decides nothing: controller.releases does.
"""

import sys
from contextlib import ExitStack
from typing import Annotated, Final

from fastapi import Form, Path, Query, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from sqlalchemy import select
from starlette.concurrency import run_in_threadpool

from controller import bell
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.jobs.refused import Refused
from controller.releases import drafts, uploads
from controller.releases.folder import Releases
from controller.store.engine import writing
from controller.store.release_tables import release
from dashboards.console import words
from dashboards.console.asking import NO_STORE, ask_of, go, show, texts_of
from dashboards.console.pages import act, upload
from dashboards.console.release_views import by
from dashboards.console.views import Office

ReleaseId = Annotated[int, Path(ge=1, le=2**53)]
Text = Annotated[str, Form(max_length=300)]
MOST_PATH: Final = 400  # characters: what is too long is told by the rules of paths


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
            ("/releases/{release_id}/files", self.put, "release.make", "PUT"),
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

    async def put(
        self,
        request: Request,
        release_id: ReleaseId,
        path: Annotated[str, Query(max_length=MOST_PATH)],
        size: Annotated[int, Query(ge=0, le=2**53)],
    ) -> Response:
        """One file of a draft; its bytes are the body."""
        if not await run_in_threadpool(self._is_draft, release_id):
            return PlainTextResponse("this release is no draft any more", 409, NO_STORE)
        try:
            await self._take(request, release_id, path, size)
        except Refused as error:
            return await run_in_threadpool(self._refused, request, error)
        return Response(status_code=204, headers=NO_STORE)

    async def _take(self, request: Request, release_id: int, path: str, size: int) -> None:
        """Its disk work is done in threads: the live streams of others must not wait for it."""
        open_ = ExitStack()
        incoming = uploads.incoming(self._folder, release_id, path, size)
        sink = await run_in_threadpool(open_.enter_context, incoming)
        try:
            async for piece in request.stream():
                await run_in_threadpool(sink.write, piece)
        except BaseException:
            await run_in_threadpool(open_.__exit__, *sys.exc_info())
            raise
        await run_in_threadpool(open_.close)

    def check(self, request: Request, doer: Doer, release_id: ReleaseId) -> Response:
        """Check, cut, and ask for signatures; with problems it stays a draft and they are told."""
        try:
            done = drafts.finish(
                self._its.engine, self._folder, release_id, by(doer), self._its.clock()
            )
        except Refused as error:
            return self._refused(request, error)
        bell.ring(self._its.engine)
        if "text/html" in request.headers.get("accept", "") and not done.problems:
            return go(f"/releases/{release_id}?told=check")
        t = texts_of(self._its, request)
        told = ["".join(piece.text for piece in words.said(one, t)) for one in done.problems]
        return JSONResponse({"problems": told}, 422 if told else 200, NO_STORE)

    def _is_draft(self, release_id: int) -> bool:
        with self._its.engine.connect() as conn:
            query = select(release.c.state).where(release.c.id == release_id)
            return conn.scalar(query) == "draft"

    def _refused(self, request: Request, error: Refused) -> Response:
        with self._its.engine.connect() as conn:
            said = act.refused(error, ask_of(self._its, request, conn))
        return PlainTextResponse(said, 409, NO_STORE)
