"""Routes about people's keys for agreeing: their own, everybody's, a new one, the end of one.

Only public halves pass here.
"""

from typing import Annotated, Any

from fastapi import Path

from controller.api import job_models as models
from controller.api.gate import Gate
from controller.api.office_door import OfficeDoor
from controller.api.problems import documented
from controller.api.routes import By, Routes
from controller.jobs import keys

KeyId = Annotated[str, Path(pattern=r"^[0-9a-f]{16}$", description="Id of a key")]


class KeyRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["keys"])
        self.router = routes.router
        ours: dict[str, Any] = {"needs": "command.agree", "responses": documented(404, 409, 422)}
        several = list[models.Key]
        routes.add("/keys", self.my_keys, response_model=several, **ours)
        routes.add("/keys/all", self.every_key, response_model=several, needs="people.see")
        ours |= {"methods": ["POST"]}
        routes.add("/keys", self.add_key, response_model=models.MadeKey, status_code=201, **ours)
        routes.add("/keys/{key_id}/end", self.end_key, status_code=204, **ours)

    def my_keys(self, by: By) -> Any:
        """Your own keys, and whether they are in force."""
        with self._door.reading() as conn:
            return keys.mine(conn, by.person.account)

    def every_key(self) -> Any:
        """Everybody's keys: what the next ceremony signs."""
        with self._door.reading() as conn:
            return keys.every(conn)

    def add_key(self, by: By, given: models.GivenKey) -> Any:
        """Make a key known. It is in force once the roots have signed a policy that holds it."""
        with self._door.writing() as conn:
            return {"key_id": keys.add(conn, by, given.public, given.label, self._door.clock())}

    def end_key(self, by: By, key_id: KeyId, _: models.Nothing | None = None) -> None:
        """You want it no more; kiosks forget it with the next policy."""
        with self._door.writing() as conn:
            keys.end(conn, by, key_id, self._door.clock())
