"""The address of the table for SP4N-LAPOR: open complaints, opened one by one and written down.

Only the answer to a POST of somebody who may carry things out of the house (`inbox.export`). The
registrar opens each, and may refuse: then there is no table.
"""

from typing import Annotated, Final

from fastapi import Form, Request, Response

from controller.api.routes import By as Doer
from controller.api.routes import Routes
from controller.deeds import Doer as Who
from controller.inbox import known, lapor, looks, read
from controller.inbox.lapor import Opened
from controller.inbox.looks import Opener
from controller.inbox.shapes import Query
from controller.jobs.refused import Refused
from controller.registrar.client import CannotOpen
from controller.store.engine import writing
from dashboards.console.asking import NO_STORE, show_with, texts_of
from dashboards.console.pages.weekly import PAGE
from dashboards.console.views import Office

TYPES: Final = {
    "csv": (lapor.as_csv, "text/csv; charset=utf-8"),
    "xlsx": (
        lapor.as_xlsx,
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ),
}
WHY: Final = "hand_over"


class Lapor:
    """`opener` asks the registrar, None where this office runs none."""

    def __init__(self, its: Office, opener: Opener | None) -> None:
        self._its, self._opener = its, opener
        routes = Routes(its.gate, include_in_schema=False)
        self.router = routes.router
        routes.add("/inbox/lapor", self.export, needs="inbox.export", methods=["POST"])

    def export(
        self, request: Request, doer: Doer, kind: Annotated[str, Form(max_length=8)] = "xlsx"
    ) -> Response:
        """Open complaints of whoever asks, those due first, at most lapor.MOST."""
        write, media = TYPES.get(kind, TYPES["xlsx"])
        try:
            found = self._opened(doer)
        except (CannotOpen, Refused) as error:
            return self._refused(request, error)
        with self._its.engine.connect() as conn:
            names = known.read(conn)
        body = write([lapor.line(one, names) for one in found])
        name = f"sp4n-lapor.{'csv' if kind == 'csv' else 'xlsx'}"
        headers = {**NO_STORE, "content-disposition": f'attachment; filename="{name}"'}
        return Response(body, media_type=media, headers=headers)

    def _opened(self, doer: Who) -> list[Opened]:
        """Raises CannotOpen, Refused."""
        if self._opener is None:
            raise CannotOpen("away", "this office runs no registrar: ask its administrator")
        now, account = self._its.clock(), doer.person.account
        query = Query(queue="todo", kind="complain", size=lapor.MOST)
        with self._its.engine.connect() as conn:
            rows = read.page(conn, doer.scope, query, now, 0).rows
        whole = [row for row in rows if row.destroyed_at is None]
        with writing(self._its.engine) as conn:
            for row in whole:
                looks.ask(conn, doer, row.id, WHY, now, more="SP4N-LAPOR")
        opener = self._opener
        return [Opened(row, opener.open(row.id, account, "export")) for row in whole]

    def _refused(self, request: Request, error: CannotOpen | Refused) -> Response:
        t = texts_of(self._its, request)
        key = f"sub_opening.{error.code}"
        said = t(key) if t.known(key) else str(error)
        return show_with(self._its, request, PAGE, {"refusal": said}, 409)
