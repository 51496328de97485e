"""Routes that say what they need: none can be added without, and none is reached without.

`needs` is a power of controller.people.powers, or `public`, or `self` (whoever is logged in). It
stands in the OpenAPI document as `x-needs`; the gate is asked before anything of the request is
parsed. Endpoints take `Here` to learn where whoever asks has the power, `By` to act in their name.
"""

from collections.abc import Awaitable, Callable
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from fastapi.routing import APIRoute

from controller.api.gate import NEEDS, PUBLIC, Gate
from controller.api.problems import documented
from controller.deeds import Doer
from controller.people.powers import Scope

SECURITY: Final[list[dict[str, list[str]]]] = [{"session": []}, {"bearer": []}]
KEY: Final = "x-needs"


class Routes:
    """A router whose every route has a guard. Arguments are those of APIRouter."""

    def __init__(self, gate: Gate, **options: Any) -> None:
        self.router = APIRouter(
            route_class=_guarded(gate), generate_unique_id_function=_operation, **options
        )

    def add(self, path: str, endpoint: Callable[..., Any], *, needs: str, **options: Any) -> None:
        """Raises ValueError for a need nobody knows. Options are those of `add_api_route`."""
        if needs not in NEEDS:
            raise ValueError(f"{path}: nobody knows the need {needs!r}")
        public = needs == PUBLIC
        refusals = {} if public else documented(401, 403)
        responses = {**options.pop("responses", {}), **refusals}
        extra = {KEY: needs, "security": [] if public else SECURITY}
        self.router.add_api_route(
            path, endpoint, responses=responses, openapi_extra=extra, **options
        )


def take_in(app: FastAPI, router: APIRouter) -> None:
    """The router's routes, as they are.

    `include_router` would build each of them anew at the first request, for the sake of prefixes
    that nobody gives here.
    """
    app.router.routes.extend(router.routes)


def needs_of(route: APIRoute) -> str:
    """Raises KeyError for a route that was added past `Routes`."""
    needs: str = (route.openapi_extra or {})[KEY]
    return needs


def _operation(route: APIRoute) -> str:
    """Names of routes are few and told apart: programs generated from the document read well."""
    return route.name


def _guarded(gate: Gate) -> type[APIRoute]:
    class Guarded(APIRoute):
        def get_route_handler(self) -> Callable[[Request], Awaitable[Response]]:  # type: ignore[override]
            inner = super().get_route_handler()
            needs = needs_of(self)

            async def handle(request: Request) -> Response:
                await gate.let_in(request, needs)
                return await inner(request)

            return handle

    return Guarded


def scope_of(request: Request) -> Scope:
    scope: Scope = request.state.scope
    return scope


def doer_of(request: Request) -> Doer:
    doer: Doer = request.state.doer
    return doer


Here = Annotated[Scope, Depends(scope_of)]
By = Annotated[Doer, Depends(doer_of)]
