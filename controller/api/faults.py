"""Routes about faults: the list, one with its notes, taking it on, leaving a note.

Asks fault_desk. Taking on is safe to repeat: who was first stays.
"""

from typing import Any

from fastapi import APIRouter, HTTPException

from controller import fault_desk
from controller.api import models
from controller.api.office_door import OfficeDoor
from controller.api.params import AskFaults, FaultId
from controller.api.problems import documented


class FaultRoutes:
    def __init__(self, door: OfficeDoor) -> None:
        self._door = door
        self.router = APIRouter(prefix="/api/v1", tags=["faults"])
        add = self.router.add_api_route
        one = documented(404, 422)
        add(
            "/faults",
            self.faults,
            response_model=models.PageOf[models.Fault],
            responses=documented(422),
        )
        add("/faults/{fault_id}", self.fault, response_model=models.FaultDetail, responses=one)
        add(
            "/faults/{fault_id}/acknowledge",
            self.acknowledge,
            methods=["POST"],
            response_model=models.Acknowledged,
            responses=one,
        )
        add(
            "/faults/{fault_id}/notes",
            self.note,
            methods=["POST"],
            status_code=201,
            response_model=models.Note,
            responses=one,
        )

    def faults(self, ask: AskFaults) -> Any:
        """One page. Open ones come worst first, then newest; others latest first."""
        with self._door.reading() as conn:
            return fault_desk.list_faults(conn, ask.query())

    def fault(self, fault_id: FaultId) -> Any:
        """One fault with the evidence and what people wrote."""
        with self._door.reading() as conn:
            found = fault_desk.find_fault(conn, fault_id)
            return {"fault": found, "notes": fault_desk.notes(conn, fault_id)}

    def acknowledge(self, fault_id: FaultId, taking: models.Taking) -> Any:
        """Take it on, unless somebody has: then the answer says who was first."""
        with self._door.writing() as conn:
            try:
                return fault_desk.acknowledge(conn, fault_id, taking.who, self._door.clock())
            except ValueError as error:
                raise HTTPException(422, str(error)) from error

    def note(self, fault_id: FaultId, note: models.NewNote) -> Any:
        """Leave a note for whoever comes next."""
        with self._door.writing() as conn:
            try:
                return fault_desk.add_note(conn, fault_id, note.who, note.text, self._door.clock())
            except ValueError as error:
                raise HTTPException(422, str(error)) from error
