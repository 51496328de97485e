"""The addresses of jobs: watching them, steering them, agreeing to them, and what kiosks handed in.

Decides nothing: controller.jobs does. What a kiosk handed in is hostile: only a JPEG that is one is
shown as a picture, everything else is a file to be saved, and no browser may guess otherwise.
"""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Form, Path, Request, Response
from fastapi.responses import JSONResponse, PlainTextResponse
from pydantic import BaseModel
from pydantic import Field as Limit
from sqlalchemy import Connection

from controller import bell
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.deeds import Doer as Who
from controller.jobs import agree, attachments, steer
from controller.jobs.refused import MISSING, Lacks, Refused
from controller.store.engine import writing
from dashboards.console.account_views import at_a_browser
from dashboards.console.asking import NO_STORE, ask_of, go, show, show_with, texts_of
from dashboards.console.desk import own_page
from dashboards.console.pages import act, job, jobs
from dashboards.console.views import Office, Views

JPEG: Final = b"\xff\xd8\xff"
SHUT: Final = "default-src 'none'; sandbox"
KEEP: Final = "private, max-age=86400, immutable"
_TOLD: Final = ("pause", "resume", "cancel")
JobId = Annotated[int, Path(ge=1, le=2**53)]
CommandId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$")]
Next = Annotated[str, Form(alias="next", max_length=400)]
Token = Annotated[str, Form(max_length=32, pattern=r"^[0-9a-f]{32}$")]
Steering = Callable[[Connection, Who, int, int], None]


class Signed(BaseModel):
    """What a browser sends when somebody has agreed."""

    key: str = Limit(pattern=r"^[0-9a-f]{16}$")
    at: int = Limit(ge=0, le=2**53)
    signature: str = Limit(max_length=88)


