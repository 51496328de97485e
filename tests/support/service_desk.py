"""A console with services, asked without a network by people who may do different things."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet
from tests.support.console import admitted, wear
from tests.support.showcase import NOW
from tests.support.showcase_services import Told, tell_services

As = Callable[..., TestClient]


@pytest.fixture
def told_services(fleet: Fleet) -> Told:
    return tell_services(fleet.engine)


@pytest.fixture
def as_(fleet: Fleet, told_services: Told) -> As:
    """`as_(login, (role, district))`: a page of this person's session; an administrator's."""
    assert told_services.draft.state == "draft"
    app = create_console(fleet.engine, lambda: NOW, Settings())

    def client(login: str = "kepala", grant: tuple[str, str] = ("admin", "")) -> TestClient:
        asking = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        wear(asking, admitted(fleet.engine, NOW, login, grant))
        return asking

    return client
