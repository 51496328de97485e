"""Routes about kiosks: the list, one of them, its probes, its past, and the list as a table.

Asks kiosk_list, kiosk_page and history; knows no SQL and judges nothing.
"""

from typing import Any, NoReturn

from fastapi import APIRouter, HTTPException
from fastapi.responses import Response
from sqlalchemy import Connection

from controller import history, kiosk_list, kiosk_page
from controller.api import export, models
from controller.api.office_door import OfficeDoor
from controller.api.params import AskExport, AskKiosks, AskSeries, AskTimeline, Name
from controller.api.problems import documented


class KioskRoutes:
    def __init__(self, door: OfficeDoor) -> None:
        self._door = door
        self.router = APIRouter(prefix="/api/v1", tags=["kiosks"])
        add = self.router.add_api_route
        bad, one = documented(422), documented(404, 422)
        add("/kiosks", self.kiosks, response_model=models.PageOf[models.Kiosk], responses=bad)
        add("/kiosks.csv", self.export, response_class=export.CsvResponse, responses=bad)
        add("/kiosks/{name}", self.kiosk, response_model=models.KioskDetail, responses=one)
        add(
            "/kiosks/{name}/readings",
            self.readings,
            response_model=list[models.ProbeReading],
            responses=one,
        )
        add("/kiosks/{name}/history", self.history, response_model=models.Timeline, responses=one)
        add("/kiosks/{name}/series", self.series, response_model=list[models.Series], responses=one)

    def kiosks(self, ask: AskKiosks) -> Any:
        """One page of the kiosks that match. Filters join by AND, words of one filter by OR."""
        with self._door.reading() as conn:
            return kiosk_list.list_kiosks(conn, ask.query(ask.sort, ask.page, ask.size))

    def export(self, ask: AskExport) -> Response:
        """Every kiosk that matches, as CSV by name. Cells that look like formulas are quoted."""
        with self._door.reading() as conn:
            rows = kiosk_list.every_kiosk(conn, ask.query())
        return export.CsvResponse(export.table(kiosk_list.KioskRow._fields[1:], rows_of(rows)))

    def kiosk(self, name: Name) -> Any:
        """Everything known of one kiosk now: status, verdicts, probes and open faults."""
        with self._door.reading() as conn:
            return kiosk_page.find_kiosk(conn, name) or _nobody(name)

    def readings(self, name: Name) -> Any:
        """What each probe of the kiosk last said."""
        with self._door.reading() as conn:
            return kiosk_page.probes_now(conn, _id(conn, name))

    def history(self, name: Name, ask: AskTimeline) -> Any:
        """What changed its state, newest first, as far as it is kept."""
        with self._door.reading() as conn:
            flips = history.flips(
                conn,
                _id(conn, name),
                before=ask.position(),
                size=ask.size,
                subject=ask.subject,
            )
        more = len(flips) == ask.size
        return {"flips": flips, "next": f"{flips[-1].at}.{flips[-1].id}" if more else None}

    def series(self, name: Name, ask: AskSeries) -> Any:
        """Metrics over `since` <= at < `until` as steps; thinned so that peaks stay."""
        with self._door.reading() as conn:
            return history.series(
                conn, _id(conn, name), ask.metric, ask.since, ask.until, most=ask.points
            )


def rows_of(rows: list[kiosk_list.KioskRow]) -> list[tuple[Any, ...]]:
    return [row[1:] for row in rows]


def _id(conn: Connection, name: str) -> int:
    found = kiosk_page.kiosk_id(conn, name)
    return found if found is not None else _nobody(name)


def _nobody(name: str) -> NoReturn:
    raise HTTPException(404, f"nobody registered a kiosk {name}")
