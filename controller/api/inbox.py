"""Routes about what citizens handed in: queues, one record, moving it on, the numbers of a week.

Asks controller.inbox; decides nothing. What a citizen wrote is not to be had here: it is opened in
the console, by a person who says why.
"""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import Field

from controller.api import inbox_models as models
from controller.api.gate import Gate
from controller.api.models import PageOf
from controller.api.office_door import OfficeDoor
from controller.api.params import Paging, Text
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.inbox import moves, numbers, read, twins
from controller.inbox.shapes import Query as InboxQuery

SubmissionId = Annotated[int, Path(ge=1, le=2**53, description="Number of a submission")]


class InboxParams(Paging):
    queue: Text = Field(
        default="todo", description="todo, late, mine, waiting, ready, ended or all"
    )
    kind: Text = Field(default="", description="apply or complain")
    tenant: Text = ""
    agency: Text = ""
    place: Text = Field(default="", description="A kecamatan holds its villages")
    service: Text = ""
    category: Text = ""
    state: Text = ""
    number: Text = Field(
        default="", description="Beginning of a receipt number, or of the office's file number"
    )

    def query(self, login: str) -> InboxQuery:
        return InboxQuery(**self.model_dump(), login=login)


AskInbox = Annotated[InboxParams, Query()]


class InboxRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["inbox"])
        self.router = routes.router
        at, add = "/inbox/{submission_id}", routes.add
        see: dict[str, Any] = {"needs": "inbox.see", "responses": documented(404, 422)}
        add("/inbox", self.inbox, response_model=PageOf[models.Submission], **see)
        add("/inbox/counts", self.inbox_counts, response_model=dict[str, int], **see)
        week: dict[str, Any] = {"needs": "inbox.numbers", "responses": documented(422)}
        add("/inbox/numbers", self.inbox_numbers, response_model=list[models.Week], **week)
        add(at, self.submission, response_model=models.SubmissionDetail, **see)
        do: dict[str, Any] = {"needs": "inbox.decide", "methods": ["POST"]}
        do["responses"] = documented(404, 409, 422)
        add("/inbox/many", self.move_submissions, response_model=list[models.Outcome], **do)
        add(f"{at}/move", self.move_submission, response_model=models.Submission, **do)
        add(f"{at}/take", self.take_submission, response_model=models.Submission, **do)
        add(f"{at}/merge", self.merge_submission, response_model=models.Submission, **do)

    def inbox(self, by: By, query: AskInbox) -> Any:
        """One page of a queue, what is due first above.

        `total` of ended and all counts no further than 1,001: read on until a page is not full.
        """
        with self._door.reading() as conn:
            asked = query.query(by.person.login)
            return read.page(conn, by.scope, asked, self._door.clock())

    def inbox_counts(self, by: By, query: AskInbox) -> Any:
        """How many there are in each queue, by the other filters; ended ones up to 1,001."""
        with self._door.reading() as conn:
            asked = query.query(by.person.login)
            return read.counts(conn, by.scope, asked, self._door.clock())

    def inbox_numbers(self, here: Here, ago: Annotated[models.WeeksAgo, Query()] = 0) -> Any:
        """What came, was done and was late in a week, service by service."""
        with self._door.reading() as conn:
            return numbers.week(conn, here, numbers.monday(self._door.clock(), ago))

    def submission(self, here: Here, submission_id: SubmissionId) -> Any:
        """One record: how far it is and who did what, not what the citizen wrote."""
        with self._door.reading() as conn:
            return read.detail(conn, here, submission_id)

    def move_submission(self, by: By, submission_id: SubmissionId, given: models.GivenMove) -> Any:
        """Move it on. 409 when somebody else did since you saw it."""
        asked = moves.Asked(submission_id, **given.model_dump())
        with self._door.writing() as conn:
            return moves.move(conn, by, asked, self._door.clock())

    def move_submissions(self, by: By, given: models.GivenMany) -> Any:
        """Many at once; those that cannot be moved hold none of the others up."""
        asked = [moves.Asked(one.id, one.version, given.event, given.why) for one in given.picked]
        with self._door.writing() as conn:
            return moves.move_many(conn, by, asked, self._door.clock())

    def take_submission(
        self, by: By, submission_id: SubmissionId, given: models.GivenVersion
    ) -> Any:
        """Put it into your own hands."""
        with self._door.writing() as conn:
            return moves.take(conn, by, submission_id, given.version, self._door.clock())

    def merge_submission(
        self, by: By, submission_id: SubmissionId, given: models.GivenMerge
    ) -> Any:
        """A complaint about the same as another: from now on it follows that one."""
        now = self._door.clock()
        with self._door.writing() as conn:
            return twins.merge(conn, by, submission_id, given.into, version=given.version, now=now)
