"""Routes about saved lists of kiosks. Asks controller.jobs.lists."""

from typing import Annotated, Any

from fastapi import Path

from controller.api import job_models as models
from controller.api.gate import Gate
from controller.api.office_door import OfficeDoor
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.jobs import lists

ListId = Annotated[int, Path(ge=1, le=2**31, description="Number of a saved list")]


class ListRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["lists"])
        self.router = routes.router
        several, at = list[models.SavedList], "/lists/{list_id}"
        routes.add("/lists", self.saved_lists, response_model=several, needs="command.see")
        do: dict[str, Any] = {"needs": "command.routine", "responses": documented(404, 409, 422)}
        new = do | {"response_model": models.MadeList, "status_code": 201}
        routes.add("/lists", self.save_list, methods=["POST"], **new)
        routes.add(f"{at}/rename", self.rename_list, methods=["POST"], status_code=204, **do)
        routes.add(at, self.delete_list, methods=["DELETE"], status_code=204, **do)

    def saved_lists(self, here: Here) -> Any:
        """Every list, by name. Of names that were listed, those of your districts."""
        with self._door.reading() as conn:
            return lists.every(conn, here)

    def save_list(self, by: By, given: models.GivenList) -> Any:
        """Names of kiosks, or a filter, under a name."""
        with self._door.writing() as conn:
            asked, now = given.asked.asked(), self._door.clock()
            return {"id": lists.save(conn, by, given.name, asked, now)}

    def rename_list(self, by: By, list_id: ListId, given: models.GivenName) -> None:
        """Your own list, or anybody's for who manages people."""
        with self._door.writing() as conn:
            lists.rename(conn, by, list_id, given.name, self._door.clock())

    def delete_list(self, by: By, list_id: ListId) -> None:
        """As renaming."""
        with self._door.writing() as conn:
            lists.delete(conn, by, list_id, self._door.clock())
