"""Routes about jobs: what one would mean, asking, the list, one of them, its answers, its course.

Asks controller.jobs; decides nothing. A change rings the bell after its commit.
"""

from typing import Annotated, Any

from fastapi import Path, Query
from fastapi.responses import Response
from pydantic import Field

from controller.api import export
from controller.api import job_models as models
from controller.api.gate import Gate
from controller.api.models import PageOf
from controller.api.office_door import OfficeDoor
from controller.api.params import Paging, Text
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.jobs import agree, ask, read, steer
from controller.people.audit import Entry, append

JobId = Annotated[int, Path(ge=1, le=2**62, description="Number of a job")]
_COLUMNS = (
    "kiosk",
    "site_code",
    "site_name",
    "wave",
    "state",
    "guess",
    "code",
    "why",
    "sent_at",
    "accepted_at",
    "ended_at",
    "command_id",
)


class JobParams(Paging):
    state: list[Text] = Field(default=[], description="Any of these", max_length=20)
    kind: Text = ""
    asked_by: Text = Field(default="", description="A login")

    def query(self) -> read.JobQuery:
        return read.JobQuery(
            states=tuple(self.state),
            kind=self.kind,
            asked_by=self.asked_by,
            page=self.page,
            size=self.size,
        )


class AnswerParams(Paging):
    state: list[Text] = Field(default=[], description="Any of these", max_length=20)
    search: Text = Field(default="", description="Part of the name of the kiosk or its site")

    def query(self) -> read.AnswerQuery:
        return read.AnswerQuery(
            states=tuple(self.state), search=self.search, page=self.page, size=self.size
        )


AskJobs = Annotated[JobParams, Query()]
AskAnswers = Annotated[AnswerParams, Query()]


class JobRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["jobs"])
        self.router = routes.router
        at, add = "/jobs/{job_id}", routes.add
        do: dict[str, Any] = {"needs": "command.routine", "methods": ["POST"]}
        do["responses"] = documented(404, 409, 422)
        add("/jobs/preview", self.preview_job, response_model=models.Preview, **do)
        add("/jobs", self.ask_job, response_model=models.Made, status_code=201, **do)
        see: dict[str, Any] = {"needs": "command.see", "responses": documented(404, 422)}
        add("/jobs", self.jobs, response_model=PageOf[models.Job], **see)
        add(at, self.job, response_model=models.JobDetail, **see)
        add(f"{at}/answers", self.answers, response_model=PageOf[models.Command], **see)
        add(f"{at}/answers.csv", self.export_answers, response_class=export.CsvResponse, **see)
        word: dict[str, Any] = {"needs": "command.agree", "responses": documented(404, 409, 422)}
        add(f"{at}/statement", self.statement, response_model=models.Statement, **word)
        word |= {"methods": ["POST"]}
        add(f"{at}/approvals", self.agree_to_job, response_model=models.Agreed, **word)
        add(f"{at}/refuse", self.refuse_job, status_code=204, **word)
        add(f"{at}/pause", self.pause_job, status_code=204, **do)
        add(f"{at}/resume", self.resume_job, status_code=204, **do)
        add(f"{at}/cancel", self.cancel_job, status_code=204, **do)
        add(f"{at}/retry", self.retry_job, response_model=models.Made, status_code=201, **do)

    def preview_job(self, by: By, job: models.GivenJob) -> Any:
        """What asking would mean: how many kiosks, when, who must agree. Changes nothing."""
        with self._door.reading() as conn:
            return ask.preview(conn, by, job.wish(), self._door.clock())

    def ask_job(self, by: By, job: models.GivenJob) -> Any:
        """Have kiosks do something. Repeat it with its token: it makes one job, not two."""
        with self._door.ringing() as conn:
            return {"id": ask.ask(conn, by, job.wish(), self._door.clock())}

    def jobs(self, here: Here, query: AskJobs) -> Any:
        """One page, newest first."""
        with self._door.reading() as conn:
            return read.jobs(conn, here, query.query())

    def job(self, here: Here, job_id: JobId) -> Any:
        """One job: how far it is, who agreed, when it ends."""
        with self._door.reading() as conn:
            return read.job(conn, here, job_id)

    def answers(self, here: Here, job_id: JobId, query: AskAnswers) -> Any:
        """One page of what each kiosk answered."""
        with self._door.reading() as conn:
            return read.answers(conn, here, job_id, query.query())

    def export_answers(self, by: By, job_id: JobId) -> Response:
        """Every kiosk's answer as CSV. Cells that look like formulas are quoted."""
        with self._door.reading() as conn:
            found = [*read.every_answer(conn, by.scope, job_id)]
        detail = {"job": job_id, "answers": len(found)}
        with self._door.writing() as conn:
            told = Entry(by.person.login, "job.export", address=by.address, detail=detail)
            append(conn, told, self._door.clock())
        rows = ([getattr(one, name) for name in _COLUMNS] for one in found)
        return export.CsvResponse(export.table(_COLUMNS, rows), name=f"job-{job_id}.csv")

    def statement(self, here: Here, job_id: JobId) -> Any:
        """What somebody who agrees signs, as of now."""
        with self._door.reading() as conn:
            return agree.statement(conn, here, job_id, self._door.clock())

    def agree_to_job(self, by: By, job_id: JobId, word: models.GivenApproval) -> Any:
        """Agree, with the signature of a key of your own. A person counts once."""
        key, signature, now = word.key, word.signature, self._door.clock()
        with self._door.ringing() as conn:
            return agree.agree(
                conn, by, job_id, key_id=key, at=word.at, signature=signature, now=now
            )

    def refuse_job(self, by: By, job_id: JobId, reason: models.GivenReason) -> None:
        """Nobody may agree to it any more."""
        with self._door.ringing() as conn:
            agree.refuse(conn, by, job_id, reason.why, self._door.clock())

    def pause_job(self, by: By, job_id: JobId, _: models.Nothing | None = None) -> None:
        """Nothing more is sent."""
        with self._door.ringing() as conn:
            steer.pause(conn, by, job_id, self._door.clock())

    def resume_job(self, by: By, job_id: JobId, _: models.Nothing | None = None) -> None:
        """Go on; of a held job: in spite of the failures so far."""
        with self._door.ringing() as conn:
            steer.resume(conn, by, job_id, self._door.clock())

    def cancel_job(self, by: By, job_id: JobId, _: models.Nothing | None = None) -> None:
        """What was not sent is cancelled, kiosks that were told are asked to leave it."""
        with self._door.ringing() as conn:
            steer.cancel(conn, by, job_id, self._door.clock())

    def retry_job(self, by: By, job_id: JobId, given: models.GivenToken | None = None) -> Any:
        """A new job for those that failed, expired or are unknown."""
        token = given.token if given is not None else ""
        with self._door.ringing() as conn:
            return {"id": steer.retry_failed(conn, by, job_id, token, self._door.clock())}
