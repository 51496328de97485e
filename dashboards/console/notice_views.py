"""The addresses of the office's notices: seen, written, ended.

Decides nothing: controller.notices does. Nothing typed is lost by a refusal.
"""

from typing import Annotated

from fastapi import Form, Path, Request, Response
from pydantic import BaseModel, Field
from sqlalchemy import Connection

from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.jobs.refused import Refused
from controller.notices import books
from controller.notices.given import days_of
from controller.services.said import Unreadable
from controller.store.engine import writing
from dashboards.console.asking import go, show_with, texts_of
from dashboards.console.pages import notices
from dashboards.console.views import Office, Views

NoticeId = Annotated[int, Path(ge=1, le=2**53)]
MOST_PLACES = 100


class Handed(BaseModel):
    """The form of a new notice."""

    id: str = Field(default="", max_length=1_000)
    su: str = Field(default="", max_length=1_000)
    en: str = Field(default="", max_length=1_000)
    starts: str = Field(default="", max_length=10)
    ends: str = Field(default="", max_length=10)
    places: list[str] = Field(default=[], max_length=MOST_PLACES)


class Notices:
    """The routes about notices."""

    def __init__(self, its: Office, views: Views) -> None:
        self._its, self._views = its, views
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        power = books.POWER
        routes.add("/notices", self.all, needs=power, methods=["GET"])
        routes.add("/notices", self.write, needs=power, methods=["POST"])
        routes.add("/notices/{notice_id}/end", self.end, needs=power, methods=["POST"])

    def all(self, request: Request, told: str = "") -> Response:
        t = texts_of(self._its, request)
        said = {"written": t("notices.done_written"), "ended": t("notices.done_ended")}
        return show_with(self._its, request, notices.PAGE, {"told": said.get(told, "")})

    def write(self, request: Request, doer: Doer, form: Annotated[Handed, Form()]) -> Response:
        typed = notices.Typed(form.id, form.su, form.en, form.starts, form.ends, (*form.places,))
        t = texts_of(self._its, request)
        try:
            with writing(self._its.engine) as conn:
                self._write(conn, typed, doer)
        except Unreadable as error:
            said = " ".join(one.of(t.language) for one in error.complaints)
        except Refused:
            said = t("notices.refused")
        else:
            return go("/notices?told=written")
        return show_with(self._its, request, notices.PAGE, {"typed": typed, "refusal": said}, 422)

    def end(self, request: Request, doer: Doer, notice_id: NoticeId) -> Response:
        try:
            with writing(self._its.engine) as conn:
                books.end(conn, notice_id, doer, self._its.clock())
        except Refused:
            return self._views.refuse(request, 404, "missing")
        return go("/notices?told=ended")

    def _write(self, conn: Connection, typed: notices.Typed, doer: Doer) -> None:
        """Raises Unreadable, Refused, Outside."""
        given = days_of(conn, typed.places, typed.starts, typed.ends)
        words = (typed.id, typed.su, typed.en)
        wish = books.Typed(typed.places, *words, given.starts, given.ends)
        books.write(conn, wish, given.whose, doer, self._its.clock())
