"""The addresses at which people ask kiosks to do something, one kiosk or many, from one dialog.

What may be asked for is decided by controller.jobs; here it is read from a form, previewed, asked
and rung. A token in the form makes of two clicks one job. Saved lists live here too.
"""

from typing import Annotated

from fastapi import Depends, Request, Response
from fastapi.responses import HTMLResponse
from starlette.datastructures import FormData

from controller import bell
from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.jobs import ask as asking
from controller.jobs import lists
from controller.jobs.refused import Lacks, Refused
from controller.store.engine import writing
from dashboards.console.asking import NO_STORE, ask_of, go, show, show_with, texts_of
from dashboards.console.pages import act, jobs, wish
from dashboards.console.pages.ask import Ask
from dashboards.console.views import Office


async def form_of(request: Request) -> FormData:
    return await request.form()


Typed = Annotated[FormData, Depends(form_of)]


class Commands:
    """The routes about asking and about saved lists."""

    def __init__(self, its: Office) -> None:
        self._its = its
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        for path, view, needs, method in (
            ("/act", self.blank, "command.routine", "GET"),
            ("/act", self.send, "command.routine", "POST"),
            ("/act/preview", self.preview, "command.routine", "POST"),
            ("/lists", self.lists, "command.see", "GET"),
            ("/lists", self.save, "command.routine", "POST"),
            ("/lists/{list_id}/drop", self.drop, "command.routine", "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def blank(self, request: Request) -> Response:
        return show(self._its, request, act.PAGE)

    def preview(self, request: Request, form: Typed) -> Response:
        """The one part of the dialog that says what would happen."""
        with self._its.engine.connect() as conn:
            ask = ask_of(self._its, request, conn)
            shown = {**act.shown(ask, form)}
            if not shown["kind"]:
                return HTMLResponse("", 422, NO_STORE)
            part = act.PART._replace(template="parts/preview.html", load=lambda _: shown)
            return HTMLResponse(self._its.press.part(part, ask), headers=NO_STORE)

    def send(self, request: Request, doer: Doer, form: Typed) -> Response:
        now = self._its.clock()
        if form.get("step"):
            return self._again(request, form)
        wanted = wish.wish_of(form, now)
        try:
            with writing(self._its.engine) as conn:
                number = asking.ask(conn, doer, wanted, now)
        except Lacks:
            raise
        except Refused as error:
            return self._again(request, form, self._said(request, error))
        bell.ring(self._its.engine)
        return go(f"/jobs/{number}")

    def _again(self, request: Request, form: FormData, refusal: str = "") -> Response:
        def load(ask: Ask) -> dict[str, object]:
            return dict(act.shown(ask, form, refusal))

        part = act.PART._replace(load=load)
        page = act.PAGE._replace(parts=(part,))
        return show(self._its, request, page, 422 if refusal else 200)

    def lists(self, request: Request, told: str = "") -> Response:
        t = texts_of(self._its, request)
        said = t("pick.saved_one") if told == "saved" else ""
        return show_with(self._its, request, jobs.LISTS, {"told": said})

    def save(self, request: Request, doer: Doer, form: Typed) -> Response:
        """The rows that are checked, or, by its button, the filter they stand in."""
        asked = wish.target_of(form)
        if form.get("whole"):
            asked = asked._replace(kiosks=())
        elif asked.kiosks:
            asked = asked._replace(query="")
        name = wish.text_of(form, "name", 80)
        try:
            with writing(self._its.engine) as conn:
                lists.save(conn, doer, name, asked, self._its.clock())
        except Lacks:
            raise
        except Refused as error:
            return self._list_refused(request, error)
        return go("/lists?told=saved")

    def drop(self, request: Request, doer: Doer, list_id: int) -> Response:
        try:
            with writing(self._its.engine) as conn:
                lists.delete(conn, doer, list_id, self._its.clock())
        except Lacks:
            raise
        except Refused as error:
            return self._list_refused(request, error)
        return go("/lists")

    def _list_refused(self, request: Request, error: Refused) -> Response:
        keys = {"state": "pick.name_taken", "asked": "pick.nothing"}
        key = keys.get(error.code)
        t = texts_of(self._its, request)
        said = t(key) if key else self._said(request, error)
        return show_with(self._its, request, jobs.LISTS, {"refusal": said}, 422)

    def _said(self, request: Request, error: Refused) -> str:
        with self._its.engine.connect() as conn:
            return act.refused(error, ask_of(self._its, request, conn))
