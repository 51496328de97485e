"""Routes about single commands: for one kiosk, one of them, cancelling it, what it handed in.

Asks controller.jobs; decides nothing. What a kiosk handed in is hostile: it is given as a file of
a type that browsers only show or save, never run.
"""

from typing import Annotated, Any, Final

from fastapi import Path, Query
from fastapi.responses import Response
from sqlalchemy import Connection, select

from controller.api import job_models as models
from controller.api.gate import Gate
from controller.api.office_door import OfficeDoor
from controller.api.params import Name, Params
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.jobs import ask, attachments, read, steer
from controller.jobs.attachments import Attachment
from controller.store.command_tables import command

CommandId = Annotated[str, Path(pattern=r"^[0-9a-f]{32}$", description="Id of a command")]
_JPEG: Final = b"\xff\xd8\xff"
_SAVED: Final = {"text/plain": "txt", "application/gzip": "gz", "application/json": "json"}
_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "content-security-policy": "default-src 'none'; sandbox",
    "cache-control": "private, no-store",
}


class LatestParams(Params):
    size: Annotated[int, Query(ge=1, le=read.MOST_OF_KIOSK)] = 20


AskLatest = Annotated[LatestParams, Query()]


class CommandRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["commands"])
        self.router = routes.router
        one, add = "/commands/{command_id}", routes.add
        see: dict[str, Any] = {"needs": "command.see", "responses": documented(404, 422)}
        do: dict[str, Any] = {"needs": "command.routine", "methods": ["POST"]}
        do["responses"] = documented(404, 409, 422)
        of = "/kiosks/{name}/commands"
        add(of, self.command_kiosk, response_model=models.Made, status_code=201, **do)
        add(of, self.commands_of_kiosk, response_model=list[models.Command], **see)
        add(one, self.command, response_model=models.Command, **see)
        add(f"{one}/cancel", self.cancel_command, response_model=models.Cancelled, **do)
        add(f"{one}/attachment", self.attachment, response_class=Response, **see)

    def command_kiosk(self, by: By, name: Name, given: models.GivenCommand) -> Any:
        """Have this kiosk do something, at once if it is there."""
        with self._door.ringing() as conn:
            job_id = ask.ask(conn, by, given.wish(name), self._door.clock())
            return {"id": job_id, "commands": _commands(conn, job_id)}

    def commands_of_kiosk(self, here: Here, name: Name, query: AskLatest) -> Any:
        """What the kiosk was told, newest first."""
        with self._door.reading() as conn:
            return read.of_kiosk(conn, here, name, query.size)

    def command(self, here: Here, command_id: CommandId) -> Any:
        """One command, as far as it is."""
        with self._door.reading() as conn:
            return read.command(conn, here, command_id)

    def cancel_command(self, by: By, command_id: CommandId, _: models.Nothing | None = None) -> Any:
        """At once where it was not sent; else the kiosk is asked to leave it, and decides."""
        with self._door.ringing() as conn:
            return {"outcome": steer.cancel_command(conn, by, command_id, self._door.clock())}

    def attachment(self, by: By, command_id: CommandId) -> Response:
        """What the kiosk handed in: a picture, logs. Each look is written down."""
        with self._door.writing() as conn:
            found = attachments.read(conn, by, command_id, self._door.clock())
        return handed(found, command_id)


def handed(found: Attachment, command_id: str) -> Response:
    """A picture may be shown; everything else is a file to be saved."""
    stem = f"{found.kiosk}-{found.kind}-{command_id[:8]}"
    if found.type == "image/jpeg" and found.body.startswith(_JPEG):
        kind, name = f"inline; filename={stem}.jpg", "image/jpeg"
    elif found.type in _SAVED:
        kind, name = f"attachment; filename={stem}.{_SAVED[found.type]}", found.type
    else:
        kind, name = f"attachment; filename={stem}.bin", "application/octet-stream"
    return Response(found.body, media_type=name, headers={**_HEADERS, "content-disposition": kind})


def _commands(conn: Connection, job_id: int) -> list[str]:
    return list(conn.scalars(select(command.c.command_id).where(command.c.job_id == job_id)))
