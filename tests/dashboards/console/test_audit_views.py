"""The address of the log: for those who may, and within their district."""

from starlette.testclient import TestClient

from controller.people import audit
from controller.people.audit import Entry
from controller.store.engine import writing
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase
from tests.support.console import admitted, wear


def test_a_technician_does_not_read_it(stranger: TestClient, fleet: Fleet) -> None:
    wear(stranger, admitted(fleet.engine, showcase.NOW, "sore", ("technician", "")))
    assert stranger.get("/audit").status_code == 403
    assert 'id="nav-audit"' not in stranger.get("/").text


def test_a_supervisor_reads_what_concerns_the_own_district(
    stranger: TestClient, fleet: Fleet
) -> None:
    with writing(fleet.engine) as conn:
        entry = Entry("pagi", "identity.revoke", "bdg-coblong-1", "32.73.02", "", {"why": "x"})
        elsewhere = entry._replace(subject="kab-soreang-1", district="32.04.37")
        audit.append_all(conn, [entry, elsewhere], showcase.NOW)
    wear(stranger, admitted(fleet.engine, showcase.NOW, "malam", ("supervisor", "32.73")))
    text = stranger.get("/audit").text
    assert "bdg-coblong-1" in text
    assert "kab-soreang-1" not in text
