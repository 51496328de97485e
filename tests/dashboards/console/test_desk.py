"""Taking faults on, notes, preferences: with scripts and without."""

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from controller.store.tables import fault, fault_note
from dashboards.console.desk import own_page
from tests.dashboards.console.conftest import Fleet


def open_faults(fleet: Fleet) -> list[int]:
    free = select(fault.c.id).where(fault.c.cleared_at.is_(None), fault.c.acked_at.is_(None))
    with fleet.engine.connect() as conn:
        return list(conn.scalars(free.order_by(fault.c.id)))


def test_one_fault_is_taken_on_and_the_name_is_remembered(client: TestClient, fleet: Fleet) -> None:
    one = open_faults(fleet)[0]
    answer = client.post(
        "/faults/acknowledge", data={"one": one, "who": " Pagi Ñ ", "next": "/faults?code=x"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/faults?code=x")
    assert one not in open_faults(fleet)
    assert 'value="Pagi Ñ"' in client.get("/faults").text


def test_checked_faults_are_taken_on_together(client: TestClient, fleet: Fleet) -> None:
    wanted = open_faults(fleet)[:3]
    answer = client.post(
        "/faults/acknowledge",
        data={"fault": wanted, "who": "Malam", "many": "yes"},
        headers={"hx-request": "true"},
    )
    assert (answer.status_code, answer.headers["hx-trigger"]) == (204, "refresh")
    assert not set(wanted) & set(open_faults(fleet))


@pytest.mark.parametrize("who", ["", "  ", "x" * 81, "a\x00b"])
def test_nobody_without_a_name_takes_anything_on(
    client: TestClient, fleet: Fleet, who: str
) -> None:
    before = open_faults(fleet)
    answer = client.post("/faults/acknowledge", data={"fault": before[:2], "who": who})
    assert answer.status_code == 422
    assert open_faults(fleet) == before


@pytest.mark.parametrize("number", ["0", "999999", "-1", "x", "9" * 30])
def test_a_fault_nobody_knows_is_refused(client: TestClient, number: str) -> None:
    answer = client.post("/faults/acknowledge", data={"one": number, "who": "Pagi"})
    assert answer.status_code in (404, 422)


def test_a_note_is_kept_with_its_writer(client: TestClient, fleet: Fleet) -> None:
    one = open_faults(fleet)[0]
    data = {"text": "Kertas dipesan", "who": "Pagi"}
    assert client.post(f"/faults/{one}/notes", data=data).status_code == 303
    with fleet.engine.connect() as conn:
        last = conn.execute(select(fault_note).order_by(fault_note.c.id.desc())).first()
    assert last is not None
    assert (last.who, last.text) == ("Pagi", "Kertas dipesan")
    assert client.post(f"/faults/{one}/notes", data={"text": " "}).status_code == 422


def test_language_and_theme_are_kept(client: TestClient) -> None:
    client.post("/preferences", data={"language": "en", "theme": "dark", "next": "/"})
    page = client.get("/").text
    assert '<html lang="en" data-theme="dark">' in page
    client.post("/preferences", data={"language": "xx", "theme": "<b>"})
    assert '<html lang="en" data-theme="dark">' in client.get("/").text


@pytest.mark.parametrize(
    "where", ["https://evil.example", "//evil.example", "/\\evil.example", "x", "/a\r\nb", ""]
)
def test_nobody_is_sent_away_from_here(where: str) -> None:
    assert own_page(where) == "/"
