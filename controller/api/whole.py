"""Routes about the whole: sites, counts, the office itself, what changed, and is it alive.

Asks fleet, office and changes_since; the live stream of the console is not here.
"""

from typing import Any

from fastapi import Request
from fastapi.responses import JSONResponse
from sqlalchemy import text

from controller import fleet, office
from controller.api import models
from controller.api.changes_since import changes_since
from controller.api.gate import PUBLIC, SELF, Gate
from controller.api.office_door import OfficeDoor
from controller.api.params import AskChanges
from controller.api.problems import documented
from controller.api.routes import Here, Routes

GEO_JSON = "application/geo+json"


class GeoJsonResponse(JSONResponse):
    media_type = GEO_JSON


class WholeRoutes:
    def __init__(self, door: OfficeDoor, gate: Gate) -> None:
        self._door = door
        routes = Routes(gate)
        self.router = routes.router
        add, api = routes.add, "/api/v1"
        fleet_: dict[str, Any] = {"needs": "kiosk.see", "tags": ["fleet"]}
        add(f"{api}/sites", self.sites, response_model=list[models.Site], **fleet_)
        add(f"{api}/sites.geojson", self.geojson, response_class=GeoJsonResponse, **fleet_)
        add(f"{api}/counts", self.counts, response_model=models.Counts, **fleet_)
        ours: dict[str, Any] = {"needs": "office.see", "tags": ["office"]}
        add(f"{api}/office", self.office, response_model=models.Office, **ours)
        ours |= {"needs": "kiosk.see", "responses": documented(422)}
        add(f"{api}/changes", self.changes, response_model=models.Changes, **ours)
        ours |= {"needs": PUBLIC, "responses": documented(503)}
        add("/healthz", self.healthz, response_model=models.Health, **ours)
        add("/openapi.json", self.document, needs=SELF, include_in_schema=False)

    def sites(self, here: Here) -> Any:
        """Every site with its worst state and its kiosks by state, by name."""
        with self._door.reading() as conn:
            return fleet.sites(conn, here)

    def geojson(self, here: Here) -> GeoJsonResponse:
        """The sites as a GeoJSON FeatureCollection of their centroids."""
        with self._door.reading() as conn:
            features = [_feature(one) for one in fleet.sites(conn, here)]
        return GeoJsonResponse({"type": "FeatureCollection", "features": features})

    def counts(self, here: Here) -> Any:
        """Kiosks by state, presence and verdict; open faults by severity."""
        with self._door.reading() as conn:
            return fleet.counts(conn, here)

    def office(self) -> Any:
        """Whether the office itself is deaf, and who is at work in it."""
        now = self._door.clock()
        with self._door.reading() as conn:
            deaf = office.deafness(conn, now)
            return {"now": now, "deaf": deaf, "controllers": office.controllers(conn, now)}

    def changes(self, here: Here, ask: AskChanges) -> Any:
        """What changed after a change, oldest first; a change may come twice, none is left out."""
        with self._door.reading() as conn:
            return changes_since(conn, here, ask.after, ask.size, self._door.clock())

    def document(self, request: Request) -> JSONResponse:
        """The API as an OpenAPI document."""
        return JSONResponse(request.app.openapi())

    def healthz(self) -> Any:
        """200 while this process can read its database; `deaf` tells of the rest of the office."""
        with self._door.reading() as conn:
            conn.execute(text("SELECT 1"))
            deaf = office.deafness(conn, self._door.clock())
        return {"status": "ok", "deaf": deaf.condition if deaf is not None else None}


def _feature(one: fleet.SiteSummary) -> dict[str, Any]:
    """GeoJSON puts the longitude first."""
    known = one._asdict()
    point = {"type": "Point", "coordinates": [known.pop("lng"), known.pop("lat")]}
    return {"type": "Feature", "id": one.code, "geometry": point, "properties": known}
