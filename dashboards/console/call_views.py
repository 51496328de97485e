"""The button of whoever goes to a citizen that wants an officer.

Decides nothing: controller.assist does. Who was too late is told by the banner, which is gone.
"""

from typing import Annotated

from fastapi import Path, Request, Response

from controller import bell
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.assist import books
from controller.jobs.refused import Refused
from controller.store.engine import writing
from dashboards.console.desk import answer
from dashboards.console.views import Office, Views

CallId = Annotated[int, Path(ge=1, le=2**53)]


class Calls:
    """The route about calls; the banners are in pages/office.py."""

    def __init__(self, its: Office, views: Views) -> None:
        self._its, self._views = its, views
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        routes.add("/calls/{call_id}/take", self.take, needs=books.POWER, methods=["POST"])

    def take(self, request: Request, doer: Doer, call_id: CallId) -> Response:
        try:
            with writing(self._its.engine) as conn:
                books.take(conn, call_id, doer, self._its.clock())
        except Refused:
            return self._views.refuse(request, 409, "call")
        bell.ring(self._its.engine)
        return answer(request, "/")
