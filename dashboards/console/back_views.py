"""The addresses of back systems and of refused records. For administrators; opens nothing.

Where something is sent to is not to be changed here: that is a word of the registrar's machine.
"""

from collections.abc import Callable
from typing import Annotated, Final

from fastapi import Form, Path, Request, Response
from sqlalchemy import Connection

from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.back import desk
from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.registrar import books
from controller.store.engine import writing
from dashboards.console.asking import go, show, show_with, texts_of
from dashboards.console.pages.back import PAGE
from dashboards.console.views import Office

TOLD: Final = ("on", "off", "again", "judge")
Row = Annotated[int, Path(ge=1, le=2**53)]
Word = Annotated[str, Form(max_length=8)]


class Back:
    """The routes about back systems."""

    def __init__(self, its: Office) -> None:
        self._its = its
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        for path, view, method in (
            ("/back", self.all, "GET"),
            ("/back/refused/{record_id}/judge", self.judge, "POST"),
            ("/back/{system_id}/switch", self.switch, "POST"),
            ("/back/{system_id}/again", self.again, "POST"),
        ):
            routes.add(path, view, needs="inbox.keys", methods=[method])

    def all(self, request: Request, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"back.done_{told}") if told in TOLD else ""
        return show_with(self._its, request, PAGE, {"told": said}) if said else self._plain(request)

    def switch(self, request: Request, doer: Doer, system_id: Row, state: Word = "") -> Response:
        on = state == "on"

        def does(conn: Connection, by: By, now: int) -> None:
            desk.switch(conn, by, system_id, on, now)

        return self._done(request, doer, does, "on" if on else "off")

    def again(self, request: Request, doer: Doer, system_id: Row) -> Response:
        def does(conn: Connection, by: By, now: int) -> None:
            desk.again(conn, by, system_id, now)

        return self._done(request, doer, does, "again")

    def judge(self, request: Request, doer: Doer, record_id: Row) -> Response:
        def does(conn: Connection, by: By, now: int) -> None:
            if not books.judge_again(conn, record_id, by.who, now):
                raise Refused("state", f"record {record_id} does not lie aside")

        return self._done(request, doer, does, "judge")

    def _plain(self, request: Request) -> Response:
        return show(self._its, request, PAGE)

    def _done(
        self,
        request: Request,
        doer: Doer,
        does: Callable[[Connection, By, int], None],
        told: str,
    ) -> Response:
        try:
            with writing(self._its.engine) as conn:
                does(conn, By(doer.person.login, doer.address), self._its.clock())
        except Refused:
            said = texts_of(self._its, request)("back.gone")
            return show_with(self._its, request, PAGE, {"refusal": said}, 409)
        return go(f"/back?told={told}")
