"""The REST API, composed: every group of routes, every refusal, the wall.

`routers` are for whoever serves the API beside pages of its own; `create_api` is the API alone.
"""

import json
from collections.abc import Callable, Collection
from typing import Final

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from sqlalchemy import Engine

from controller.api import problems
from controller.api.faults import FaultRoutes
from controller.api.guard import Guard
from controller.api.kiosks import KioskRoutes
from controller.api.metrics import MetricsRoute
from controller.api.office_door import OfficeDoor
from controller.api.whole import WholeRoutes

TITLE: Final = "Anjungan"
VERSION: Final = "1"
DESCRIPTION: Final = """The fleet of public-service kiosks, for programs.

Times are milliseconds since 1970, UTC, by the office's clock. Every refusal is problem+json
(RFC 9457) and says who must act. A parameter or word nobody knows is refused with 422."""


def routers(engine: Engine, clock: Callable[[], int]) -> tuple[APIRouter, ...]:
    """Every group of routes. `clock` gives milliseconds since 1970."""
    door = OfficeDoor(engine, clock)
    groups = (KioskRoutes(door), FaultRoutes(door), WholeRoutes(door), MetricsRoute(door))
    return tuple(group.router for group in groups)


def create_api(engine: Engine, clock: Callable[[], int], hosts: Collection[str] = ()) -> FastAPI:
    """The API as an application. `hosts` are the names it answers to; empty means any."""
    app = FastAPI(
        title=TITLE,
        version=VERSION,
        docs_url=None,
        redoc_url=None,
        generate_unique_id_function=_operation,
    )
    for router in routers(engine, clock):
        app.include_router(router)
    problems.install(app)
    app.add_middleware(Guard, hosts=hosts)
    app.openapi = lambda: document(app)  # type: ignore[method-assign]
    return app


def _operation(route: APIRoute) -> str:
    """Names of routes are few and told apart: programs generated from the document read well."""
    return route.name


def document_text(app: FastAPI) -> str:
    """The document as it is kept in docs/openapi.json."""
    return json.dumps(document(app), indent=1, ensure_ascii=False) + "\n"


def document(app: FastAPI) -> dict[str, object]:
    """The OpenAPI document, refusals included."""
    made = get_openapi(title=TITLE, version=VERSION, description=DESCRIPTION, routes=app.routes)
    schemas = made.setdefault("components", {}).setdefault("schemas", {})
    template = "#/components/schemas/{model}"
    problem = problems.Problem.model_json_schema(ref_template=template)
    schemas.update({"ProblemFault": problem.pop("$defs")["Fault"], "Problem": problem})
    problem["properties"]["errors"]["items"]["$ref"] = template.format(model="ProblemFault")
    schemas.pop("HTTPValidationError", None)
    schemas.pop("ValidationError", None)
    return made
