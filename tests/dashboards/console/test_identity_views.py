"""Inviting, ending, many at once: shown once, refused in words, and nobody else's district."""

import re
from collections.abc import Iterator

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from controller.identity.states import find, state_of
from controller.store.people_tables import audit
from dashboards.console.app import create_console
from dashboards.console.doorplate import Doorplate
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase
from tests.support.console import admitted, wear
from wire.invitation import parse

PLATE = Doorplate("https://door.example:8443", b"p" * 14)


@pytest.fixture
def asking(fleet: Fleet) -> Iterator[TestClient]:
    """A console that knows the office's door; an administrator asks."""
    app = create_console(fleet.engine, lambda: showcase.NOW, Settings(door=PLATE))
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as client:
        wear(client, fleet.admin)
        yield client


def state(fleet: Fleet, name: str) -> str:
    with fleet.engine.connect() as conn:
        return state_of(conn, find(conn, name).id)


def test_a_code_is_shown_once_with_the_line_to_type(asking: TestClient, fleet: Fleet) -> None:
    name = fleet.names["Coblong"]
    page = asking.post(f"/kiosks/{name}/identity/invite")
    line = re.search(r"anjungan join https://door\.example:8443 ([0-9A-Z-]{79})", page.text)
    assert line
    assert parse(line[1]).pin == PLATE.pin
    assert state(fleet, name) == "pending"
    kiosk = asking.get(f"/kiosks/{name}").text
    assert line[1] not in kiosk
    assert "Undangan terbuka dari pagi" in kiosk
    assert "Menunggu anjungan memakai kode" in asking.get(f"/kiosks/{name}/identity/joined").text


def test_every_act_has_a_page_that_says_what_happens(asking: TestClient, fleet: Fleet) -> None:
    for act in ("invite", "replace", "release", "withdraw", "revoke", "decommission"):
        assert asking.get(f"/kiosks/{fleet.names['Andir']}/identity/{act}").status_code == 200
    assert asking.get("/kiosks/nobody-1/identity/invite").status_code == 404


def test_a_revocation_needs_a_reason_and_says_what_it_waits_for(
    asking: TestClient, fleet: Fleet
) -> None:
    name = fleet.names["Coblong"]
    asking.post(f"/kiosks/{name}/identity/invite")
    assert asking.post(f"/kiosks/{name}/identity/revoke", data={"why": " "}).status_code == 422
    done = asking.post(f"/kiosks/{name}/identity/revoke", data={"why": "dicuri"})
    assert done.headers["location"] == f"/kiosks/{name}#identity"
    assert state(fleet, name) == "revoked"
    page = asking.get(f"/kiosks/{name}").text
    assert "dicuri" in page
    assert "Menunggu broker membuktikan" in page
    assert 'id="act-revoke"' not in page


def test_for_ever_is_typed(asking: TestClient, fleet: Fleet) -> None:
    name, path = fleet.names["Coblong"], f"/kiosks/{fleet.names['Coblong']}/identity/decommission"
    assert asking.post(path, data={"why": "rusak", "name": "x"}).status_code == 422
    assert asking.post(path, data={"why": "rusak", "name": name}).status_code == 303
    assert state(fleet, name) == "decommissioned"
    again = asking.post(f"/kiosks/{name}/identity/invite")
    assert (again.status_code, "tidak berlaku lagi" in again.text) == (409, True)


def test_many_are_invited_at_once_or_none(asking: TestClient, fleet: Fleet) -> None:
    names = [fleet.names[one] for one in ("Andir", "Regol")]
    page = asking.post("/invitations", files={"kiosk": (None, names[0])}).text
    assert page.count('class="card ticket"') == 1
    data = f"kiosk\n{names[0]}\n{names[1]}\n".encode()
    page = asking.post("/invitations", files={"csv": ("sites.csv", data)}).text
    assert page.count('class="card ticket"') == 2
    unknown = asking.post("/invitations", files={"csv": ("sites.csv", b"kiosk\n<b>\n")})
    assert (unknown.status_code, "&lt;b&gt;" in unknown.text) == (422, True)
    assert asking.post("/invitations", files={"csv": ("a.csv", b"x\n")}).status_code == 422
    assert asking.post("/invitations", data={}).status_code == 422


def test_nobody_touches_another_district_s_kiosk(asking: TestClient, fleet: Fleet) -> None:
    wear(asking, admitted(fleet.engine, showcase.NOW, "sore", ("operator", "32.04")))
    name = fleet.names["Coblong"]
    for act in ("invite", "revoke"):
        path = f"/kiosks/{name}/identity/{act}"
        assert asking.post(path, data={"why": "x"}).status_code == 403
    assert asking.get(f"/kiosks/{name}/identity/joined").status_code == 403
    many = asking.post("/invitations", files={"csv": ("a.csv", f"kiosk\n{name}\n".encode())})
    assert many.status_code == 403
    assert state(fleet, name) == "registered"
    with fleet.engine.connect() as conn:
        noted = conn.scalars(select(audit.c.what).where(audit.c.what == "refused.place")).all()
    assert len(noted) == 4


def test_an_officer_is_offered_nothing_and_refused(asking: TestClient, fleet: Fleet) -> None:
    wear(asking, admitted(fleet.engine, showcase.NOW, "loket", ("officer", "")))
    name = fleet.names["Coblong"]
    page = asking.get(f"/kiosks/{name}").text
    assert 'id="act-' not in page
    assert "Sidik kunci" not in page
    assert asking.post(f"/kiosks/{name}/identity/invite").status_code == 403


def test_a_console_that_knows_no_door_says_so(client: TestClient, fleet: Fleet) -> None:
    answer = client.post(f"/kiosks/{fleet.names['Coblong']}/identity/invite")
    assert (answer.status_code, "--door" in answer.text) == (422, True)


def test_the_list_marks_and_finds_identities_that_need_people(
    asking: TestClient, fleet: Fleet
) -> None:
    name = fleet.names["Coblong"]
    asking.post(f"/kiosks/{name}/identity/invite")
    found = asking.get("/kiosks?identity=pending").text
    assert found.count('class="row-link"') == 1
    assert "Menunggu" in found
    assert asking.get("/kiosks?identity=x").status_code == 422
