"""Routes about the mobile counter and the queues at kiosks' counters.

Asks controller.visits and controller.counters; decides nothing. Whoever plans does so in their own
districts: one visit elsewhere, and none of the list is taken.
"""

from typing import Annotated, Any

from fastapi import Path, Query

from controller.api import visit_models as models
from controller.api.gate import Gate
from controller.api.job_models import Nothing
from controller.api.office_door import OfficeDoor
from controller.api.params import Name
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.counters import books as counters
from controller.counters import read
from controller.jobs.refused import Refused
from controller.services.said import Unreadable
from controller.visits import books, handed, whose

VisitId = Annotated[int, Path(ge=1, le=2**53, description="Number of a visit")]
Tenant = Annotated[str, Query(max_length=16, description="Of this government alone")]


class VisitRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["visits"])
        self.router, add = routes.router, routes.add
        see: dict[str, Any] = {"needs": "visit.see", "responses": documented(422)}
        edit: dict[str, Any] = {"needs": "visit.edit", "methods": ["POST"]}
        edit["responses"] = documented(404, 409, 422)
        add("/visits", self.visits, response_model=list[models.VisitRow], **see)
        add("/visits", self.take_visits, response_model=models.VisitsTaken, **edit)
        off = "/visits/{visit_id}/call-off"
        add(off, self.call_off_visit, response_model=models.VisitRow, **edit)
        call: dict[str, Any] = {"needs": "counter.call"}
        add("/counters", self.counters, response_model=list[models.Counter], **call)
        add("/counters/{name}/call", self.call_ticket, status_code=204, methods=["POST"],
            responses=documented(404, 409, 422), **call)  # fmt: skip

    def visits(self, here: Here, tenant: Tenant = "") -> list[models.VisitRow]:
        """Those that are not over, soonest first; those called off among them."""
        with self._door.reading() as conn:
            found = books.ahead(conn, here, self._door.clock(), tenant)
        return [models.row(one) for one in found]

    def take_visits(self, by: By, given: models.GivenVisits) -> Any:
        """All of them or none; one that is known by its name is corrected."""
        now = self._door.clock()
        with self._door.writing() as conn:
            its = whose.find(conn, given.tenant)
            try:
                found = handed.from_program([one.visit() for one in given.visits], its, now)
            except Unreadable as error:
                said = "; ".join(f"{one.where}: {one.en}" for one in error.complaints)
                raise Refused("arguments", said) from None
            return books.take(conn, found, by, now)

    def call_off_visit(
        self, by: By, visit_id: VisitId, _: Nothing | None = None
    ) -> models.VisitRow:
        """Kiosks go on showing it, as called off."""
        with self._door.writing() as conn:
            return models.row(books.call_off(conn, visit_id, by, self._door.clock()))

    def counters(self, here: Here) -> Any:
        """Kiosks with tickets today; where there are few, all of them."""
        with self._door.reading() as conn:
            return read.counters(conn, here, self._door.clock())

    def call_ticket(self, by: By, name: Name, given: models.GivenCall) -> None:
        """The next one, or any other. 409 when somebody called since you saw it."""
        asked = counters.Asked(name, given.letter, given.seen, given.number)
        with self._door.ringing() as conn:
            counters.call(conn, asked, by, self._door.clock())
