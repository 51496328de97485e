"""The API over a small fleet, as a program sees it. Errors come as answers, not as exceptions."""

from collections.abc import Iterator

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from controller.api.app import create_api
from tests.support.console import show_token
from tests.support.fleet import NOW, seed_fleet


@pytest.fixture
def api(fleet_61: Engine) -> Iterator[TestClient]:
    """To be read, not written. A program of an administrator's asks."""
    with TestClient(create_api(fleet_61, lambda: NOW), raise_server_exceptions=False) as client:
        show_token(client, fleet_61, NOW)
        yield client


@pytest.fixture
def desk(office_engine: Engine) -> Iterator[TestClient]:
    """Its own fleet, free to be written."""
    seed_fleet(office_engine, kiosks=20, sites=3, seed=3, probes=False)
    app = create_api(office_engine, lambda: NOW)
    with TestClient(app, raise_server_exceptions=False) as client:
        show_token(client, office_engine, NOW)
        yield client