class Jobs:
    """The routes about jobs. `views` says what is wrong with an address."""

    def __init__(self, its: Office, views: Views) -> None:
        self._its = its
        self._views = views
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        see, do, word = "command.see", "command.routine", "command.agree"
        for path, view, needs, method in (
            ("/jobs", self.all, see, "GET"),
            ("/jobs/{job_id}", self.one, see, "GET"),
            ("/jobs/{job_id}/pause", self._steers("pause", steer.pause), do, "POST"),
            ("/jobs/{job_id}/resume", self._steers("resume", steer.resume), do, "POST"),
            ("/jobs/{job_id}/cancel", self._steers("cancel", steer.cancel), do, "POST"),
            ("/jobs/{job_id}/retry", self.retry, do, "POST"),
            ("/jobs/{job_id}/statement", self.statement, word, "GET"),
            ("/jobs/{job_id}/agree", self.agree, word, "POST"),
            ("/jobs/{job_id}/refuse", self.refuse, word, "POST"),
            ("/commands/{command_id}/cancel", self.cancel, do, "POST"),
            ("/commands/{command_id}/attachment", self.attachment, see, "GET"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def all(self, request: Request) -> Response:
        return show(self._its, request, jobs.PAGE)

    def one(self, request: Request, job_id: JobId, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"job.done_{told}") if told in _TOLD else ""
        return self._shown(request, job_id, 200, told=said)

    def retry(self, request: Request, doer: Doer, job_id: JobId, token: Token) -> Response:
        try:
            with writing(self._its.engine) as conn:
                made = steer.retry_failed(conn, doer, job_id, token, self._its.clock())
        except Refused as error:
            return self._refused(request, job_id, error)
        bell.ring(self._its.engine)
        return go(f"/jobs/{made}")

    def statement(self, doer: Doer, job_id: JobId) -> Response:
        """The text to be signed, when, and every kiosk it names: the browser checks them."""
        with self._its.engine.connect() as conn:
            try:
                found = agree.statement(conn, doer.scope, job_id, self._its.clock())
            except Refused as error:
                return PlainTextResponse(error.why, 409, NO_STORE)
            told = {"order": found.order, "at": found.at, "kiosks": job.leaves(conn, job_id)}
        return JSONResponse(told, headers=NO_STORE)

    def agree(self, request: Request, doer: Doer, job_id: JobId, said: Signed) -> Response:
        """By script alone: the signature is made in the browser."""
        at_a_browser(request)
        try:
            with writing(self._its.engine) as conn:
                told = agree.agree(
                    conn,
                    doer,
                    job_id,
                    key_id=said.key,
                    at=said.at,
                    signature=said.signature,
                    now=self._its.clock(),
                )
        except Lacks:
            raise
        except Refused as error:
            said_why = self._words(request, error)
            return PlainTextResponse(said_why, 409, NO_STORE)
        bell.ring(self._its.engine)
        return JSONResponse({"given": told.given, "needed": told.needed}, headers=NO_STORE)

    def refuse(
        self,
        request: Request,
        doer: Doer,
        job_id: JobId,
        why: Annotated[str, Form(max_length=300)] = "",
    ) -> Response:
        def refusing(conn: Connection, by: Who, number: int, now: int) -> None:
            agree.refuse(conn, by, number, why.strip(), now)

        return self._steered(request, doer, job_id, refusing, "")

    def cancel(
        self, request: Request, doer: Doer, command_id: CommandId, where: Next = "/jobs"
    ) -> Response:
        try:
            with writing(self._its.engine) as conn:
                steer.cancel_command(conn, doer, command_id, self._its.clock())
        except Lacks:
            raise
        except Refused as error:
            if error.code != MISSING:
                return self._views.refuse(request, 409, "too_late")
            return self._views.refuse(request, 404, "no_job")
        bell.ring(self._its.engine)
        return go(own_page(where))

    def attachment(self, request: Request, doer: Doer, command_id: CommandId) -> Response:
        try:
            with writing(self._its.engine) as conn:
                found = attachments.read(conn, doer, command_id, self._its.clock())
        except Refused:
            return self._views.refuse(request, 404, "no_attachment")
        picture = found.type == "image/jpeg" and found.body.startswith(JPEG)
        ending = {"image/jpeg": "jpg", "application/gzip": "gz", "text/plain": "txt"}
        name = f"{found.kiosk}-{found.kind}-{found.sha256[:8]}.{ending.get(found.type, 'bin')}"
        way = "inline" if picture else "attachment"
        headers = {
            "cache-control": KEEP,
            "content-disposition": f'{way}; filename="{name}"',
            "content-security-policy": SHUT,
        }
        media = "image/jpeg" if picture else "application/octet-stream"
        return Response(found.body, headers=headers, media_type=media)

    def _steers(self, told: str, does: Steering) -> Callable[..., Response]:
        def steers(request: Request, doer: Doer, job_id: JobId) -> Response:
            return self._steered(request, doer, job_id, does, told)

        return steers

    def _steered(
        self, request: Request, doer: Who, job_id: int, does: Steering, told: str
    ) -> Response:
        try:
            with writing(self._its.engine) as conn:
                does(conn, doer, job_id, self._its.clock())
        except Refused as error:
            return self._refused(request, job_id, error)
        bell.ring(self._its.engine)
        return go(f"/jobs/{job_id}?told={told}" if told else f"/jobs/{job_id}")

    def _refused(self, request: Request, job_id: int, error: Refused) -> Response:
        if isinstance(error, Lacks):
            raise error
        if error.code == MISSING:
            return self._views.refuse(request, 404, "no_job")
        return self._shown(request, job_id, 409, refusal=self._words(request, error))

    def _words(self, request: Request, error: Refused) -> str:
        with self._its.engine.connect() as conn:
            return act.refused(error, ask_of(self._its, request, conn))

    def _shown(self, request: Request, job_id: int, status: int, **more: str) -> Response:
        request.scope["path_params"] = {"job_id": job_id}
        try:
            return show_with(self._its, request, job.PAGE, more, status)
        except Refused:
            return self._views.refuse(request, 404, "no_job")
