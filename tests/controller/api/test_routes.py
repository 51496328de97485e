"""Routes that say what they need: none without, and the document says so too."""

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from sqlalchemy import create_engine
from starlette.testclient import TestClient

from controller.api.app import create_api, document
from controller.api.gate import NEEDS
from controller.api.routes import KEY, Routes, needs_of, take_in
from controller.people.powers import POWERS


@pytest.fixture
def plain() -> FastAPI:
    return create_api(create_engine("sqlite://"), lambda: 0)


@pytest.mark.parametrize("needs", ["", "Public", "kiosk", "kiosk.see ", "nobody.may", "*"])
def test_a_need_nobody_knows_is_a_mistake_at_once(plain: FastAPI, needs: str) -> None:
    with pytest.raises(ValueError, match="nobody knows the need"):
        Routes(plain.state.gate).add("/x", lambda: None, needs=needs)


def test_a_route_without_a_need_cannot_be_added(plain: FastAPI) -> None:
    routes = Routes(plain.state.gate)
    with pytest.raises(TypeError, match="needs"):
        routes.add("/x", lambda: None)  # type: ignore[call-arg]
    with pytest.raises(KeyError):  # nor past `add`
        routes.router.add_api_route("/x", lambda: None)


def test_every_power_can_be_needed(plain: FastAPI) -> None:
    routes = Routes(plain.state.gate)
    for number, needs in enumerate(sorted(NEEDS)):
        routes.add(f"/{number}", lambda: None, needs=needs)
    found = [needs_of(route) for route in routes.router.routes if isinstance(route, APIRoute)]
    assert {*POWERS} < {*found}


def test_a_router_is_taken_in_as_it_is_and_no_route_is_built_anew(plain: FastAPI) -> None:
    routes = Routes(plain.state.gate)
    routes.add("/x", lambda: "seen", needs="public")
    take_in(plain, routes.router)
    assert plain.routes[-1] is routes.router.routes[0]
    assert TestClient(plain, base_url="http://127.0.0.1").get("/x").json() == "seen"


def test_the_document_says_what_each_operation_needs(plain: FastAPI) -> None:
    told = document(plain)
    paths: dict[str, dict[str, dict[str, object]]] = told["paths"]  # type: ignore[assignment]
    for methods in paths.values():
        for operation in methods.values():
            public = operation[KEY] == "public"
            assert operation[KEY] in NEEDS
            assert (operation["security"] == []) == public
            assert public or "401" in operation["responses"]  # type: ignore[operator]
    schemes: dict[str, object] = told["components"]["securitySchemes"]  # type: ignore[index]
    assert set(schemes) == {"bearer", "session"}
