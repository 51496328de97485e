"""A console with a calendar and queues, asked without a network by different people."""

from collections.abc import Callable

import pytest
from starlette.testclient import TestClient

from controller.store.engine import writing
from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet
from tests.support.console import admitted, wear
from tests.support.showcase import NOW
from tests.support.showcase_inbox import catalogue
from tests.support.showcase_visits import tell_visits

As = Callable[..., TestClient]
OFFICER = ("officer", "32.73")


@pytest.fixture
def planned(fleet: Fleet) -> Fleet:
    """The told fleet with its governments, a calendar and tickets of today."""
    with writing(fleet.engine) as conn:
        catalogue(conn, NOW)
    tell_visits(fleet.engine, NOW)
    return fleet


@pytest.fixture
def visits_as(planned: Fleet) -> As:
    """`visits_as(login, (role, district))`: a page of this person's session."""
    app = create_console(planned.engine, lambda: NOW, Settings())

    def client(login: str = "loket", grant: tuple[str, str] = OFFICER) -> TestClient:
        asking = TestClient(app, base_url="http://127.0.0.1", follow_redirects=False)
        wear(asking, admitted(planned.engine, NOW, login, grant))
        return asking

    return client
