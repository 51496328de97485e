"""Routes about releases: the list, one of them, drafts and their files, signatures, withdrawal.

Asks controller.releases; decides nothing. A file is streamed to the disk, never held in memory.
"""

import sys
from contextlib import ExitStack
from typing import Annotated, Any

from fastapi import Path, Query, Request
from pydantic import Field
from starlette.concurrency import run_in_threadpool

from controller import bell
from controller.api import release_models as models
from controller.api.gate import Gate
from controller.api.job_models import Nothing
from controller.api.models import PageOf
from controller.api.office_door import OfficeDoor
from controller.api.params import Paging, Params, Text
from controller.api.problems import documented
from controller.api.routes import By, Routes
from controller.deeds import Doer
from controller.jobs.refused import Refused
from controller.people import audit
from controller.releases import drafts, read, renewals, signing, uploads
from controller.releases.folder import Releases
from controller.releases.make import Terms
from controller.words import check_words
from wire.content import MOST_UNPACKED
from wire.lifecycle import RELEASE, states

ReleaseId = Annotated[int, Path(ge=1, le=2**62, description="Number of a release's row")]
SigningId = Annotated[int, Path(ge=1, le=2**62, description="Number of a signing")]
STATES = tuple(sorted(states(RELEASE)))


class ReleaseParams(Paging):
    state: list[Text] = Field(default=[], description="Any of these", max_length=20)
    bundle: Text = ""

    def query(self) -> read.ReleaseQuery:
        check_words("state", self.state, STATES)
        return read.ReleaseQuery(self.bundle, tuple(self.state), self.page, self.size)


class FileParams(Params):
    path: str = Field(min_length=1, max_length=400, description="Within the bundle")
    size: int = Field(ge=0, le=MOST_UNPACKED, description="Bytes of the body")


AskReleases = Annotated[ReleaseParams, Query()]
AskFile = Annotated[FileParams, Query()]


class ReleaseRoutes:
    """`folder`: where releases lie, None where nothing is published from here."""

    def __init__(self, door: OfficeDoor, gate: Gate, folder: Releases | None) -> None:
        self._door, self._given = door, folder
        routes = Routes(gate, prefix="/api/v1", tags=["releases"])
        self.router = routes.router
        at, add = "/releases/{release_id}", routes.add
        see: dict[str, Any] = {"needs": "release.see", "responses": documented(404, 409, 422)}
        add("/releases", self.releases, response_model=PageOf[models.Release], **see)
        add(at, self.release, response_model=models.ReleaseDetail, **see)
        make: dict[str, Any] = {"needs": "release.make", "responses": documented(404, 409, 422)}
        put = make | {"methods": ["PUT"], "status_code": 204}
        add(f"{at}/files", self.put_file, **put)
        make |= {"methods": ["POST"]}
        new = make | {"response_model": models.MadeDraft, "status_code": 201}
        add("/releases", self.begin_release, **new)
        add(f"{at}/check", self.check_release, response_model=models.Checked, **make)
        add(f"{at}/drop", self.drop_release, status_code=204, **make)
        add(f"{at}/withdraw", self.withdraw_release, response_model=models.AskedSigning, **make)
        word = make | {"needs": "release.sign", "response_model": models.Missing}
        add("/signings/{signing_id}/signatures", self.sign_release, **word)

    def releases(self, query: AskReleases) -> Any:
        """One page, newest first."""
        with self._door.reading() as conn:
            return read.releases(conn, query.query())

    def release(self, release_id: ReleaseId) -> Any:
        """One release: what changed, what is signed, who did, and who still must."""
        with self._door.reading() as conn:
            return read.release(conn, self._folder(), release_id)

    def begin_release(self, by: By, draft: models.GivenDraft) -> Any:
        """A draft, to be filled with files."""
        with self._door.writing() as conn:
            now = self._door.clock()
            return drafts.begin(conn, self._folder(), draft.bundle, draft.note, _by(by), now)

    async def put_file(self, request: Request, release_id: ReleaseId, query: AskFile) -> None:
        """One file of a draft: its bytes are the body. Sent again it replaces the first."""
        await run_in_threadpool(self._must_be_draft, release_id)
        opened = ExitStack()
        incoming = uploads.incoming(self._folder(), release_id, query.path, query.size)
        sink = await run_in_threadpool(opened.enter_context, incoming)
        try:
            async for piece in request.stream():
                await run_in_threadpool(sink.write, piece)
        except BaseException:
            await run_in_threadpool(opened.__exit__, *sys.exc_info())
            raise
        await run_in_threadpool(opened.close)

    def check_release(
        self, by: By, release_id: ReleaseId, terms: models.GivenTerms | None = None
    ) -> Any:
        """Check its files, cut them, and ask for signatures. Takes a while for a large one."""
        given = Terms(**terms.model_dump()) if terms is not None else None
        now, engine = self._door.clock(), self._door.engine
        done = drafts.finish(engine, self._folder(), release_id, _by(by), now, terms=given)
        bell.ring(engine)
        return done

    def drop_release(self, by: By, release_id: ReleaseId, _: Nothing | None = None) -> None:
        """Give up a draft, or a release that waits for its signatures."""
        with self._door.writing() as conn:
            drafts.drop(conn, self._folder(), release_id, _by(by), self._door.clock())

    def withdraw_release(self, by: By, release_id: ReleaseId, _: Nothing | None = None) -> Any:
        """Have it signed that a release is offered no more. Kiosks that have it keep it."""
        with self._door.writing() as conn:
            now, folder = self._door.clock(), self._folder()
            return {"signing_id": renewals.withdraw(conn, folder, release_id, _by(by), now)}

    def sign_release(self, by: By, signing_id: SigningId, word: models.GivenSignature) -> Any:
        """A signature over the text of a signing, by a key that the ceremony has named."""
        given = (signing_id, word.key, word.signature)
        with self._door.ringing() as conn:
            now, folder = self._door.clock(), self._folder()
            return {"missing": signing.add(conn, folder, *given, _by(by), now)}

    def _must_be_draft(self, release_id: int) -> None:
        with self._door.reading() as conn:
            drafts.find(conn, self._folder(), release_id)

    def _folder(self) -> Releases:
        if self._given is None:
            raise Refused("no_folder", "the office was not told where releases lie: --releases DIR")
        return self._given


def _by(doer: Doer) -> audit.By:
    return audit.By(doer.person.login, doer.address)
