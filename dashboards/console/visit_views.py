"""The addresses of the mobile counter's calendar: seen, announced by form or file, called off.

Decides nothing: controller.visits does. A file with a wrong row changes nothing, and every row that
is wrong is told.
"""

from typing import Annotated, Any, Final

from fastapi import File, Form, Path, Request, Response, UploadFile

from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.jobs.refused import MISSING, Refused
from controller.services.said import Unreadable
from controller.services.workbook import MOST_BYTES
from controller.store.engine import writing
from controller.visits import books, handed, sheet, whose
from controller.visits.handed import Typed
from dashboards.console.asking import NO_STORE, go, show, show_with, texts_of
from dashboards.console.command_views import Typed as Fields
from dashboards.console.pages import visit_new, visits
from dashboards.console.service_edit_views import pairs
from dashboards.console.views import Office, Views

XLSX: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MOST_TEXT: Final = 2_000
VisitId = Annotated[int, Path(ge=1, le=2**53)]


class Visits:
    """The routes about visits."""

    def __init__(self, its: Office, views: Views) -> None:
        self._its, self._views = its, views
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        edit = "visit.edit"
        for path, view, needs, method in (
            ("/visits", self.all, "visit.see", "GET"),
            ("/visits", self.announce, edit, "POST"),
            ("/visits/new", self.blank, edit, "GET"),
            ("/visits/import", self.bring, edit, "POST"),
            ("/visits/example.xlsx", self.example, edit, "GET"),
            ("/visits/{visit_id}/call-off", self.call_off, edit, "POST"),
        ):
            routes.add(path, view, needs=needs, methods=[method])

    def all(self, request: Request, told: str = "", n: int = 0) -> Response:
        t = texts_of(self._its, request)
        said = {"taken": t("visits.done_taken", n=n), "same": t("visits.done_same"),
                "off": t("visits.done_off")}.get(told, "")  # fmt: skip
        return show_with(self._its, request, visits.PAGE, {"told": said})

    def blank(self, request: Request) -> Response:
        return show(self._its, request, visit_new.PAGE)

    def example(self) -> Response:
        """A workbook to fill in."""
        headers = {**NO_STORE, "content-disposition": 'attachment; filename="jemput-bola.xlsx"'}
        return Response(sheet.blank(), media_type=XLSX, headers=headers)

    def announce(self, request: Request, doer: Doer, form: Fields) -> Response:
        """One visit. Nothing typed is lost by a refusal."""
        said = dict(pairs(form))
        typed = Typed(*(said.get(name, "")[:MOST_TEXT] for name in Typed._fields))
        try:
            with writing(self._its.engine) as conn:
                now = self._its.clock()
                given = handed.from_form(typed, whose.of_place(conn, typed.place), now)
                taken = books.take(conn, given, doer, now)
        except (Unreadable, Refused) as error:
            return self._refused(request, error, {"typed": typed})
        return self._taken(taken)

    def bring(
        self,
        request: Request,
        doer: Doer,
        file: Annotated[UploadFile | None, File()] = None,
        tenant: Annotated[str, Form(max_length=16)] = "",
    ) -> Response:
        """A table or a calendar: all of it, or nothing and what is wrong with it."""
        body = file.file.read(MOST_BYTES + 1) if file else b""
        name = (file.filename or "")[:200] if file else ""
        try:
            now = self._its.clock()
            with self._its.engine.connect() as conn:
                its = whose.find(conn, tenant)
            given = handed.from_file(name, body, its, now)  # seconds: nobody's writing waits
            with writing(self._its.engine) as conn:
                taken = books.take(conn, given, doer, now)
        except (Unreadable, Refused) as error:
            return self._refused(request, error, {})
        return self._taken(taken)

    def call_off(self, request: Request, doer: Doer, visit_id: VisitId) -> Response:
        try:
            with writing(self._its.engine) as conn:
                books.call_off(conn, visit_id, doer, self._its.clock())
        except Refused:
            return self._views.refuse(request, 404, "missing")
        return go("/visits?told=off")

    def _taken(self, taken: books.Taken) -> Response:
        changed = taken.added + taken.changed
        return go(f"/visits?told=taken&n={changed}" if changed else "/visits?told=same")

    def _refused(
        self, request: Request, error: Unreadable | Refused, more: dict[str, Any]
    ) -> Response:
        t = texts_of(self._its, request)
        if isinstance(error, Unreadable):
            said = [(one.where, one.of(t.language)) for one in error.complaints]
            return show_with(self._its, request, visit_new.PAGE, {**more, "complaints": said}, 422)
        words = t("visits.refused_place" if error.code == MISSING else "visits.refused_many")
        return show_with(self._its, request, visit_new.PAGE, {**more, "refusal": words}, 409)
