"""The addresses of the queues at counters: today's tickets of each kiosk, and calling one.

Decides nothing: controller.counters does.
"""

from typing import Annotated

from fastapi import Form, Request, Response
from pydantic import BaseModel, Field

from controller import bell
from controller.api.params import Name
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.counters import books
from controller.jobs.refused import MISSING, Refused
from controller.store.engine import writing
from dashboards.console.asking import show_with, texts_of
from dashboards.console.desk import answer
from dashboards.console.pages import counters
from dashboards.console.views import Office, Views


class Pressed(BaseModel):
    """The button of one queue: who was served when it was drawn, and whom it calls."""

    letter: str = Field(default="", max_length=1)
    seen: int = Field(default=0, ge=0, le=books.MOST_CALLED)
    number: int = Field(default=0, ge=0, le=books.MOST_CALLED)
    next: str = "/counters"


Button = Annotated[Pressed, Form()]


class Counters:
    """The routes about tickets."""

    def __init__(self, its: Office, views: Views) -> None:
        self._its, self._views = its, views
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        routes.add("/counters", self.all, needs="counter.call", methods=["GET"])
        routes.add("/counters/{name}/call", self.call, needs="counter.call", methods=["POST"])

    def all(self, request: Request) -> Response:
        return show_with(self._its, request, counters.PAGE, {"refusal": ""})

    def call(self, request: Request, doer: Doer, name: Name, pressed: Button) -> Response:
        asked = books.Asked(name, pressed.letter, pressed.seen, pressed.number)
        try:
            with writing(self._its.engine) as conn:
                books.call(conn, asked, doer, self._its.clock())
        except Refused as error:
            if error.code == MISSING:
                return self._views.refuse(request, 404, "no_kiosk", name=name)
            said = texts_of(self._its, request)(f"counters.refused_{error.code}")
            return show_with(self._its, request, counters.PAGE, {"refusal": said}, 409)
        bell.ring(self._its.engine)
        return answer(request, pressed.next)
