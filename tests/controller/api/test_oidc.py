"""From our login to the provider and back, over real HTTP: in, or at the login with one word."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher
from fastapi import FastAPI
from fastapi.testclient import TestClient
from sqlalchemy import Engine, update

from controller.api.gate import Gate
from controller.api.oidc import THERE, TICKET, OidcRoutes
from controller.api.refusals import AuditedRefusals
from controller.api.who import COOKIE, Who
from controller.people import accounts
from controller.people.oidc import Oidc
from controller.people.passwords import Passwords
from controller.people.provider import BACK
from controller.people.provider import Provider as Told
from controller.people.reception import Reception
from controller.store.engine import open_engine, writing
from controller.store.people_tables import account
from tests.support import openid
from tests.support.people import NOW, add_person

HOME = "https://office.example"


@pytest.fixture
def engine(sqlite_url: str) -> Engine:
    return open_engine(sqlite_url)


@pytest.fixture
def provider() -> Iterator[openid.Provider]:
    started = openid.Provider(NOW // 1000)
    yield started
    started.stop()


@pytest.fixture
def client(engine: Engine, provider: openid.Provider) -> Iterator[TestClient]:
    who = Who(engine, lambda: NOW)
    gate = Gate(who, AuditedRefusals(engine, lambda: NOW))
    cheap = Passwords(PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    reception = Reception(engine, lambda: NOW, cheap)
    told = Told(provider.issuer, openid.CLIENT, openid.SECRET, HOME + BACK)
    app = FastAPI()
    app.include_router(OidcRoutes(gate, who, reception, Oidc(told, lambda: NOW)).router)
    with TestClient(app, base_url=HOME, follow_redirects=False) as client:
        yield client


@pytest.fixture
def linked(engine: Engine, provider: openid.Provider) -> None:
    add_person(engine, "pagi", issuer=provider.issuer, subject="user-1")


def returned(client: TestClient, provider: openid.Provider, after: str = "/") -> str:
    left = client.get(THERE, params={"next": after})
    assert left.status_code == 303
    came = client.get(provider.back(left.headers["location"]))
    assert came.status_code == 303
    assert TICKET not in client.cookies
    return str(came.headers["location"])


@pytest.mark.usefixtures("linked")
def test_who_is_linked_comes_in_and_back_to_the_page(
    client: TestClient, provider: openid.Provider, engine: Engine
) -> None:
    assert returned(client, provider, "/kiosks?page=2") == "/kiosks?page=2"
    found = client.cookies[COOKIE]
    assert found
    with engine.connect() as conn:
        assert accounts.get(conn, "pagi").subject == "user-1"


@pytest.mark.usefixtures("linked")
def test_nobody_is_led_to_a_strangers_page(client: TestClient, provider: openid.Provider) -> None:
    assert returned(client, provider, "//evil.example") == "/"


def test_who_is_not_linked_gets_no_account(
    client: TestClient, provider: openid.Provider, engine: Engine
) -> None:
    assert returned(client, provider) == "/login?told=not-linked"
    assert COOKIE not in client.cookies
    with engine.connect() as conn:
        assert accounts.is_empty(conn)


@pytest.mark.usefixtures("linked")
def test_who_was_disabled_does_not_come_in(
    client: TestClient, provider: openid.Provider, engine: Engine
) -> None:
    with writing(engine) as conn:
        conn.execute(update(account).values(disabled_at=NOW))
    assert returned(client, provider) == "/login?told=not-linked"


@pytest.mark.usefixtures("linked")
def test_row_68_another_browser_cannot_use_the_way_back(
    client: TestClient, provider: openid.Provider
) -> None:
    left = client.get(THERE)
    client.cookies.clear()
    came = client.get(provider.back(left.headers["location"]))
    assert came.headers["location"] == "/login?told=not-vouched"
    assert COOKIE not in client.cookies


def test_a_provider_that_is_away_leads_back_to_the_login(
    client: TestClient, provider: openid.Provider
) -> None:
    provider.said = {"issuer": "https://evil.example"}
    assert client.get(THERE).headers["location"] == "/login?told=provider-away"


def test_the_ticket_is_for_this_site_alone(client: TestClient) -> None:
    told = client.get(THERE).headers["set-cookie"].lower()
    for word in ("secure", "httponly", "samesite=lax", "path=/", "max-age=600"):
        assert word in told
