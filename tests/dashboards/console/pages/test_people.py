"""The list of people, one of them, and who is the last that could help."""

from starlette.testclient import TestClient

from controller.people import accounts
from controller.people.powers import Grant
from dashboards.console.pages.people import is_last_admin, ready
from tests.dashboards.console.conftest import Fleet
from tests.support.people import add_person


def test_everybody_stands_with_roles_and_state(client: TestClient, fleet: Fleet) -> None:
    add_person(fleet.engine, "loket", ("officer", "32.73"), disabled_at=1)
    add_person(fleet.engine, "sore")
    text = client.get("/people").text
    assert "Petugas layanan, Kota Bandung" in text
    assert "Dinonaktifkan" in text
    assert "Belum punya peran" in text
    assert text.index("Sore") < text.index("Loket"), "who left stands last"


def test_the_last_administrator_is_known(fleet: Fleet) -> None:
    add_person(fleet.engine, "malam", ("admin", ""), password_hash="x")
    with fleet.engine.connect() as conn:
        everyone = accounts.everybody(conn)
    by_login = {one.login: one for one in everyone}
    assert not is_last_admin(by_login["pagi"], everyone)
    assert is_last_admin(by_login["malam"], everyone), "the other cannot log in"
    assert not ready(by_login["pagi"])
    assert Grant("admin", "") in by_login["malam"].grants
