"""From the console's login page to a real provider and back, linked in between by the command."""

from collections.abc import Iterator
from typing import NamedTuple

import pytest
from starlette.testclient import TestClient

from controller.people import audit
from controller.people.provider import provider_of
from controller.store.engine import open_engine
from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from provisioning.people import main
from tests.support import openid
from tests.support.people import NOW

HOME = "https://localhost"


class Office(NamedTuple):
    url: str
    provider: openid.Provider
    browser: TestClient

    def came_back(self) -> str:
        left = self.browser.get("/login/openid?next=/faults")
        came = self.browser.get(self.provider.back(left.headers["location"]))
        return str(came.headers["location"])


@pytest.fixture
def office(sqlite_url: str) -> Iterator[Office]:
    provider = openid.Provider(NOW // 1000)
    said = {
        "ANJUNGAN_OIDC_ISSUER": provider.issuer,
        "ANJUNGAN_OIDC_CLIENT_ID": openid.CLIENT,
        "ANJUNGAN_OIDC_CLIENT_SECRET": openid.SECRET,
        "ANJUNGAN_OIDC_HOME": HOME,
        "ANJUNGAN_OIDC_NAME": "Akun Kota",
    }
    settings = Settings(https=True, provider=provider_of(said))
    app = create_console(open_engine(sqlite_url), lambda: NOW, settings)
    with TestClient(app, base_url=HOME, follow_redirects=False) as browser:
        yield Office(sqlite_url, provider, browser)
    provider.stop()


def test_somebody_is_refused_then_linked_and_comes_in(office: Office) -> None:
    assert "Akun Kota" in office.browser.get("/login").text
    assert office.came_back() == "/login?told=not-linked"
    with open_engine(office.url).connect() as conn:
        told = next(row.detail for row in audit.walk(conn) if row.what == "login.refused")
    database = ("--database", office.url)
    assert main(["add", "pagi", "--grant", "technician:32.73", *database]) == 0
    assert main(["link", "pagi", told["issuer"], told["subject"], *database]) == 0
    assert office.came_back() == "/faults"
    assert office.browser.get("/faults").status_code == 200
    assert office.browser.get("/api/v1/me").json()["login"] == "pagi"
