"""Routes about faults: the list, one with its notes, taking it on, leaving a note.

Asks fault_desk and deeds. Taking on is safe to repeat: who was first stays. The name is always
that of whoever is logged in.
"""

from typing import Any

from fastapi import HTTPException

from controller import deeds, fault_desk
from controller.api import models
from controller.api.gate import Gate
from controller.api.office_door import OfficeDoor
from controller.api.params import AskFaults, FaultId
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes


class FaultRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["faults"])
        self.router = routes.router
        see: dict[str, Any] = {"needs": "fault.see", "responses": documented(422)}
        routes.add("/faults", self.faults, response_model=models.PageOf[models.Fault], **see)
        see |= {"responses": documented(404, 422)}
        routes.add("/faults/{fault_id}", self.fault, response_model=models.FaultDetail, **see)
        act = see | {"needs": "fault.take", "methods": ["POST"]}
        at = "/faults/{fault_id}"
        routes.add(f"{at}/acknowledge", self.acknowledge, response_model=models.Acknowledged, **act)
        routes.add(f"{at}/notes", self.note, status_code=201, response_model=models.Note, **act)

    def faults(self, here: Here, ask: AskFaults) -> Any:
        """One page. Open ones come worst first, then newest; others latest first."""
        with self._door.reading() as conn:
            return fault_desk.list_faults(conn, here, ask.query())

    def fault(self, here: Here, fault_id: FaultId) -> Any:
        """One fault with the evidence and what people wrote."""
        with self._door.reading() as conn:
            found = fault_desk.find_fault(conn, here, fault_id)
            return {"fault": found, "notes": fault_desk.notes(conn, fault_id)}

    def acknowledge(self, by: By, fault_id: FaultId, _: models.Taking | None = None) -> Any:
        """Take it on as yourself, unless somebody has: then the answer says who was first."""
        with self._door.writing() as conn:
            return deeds.take(conn, by, [fault_id], self._door.clock())[0]

    def note(self, by: By, fault_id: FaultId, note: models.NewNote) -> Any:
        """Leave a note, as yourself, for whoever comes next."""
        with self._door.writing() as conn:
            try:
                return deeds.leave_note(conn, by, fault_id, note.text, self._door.clock())
            except ValueError as error:
                raise HTTPException(422, str(error)) from error
