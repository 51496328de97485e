"""The commands on a kiosk's page."""

from starlette.testclient import TestClient

from tests.dashboards.console.conftest import Fleet
from tests.support.console import admitted, wear
from tests.support.showcase import NOW
from tests.support.showcase_jobs import HOSTILE, answered, asked, govern
from tests.support.signing import Ceremony


def test_what_was_asked_and_answered_stands_on_the_kiosks_page(
    fleet: Fleet, client: TestClient
) -> None:
    govern(fleet.engine, Ceremony())
    name = fleet.names["Coblong"]
    number = asked(fleet.engine, "reboot", name)
    answered(fleet.engine, number, name, "failed", code="timeout", why=HOSTILE, ended_at=NOW)
    text = client.get(f"/kiosks/{name}").text
    assert f'href="/jobs/{number}"' in text
    assert "Melewati batas waktu." in text
    assert "<img src=x" not in text


def test_an_officer_sees_no_commands(fleet: Fleet, stranger: TestClient) -> None:
    wear(stranger, admitted(fleet.engine, NOW, "petugas", ("officer", "")))
    text = stranger.get(f"/kiosks/{fleet.names['Coblong']}").text
    assert '<div id="commands" hidden>' in text
    assert "/act?" not in text
