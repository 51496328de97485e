"""The REST API, composed: every group of routes, every refusal, the wall.

`routers` are for whoever serves the API beside pages of its own; `create_api` is the API alone.
"""

import json
from collections.abc import Callable, Collection
from typing import Final

from fastapi import APIRouter, FastAPI, Request, Response
from fastapi.openapi.utils import get_openapi
from sqlalchemy import Engine

from controller.api import problems
from controller.api.api_key import ApiKey
from controller.api.at_kiosks import AtKioskRoutes
from controller.api.commands import CommandRoutes
from controller.api.faults import FaultRoutes
from controller.api.gate import Gate
from controller.api.guard import Guard
from controller.api.inbox import InboxRoutes
from controller.api.jobs import JobRoutes
from controller.api.keys import KeyRoutes
from controller.api.kiosks import KioskRoutes
from controller.api.lists import ListRoutes
from controller.api.login import LoginRoutes
from controller.api.metrics import MetricsRoute
from controller.api.office_door import OfficeDoor
from controller.api.open311 import HandsIn, Open311Routes
from controller.api.refusals import AuditedRefusals
from controller.api.releases import ReleaseRoutes
from controller.api.rollouts import RolloutRoutes
from controller.api.routes import take_in
from controller.api.services import ServiceRoutes
from controller.api.visits import VisitRoutes
from controller.api.who import COOKIE, Who
from controller.api.whole import WholeRoutes
from controller.jobs.refused import Lacks
from controller.people.passwords import Passwords
from controller.people.reception import Reception
from controller.releases.folder import Releases
from controller.scope import Outside

TITLE: Final = "Anjungan"
VERSION: Final = "1"
DESCRIPTION: Final = """The fleet of public-service kiosks, for programs.

Times are milliseconds since 1970, UTC, by the office's clock. Every refusal is problem+json
(RFC 9457) and says who must act. A parameter or word nobody knows is refused with 422.

Every route says in `x-needs` what it needs: a power, `self` (whoever is logged in) or `public`.
Lists and counts hold what lies in the districts where whoever asks has that power; to ask by name
for something elsewhere is refused with 403 and written down. Programs show a token; a browser's
session repeats its word in the header `x-csrf` with every change."""
SCHEMES: Final = {
    "bearer": {"type": "http", "scheme": "bearer"},
    "session": {"type": "apiKey", "in": "cookie", "name": COOKIE},
}


def routers(
    engine: Engine,
    clock: Callable[[], int],
    gate: Gate,
    releases: Releases | None = None,
    registrar: HandsIn | None = None,
) -> tuple[APIRouter, ...]:
    """Every group of routes. `clock` gives milliseconds since 1970, `releases` lie there."""
    door = OfficeDoor(engine, clock)
    of_kiosks = (KioskRoutes, FaultRoutes, WholeRoutes, MetricsRoute)
    of_commands = (JobRoutes, CommandRoutes, KeyRoutes, ListRoutes)
    others = (RolloutRoutes, InboxRoutes, VisitRoutes, AtKioskRoutes)
    found = (group(door, gate).router for group in (*of_kiosks, *of_commands, *others))
    services = ServiceRoutes(door, gate, releases)
    open311 = Open311Routes(door, gate, registrar)
    return (*found, ReleaseRoutes(door, gate, releases).router, services.router, open311.router)


def create_api(
    engine: Engine,
    clock: Callable[[], int],
    hosts: Collection[str] = (),
    who: Who | None = None,
    reception: Reception | None = None,
    *,
    releases: Releases | None = None,
    registrar: HandsIn | None = None,
) -> FastAPI:
    """The API as an application; its `state.gate` guards every route, also those added to it.

    `hosts` are the names it answers to; empty means any. `who` knows the proxies before it and
    how long a session lasts; `reception` is the process's one, where there is one already;
    `releases` is where releases lie, None where nothing is published from here; `registrar` takes
    in complaints of other programs.
    """
    who = who or Who(engine, clock)
    reception = reception or Reception(engine, clock, Passwords())
    gate = Gate(who, AuditedRefusals(engine, clock))
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        openapi_url=None,  # a route of our own, with a guard
        docs_url=None,
        redoc_url=None,
    )
    app.state.gate = gate
    for router in routers(engine, clock, gate, releases, registrar):
        take_in(app, router)
    take_in(app, LoginRoutes(gate, who, reception).router)
    problems.install(app)
    app.add_exception_handler(Outside, _outside)
    app.add_exception_handler(Lacks, _lacks)
    app.add_middleware(ApiKey)
    app.add_middleware(Guard, hosts=hosts)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


def _outside(request: Request, error: Exception) -> Response:
    assert isinstance(error, Outside)
    request.app.state.gate.outside(request, error.subject, error.district)
    return problems.problem(403, str(error))


def _lacks(request: Request, error: Exception) -> Response:
    assert isinstance(error, Lacks)
    request.app.state.gate.lacks(request, error.power)
    return problems.problem(403, error.why)


def document_text(app: FastAPI) -> str:
    """The document as it is kept in docs/openapi.json."""
    return json.dumps(document(app), indent=1, ensure_ascii=False) + "\n"


def document(app: FastAPI) -> dict[str, object]:
    """The OpenAPI document, refusals included."""
    made = get_openapi(title=TITLE, version=VERSION, description=DESCRIPTION, routes=app.routes)
    components = made.setdefault("components", {})
    components["securitySchemes"] = SCHEMES
    schemas = components.setdefault("schemas", {})
    template = "#/components/schemas/{model}"
    problem = problems.Problem.model_json_schema(ref_template=template)
    schemas.update({"ProblemFault": problem.pop("$defs")["Fault"], "Problem": problem})
    problem["properties"]["errors"]["items"]["$ref"] = template.format(model="ProblemFault")
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    return made
