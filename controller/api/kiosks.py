"""Routes about kiosks: the list, one of them, its probes, its past, and the list as a table.

Asks kiosk_list, kiosk_page and history; knows no SQL and judges nothing.
"""

from typing import Any, NoReturn

from fastapi import HTTPException
from fastapi.responses import Response
from sqlalchemy import Connection

from controller import history, kiosk_list, kiosk_page
from controller.api import export, models
from controller.api.gate import Gate
from controller.api.office_door import OfficeDoor
from controller.api.params import AskExport, AskKiosks, AskSeries, AskTimeline, Name
from controller.api.problems import documented
from controller.api.routes import By, Here, Routes
from controller.people.audit import Entry, append
from controller.people.powers import Scope


class KioskRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate, prefix="/api/v1", tags=["kiosks"])
        self.router = routes.router
        see: dict[str, Any] = {"needs": "kiosk.see", "responses": documented(422)}
        one = see | {"responses": documented(404, 422)}
        listed, probes = models.PageOf[models.Kiosk], list[models.ProbeReading]
        routes.add("/kiosks", self.kiosks, response_model=listed, **see)
        routes.add(
            "/kiosks.csv",
            self.export,
            needs="kiosk.export",
            response_class=export.CsvResponse,
            responses=documented(422),
        )
        at = "/kiosks/{name}"
        routes.add(at, self.kiosk, response_model=models.KioskDetail, **one)
        routes.add(f"{at}/readings", self.readings, response_model=probes, **one)
        routes.add(f"{at}/history", self.history, response_model=models.Timeline, **one)
        routes.add(f"{at}/series", self.series, response_model=list[models.Series], **one)

    def kiosks(self, here: Here, ask: AskKiosks) -> Any:
        """One page of the kiosks that match. Filters join by AND, words of one filter by OR."""
        with self._door.reading() as conn:
            return kiosk_list.list_kiosks(conn, here, ask.query(ask.sort, ask.page, ask.size))

    def export(self, by: By, ask: AskExport) -> Response:
        """Every kiosk that matches, as CSV by name. Cells that look like formulas are quoted."""
        with self._door.reading() as conn:
            rows = kiosk_list.every_kiosk(conn, by.scope, ask.query())
        detail = {"kiosks": len(rows)}
        with self._door.writing() as conn:
            told = Entry(by.person.login, "kiosk.export", address=by.address, detail=detail)
            append(conn, told, self._door.clock())
        return export.CsvResponse(export.table(kiosk_list.KioskRow._fields[1:], rows_of(rows)))

    def kiosk(self, here: Here, name: Name) -> Any:
        """Everything known of one kiosk now: status, verdicts, probes and open faults."""
        with self._door.reading() as conn:
            return kiosk_page.find_kiosk(conn, here, name) or _nobody(name)

    def readings(self, here: Here, name: Name) -> Any:
        """What each probe of the kiosk last said."""
        with self._door.reading() as conn:
            return kiosk_page.probes_now(conn, _id(conn, here, name))

    def history(self, here: Here, name: Name, ask: AskTimeline) -> Any:
        """What changed its state, newest first, as far as it is kept."""
        with self._door.reading() as conn:
            flips = history.flips(
                conn,
                _id(conn, here, name),
                before=ask.position(),
                size=ask.size,
                subject=ask.subject,
            )
        more = len(flips) == ask.size
        return {"flips": flips, "next": f"{flips[-1].at}.{flips[-1].id}" if more else None}

    def series(self, here: Here, name: Name, ask: AskSeries) -> Any:
        """Metrics over `since` <= at < `until` as steps; thinned so that peaks stay."""
        with self._door.reading() as conn:
            return history.series(
                conn, _id(conn, here, name), ask.metric, ask.since, ask.until, most=ask.points
            )


def rows_of(rows: list[kiosk_list.KioskRow]) -> list[tuple[Any, ...]]:
    return [row[1:] for row in rows]


def _id(conn: Connection, here: Scope, name: str) -> int:
    found = kiosk_page.kiosk_id(conn, here, name)
    return found if found is not None else _nobody(name)


def _nobody(name: str) -> NoReturn:
    raise HTTPException(404, f"nobody registered a kiosk {name}")
