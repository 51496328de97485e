"""The API over a small fleet, as a program sees it. Errors come as answers, not as exceptions."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine

from controller.api.app import create_api
from tests.support.console import show_token
from tests.support.fleet import NOW, seed_fleet
from tests.support.jobs import JobDesk
from tests.support.people import give_token


@pytest.fixture(scope="session")
def reading_api(fleet_61: Engine) -> FastAPI:
    """Made once: to build its routes takes longer than to answer a question."""
    return create_api(fleet_61, lambda: NOW)


@pytest.fixture
def api(reading_api: FastAPI, fleet_61: Engine) -> Iterator[TestClient]:
    """To be read, not written. A program of an administrator's asks."""
    with TestClient(reading_api, raise_server_exceptions=False) as client:
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


@pytest.fixture
def jobs(office_engine: Engine) -> JobDesk:
    """A desk for jobs: a fleet, a policy in force, people with keys."""
    return JobDesk(office_engine)


@pytest.fixture
def as_(jobs: JobDesk) -> Iterator[Callable[[str], TestClient]]:
    """`as_(login)`: a program of one of the desk's people."""
    app = create_api(jobs.engine, lambda: jobs.now)
    made: list[TestClient] = []

    def client(login: str, *grants: tuple[str, str]) -> TestClient:
        if login not in jobs.people:
            jobs.people[login] = jobs.person(login, *grants)
        token = give_token(jobs.engine, jobs.people[login].person.account, jobs.now)
        headers = {"authorization": f"Bearer {token}"}
        made.append(TestClient(app, raise_server_exceptions=False, headers=headers))
        return made[-1]

    yield client
    for one in made:
        one.close()


@pytest.fixture
def siti(as_: Callable[..., Any]) -> TestClient:
    """A program of an administrator's."""
    client: TestClient = as_("siti")
    return client
