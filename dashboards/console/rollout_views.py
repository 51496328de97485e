"""The addresses of rollouts: watching them, asking for one, agreeing, steering.

Decides nothing: controller.rollouts does. A token in the form makes of two clicks one rollout.
"""

from collections.abc import Callable, Mapping
from typing import Annotated, Any, Final

from fastapi import Form, Path, Request, Response
from fastapi.responses import HTMLResponse
from sqlalchemy import Connection
from starlette.datastructures import FormData

from controller import bell
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.deeds import Doer as Who
from controller.jobs.refused import MISSING, Lacks, Refused
from controller.rollouts import agree, steer
from controller.rollouts import ask as asking
from controller.store.engine import writing
from dashboards.console.asking import NO_STORE, ask_of, go, show, show_with, texts_of
from dashboards.console.command_views import Typed
from dashboards.console.pages import act, roll, rollout, rollouts
from dashboards.console.pages.ask import Ask
from dashboards.console.views import Office, Views

_TOLD: Final = ("agree", "refuse", "pause", "resume", "abort", "back", "retry")
RolloutId = Annotated[int, Path(ge=1, le=2**53)]
Why = Annotated[str, Form(max_length=300)]
Token = Annotated[str, Form(max_length=32, pattern=r"^[0-9a-f]{32}$")]
Steering = Callable[[Connection, Who, int, int], object]


class Rollouts:
    """The routes about rollouts. `views` says what is wrong with an address."""

    def __init__(self, its: Office, views: Views) -> None:
        self._its = its
        self._views = views
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        see, ask, do, word = "release.see", "rollout.ask", "rollout.steer", "rollout.agree"
        for path, view, needs, method in (
            ("/rollouts", self.all, see, "GET"),
            ("/rollouts", self.send, ask, "POST"),
            ("/rollouts/new", self.blank, ask, "GET"),
            ("/rollouts/preview", self.preview, ask, "POST"),
            ("/rollouts/{rollout_id}", self.one, see, "GET"),
            ("/rollouts/{rollout_id}/agree", self._does("agree", agree.agree), word, "POST"),
            ("/rollouts/{rollout_id}/refuse", self.refuse, word, "POST"),
            ("/rollouts/{rollout_id}/pause", self._does("pause", steer.pause), do, "POST"),
            ("/rollouts/{rollout_id}/resume", self._does("resume", steer.resume), do, "POST"),
            ("/rollouts/{rollout_id}/abort", self._does("abort", steer.abort), do, "POST"),
            ("/rollouts/{rollout_id}/back", self.back, do, "POST"),
            ("/rollouts/{rollout_id}/retry", self.retry, ask, "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def all(self, request: Request) -> Response:
        return show(self._its, request, rollouts.PAGE)

    def one(self, request: Request, rollout_id: RolloutId, told: str = "") -> Response:
        said = texts_of(self._its, request)(f"rollout.done_{told}") if told in _TOLD else ""
        return self._shown(request, rollout_id, 200, told=said)

    def blank(self, request: Request) -> Response:
        return show(self._its, request, roll.PAGE)

    def preview(self, request: Request, form: Typed) -> Response:
        """The one part of the form that says what would happen."""
        with self._its.engine.connect() as conn:
            ask = ask_of(self._its, request, conn)
            shown = roll.shown(ask, form)
            if shown["release"] is None:
                return HTMLResponse("", 422, NO_STORE)
            part = roll.PART._replace(load=lambda _: shown)
            return HTMLResponse(self._its.press.part(part, ask), headers=NO_STORE)

    def send(self, request: Request, doer: Doer, form: Typed) -> Response:
        now = self._its.clock()
        if form.get("step"):  # a browser without scripts wants to see it first
            return self._again(request, form)
        with self._its.engine.connect() as conn:
            row = roll.release_of(ask_of(self._its, request, conn), form)
        if row is None:
            return self._views.refuse(request, 404, "no_release")
        try:
            with writing(self._its.engine) as conn:
                number = asking.ask(conn, doer, roll.request_of(form, row), now)
        except Lacks:
            raise
        except Refused as error:
            return self._again(request, form, self._words(request, error))
        bell.ring(self._its.engine)
        return go(f"/rollouts/{number}")

    def refuse(
        self, request: Request, doer: Doer, rollout_id: RolloutId, why: Why = ""
    ) -> Response:
        def refusing(conn: Connection, by: Who, number: int, now: int) -> None:
            agree.refuse(conn, by, number, why.strip(), now)

        return self._done(request, doer, rollout_id, refusing, "refuse")

    def back(self, request: Request, doer: Doer, rollout_id: RolloutId, why: Why = "") -> Response:
        def taking(conn: Connection, by: Who, number: int, now: int) -> None:
            steer.back(conn, by, number, why.strip(), now)

        return self._done(request, doer, rollout_id, taking, "back")

    def retry(self, request: Request, doer: Doer, rollout_id: RolloutId, token: Token) -> Response:
        def again(conn: Connection, by: Who, number: int, now: int) -> int:
            return steer.retry(conn, by, number, token, now)

        return self._done(request, doer, rollout_id, again, "retry")

    def _does(self, told: str, does: Steering) -> Callable[..., Response]:
        def doing(request: Request, doer: Doer, rollout_id: RolloutId) -> Response:
            return self._done(request, doer, rollout_id, does, told)

        return doing

    def _done(
        self, request: Request, doer: Who, rollout_id: int, does: Steering, told: str
    ) -> Response:
        try:
            with writing(self._its.engine) as conn:
                made = does(conn, doer, rollout_id, self._its.clock())
        except Lacks:
            raise
        except Refused as error:
            if error.code == MISSING:
                return self._views.refuse(request, 404, "no_rollout")
            return self._shown(request, rollout_id, 409, refusal=self._words(request, error))
        bell.ring(self._its.engine)
        return go(f"/rollouts/{made if isinstance(made, int) else rollout_id}?told={told}")

    def _again(self, request: Request, form: FormData, refusal: str = "") -> Response:
        def load(ask: Ask) -> Mapping[str, Any]:
            return roll.shown(ask, form, refusal)

        page = roll.PAGE._replace(parts=(roll.PART._replace(load=load),), load=load)
        return show(self._its, request, page, 422 if refusal else 200)

    def _words(self, request: Request, error: Refused) -> str:
        with self._its.engine.connect() as conn:
            return act.refused(error, ask_of(self._its, request, conn))

    def _shown(self, request: Request, rollout_id: int, status: int, **more: str) -> Response:
        request.scope["path_params"] = {"rollout_id": rollout_id}
        try:
            return show_with(self._its, request, rollout.PAGE, more, status)
        except Refused:
            return self._views.refuse(request, 404, "no_rollout")
