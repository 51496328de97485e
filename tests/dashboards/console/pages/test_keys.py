"""Approval keys on the account's page and on that of the administrators."""

from starlette.testclient import TestClient

from tests.dashboards.console.conftest import Fleet
from tests.support.console import admitted, wear
from tests.support.showcase import NOW


def test_whoever_may_not_agree_is_offered_no_key(fleet: Fleet, stranger: TestClient) -> None:
    wear(stranger, admitted(fleet.engine, NOW, "teknisi", ("technician", "")))
    assert "key-make" not in stranger.get("/account").text
    assert stranger.get("/keys").status_code == 403


def test_administrators_see_that_no_key_waits(client: TestClient) -> None:
    assert "Tidak ada kunci yang menunggu." in client.get("/keys").text
