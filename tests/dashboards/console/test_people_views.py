"""Who may do what: added with a link, given roles, disabled, and never without an administrator."""

import re

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from controller.people import accounts, links
from controller.people.powers import Grant
from controller.store.people_tables import audit
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase
from tests.support.console import admitted, show_token, wear
from tests.support.people import add_person, log_in

NEW = {"name": "Teknisi Coblong", "login": "coblong", "role": "technician", "district": "32.73.02"}


def grants(fleet: Fleet, login: str) -> set[Grant]:
    with fleet.engine.connect() as conn:
        return set(accounts.get(conn, login).grants)


def test_a_person_is_added_and_gets_a_link_that_stands_in_no_log(
    client: TestClient, fleet: Fleet
) -> None:
    answer = client.post("/people/new", data=NEW)
    assert answer.status_code == 200
    found = re.search(r"http://127\.0\.0\.1/welcome#([\w-]{43})", answer.text)
    assert found, "behind the #, which no browser sends"
    with fleet.engine.connect() as conn:
        opened = links.look(conn, found[1], showcase.NOW)
    assert opened is not None
    assert opened.login == "coblong"
    assert 'src="data:image/svg+xml' in answer.text
    assert found[1] not in client.get("/people/coblong").text, "shown once"
    assert grants(fleet, "coblong") == {Grant("technician", "32.73.02")}


def test_a_login_that_is_taken_or_odd_is_refused_in_words(client: TestClient) -> None:
    client.post("/people/new", data=NEW)
    again = client.post("/people/new", data=NEW)
    assert (again.status_code, "sudah dipakai" in again.text) == (422, True)
    assert 'value="Teknisi Coblong"' in again.text, "what was typed is kept"
    assert client.post("/people/new", data={**NEW, "login": "A B"}).status_code == 422
    assert (
        client.post("/people/new", data={**NEW, "login": "b1x", "role": "king"}).status_code == 422
    )


def test_roles_are_given_and_taken(client: TestClient, fleet: Fleet) -> None:
    client.post("/people/new", data=NEW)
    more = {"act": "give", "role": "operator", "district": "32.04"}
    answer = client.post("/people/coblong/grants", data=more)
    assert answer.headers["location"] == "/people/coblong?told=give"
    assert Grant("operator", "32.04") in grants(fleet, "coblong")
    client.post("/people/coblong/grants", data={**more, "act": "take"})
    assert Grant("operator", "32.04") not in grants(fleet, "coblong")


def test_the_last_administrator_stays_and_is_told_why(client: TestClient, fleet: Fleet) -> None:
    page = client.get("/people/pagi").text
    assert "administrator terakhir" in page
    assert 'id="disable"' not in page
    for path, data in (
        ("/people/pagi/disabled", {"disabled": "yes"}),
        ("/people/pagi/grants", {"act": "take", "role": "admin", "district": ""}),
    ):
        answer = client.post(path, data=data)
        assert (answer.status_code, "administrator terakhir" in answer.text) == (422, True)
    assert grants(fleet, "pagi") == {Grant("admin", "")}


def test_who_is_disabled_is_out_at_once(client: TestClient, fleet: Fleet) -> None:
    number = add_person(fleet.engine, "sore", ("technician", ""), password_hash="x")
    log_in(fleet.engine, number, showcase.NOW)
    assert "1 sesi terbuka" in client.get("/people/sore").text
    client.post("/people/sore/disabled", data={"disabled": "yes"})
    page = client.get("/people/sore?told=disabled").text
    assert "0 sesi terbuka" in page
    assert "Aktifkan lagi" in page
    client.post("/people/sore/disabled", data={"disabled": "no"})
    assert "Aktifkan lagi" not in client.get("/people/sore").text


def test_sessions_of_somebody_are_ended_and_that_is_written_down(
    client: TestClient, fleet: Fleet
) -> None:
    number = add_person(fleet.engine, "sore", ("technician", ""))
    log_in(fleet.engine, number, showcase.NOW)
    client.post("/people/sore/end")
    with fleet.engine.connect() as conn:
        row = conn.execute(select(audit).where(audit.c.what == "session.end")).one()
    assert (row.who, row.subject, row.detail) == ("pagi", "sore", {"sessions": 1})


def test_a_link_is_made_for_who_forgot(client: TestClient, fleet: Fleet) -> None:
    add_person(fleet.engine, "sore", ("technician", ""))
    assert "/welcome#" in client.post("/people/sore/link").text
    assert client.post("/people/nobody/link").status_code == 404
    assert client.get("/people/nobody").status_code == 404


def test_who_may_not_manage_people_does_not_see_them(stranger: TestClient, fleet: Fleet) -> None:
    wear(stranger, admitted(fleet.engine, showcase.NOW, "malam", ("supervisor", "")))
    assert stranger.get("/people").status_code == 403
    assert stranger.post("/people/new", data=NEW).status_code == 403
    assert 'id="nav-people"' not in stranger.get("/").text


def test_row_67_a_hostile_name_is_shown_as_text(client: TestClient) -> None:
    evil = "<script>alert(1)</script>"
    client.post("/people/new", data={**NEW, "name": evil})
    for path in ("/people", "/people/coblong", "/audit"):
        text = client.get(path).text
        assert "<script>alert" not in text
    assert "&lt;script&gt;alert" in client.get("/people").text


@pytest.mark.parametrize(
    ("path", "data"),
    [
        ("/people/new", NEW),
        ("/people/pagi/link", {}),
        ("/people/pagi/end", {}),
        ("/people/pagi/grants", {"act": "give", "role": "operator", "district": "32.04"}),
        ("/people/pagi/disabled", {"disabled": "no"}),
    ],
)
def test_an_administrators_token_makes_nobody_and_changes_nobody(
    client: TestClient, fleet: Fleet, path: str, data: dict[str, str]
) -> None:
    before = grants(fleet, "pagi")
    show_token(client, fleet.engine, showcase.NOW)
    assert client.get("/people").status_code == 200
    assert client.post(path, data=data).status_code == 403
    assert grants(fleet, "pagi") == before
    with fleet.engine.connect() as conn:
        assert accounts.find(conn, "coblong") is None
