"""Taking faults on, notes, preferences: with scripts and without."""

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from controller.store.people_tables import audit
from controller.store.tables import fault, fault_note
from dashboards.console.desk import own_page
from tests.dashboards.console.conftest import Fleet
from tests.support.console import NAME


def open_faults(fleet: Fleet) -> list[int]:
    free = select(fault.c.id).where(fault.c.cleared_at.is_(None), fault.c.acked_at.is_(None))
    with fleet.engine.connect() as conn:
        return list(conn.scalars(free.order_by(fault.c.id)))


def test_one_fault_is_taken_on_in_the_name_of_whoever_is_logged_in(
    client: TestClient, fleet: Fleet
) -> None:
    one = open_faults(fleet)[0]
    data = {"one": one, "who": "Somebody else", "next": "/faults?code=x"}
    answer = client.post("/faults/acknowledge", data=data)
    assert (answer.status_code, answer.headers["location"]) == (303, "/faults?code=x")
    assert one not in open_faults(fleet)
    with fleet.engine.connect() as conn:
        assert conn.scalar(select(fault.c.acked_by).where(fault.c.id == one)) == NAME
    assert "who" not in client.cookies


def test_taking_on_and_notes_are_written_down(client: TestClient, fleet: Fleet) -> None:
    one = open_faults(fleet)[0]
    client.post("/faults/acknowledge", data={"one": one})
    client.post("/faults/acknowledge", data={"one": one})  # again is no deed
    client.post(f"/faults/{one}/notes", data={"text": "Kertas dipesan"})
    with fleet.engine.connect() as conn:
        rows = conn.execute(select(audit).where(audit.c.subject == f"fault {one}")).all()
    assert [(row.who, row.what) for row in rows] == [("pagi", "fault.take"), ("pagi", "fault.note")]
    assert all(row.district.startswith("32.") for row in rows)


@pytest.mark.parametrize("word", ["", "x", "ÿ", None])
def test_row_68_a_change_without_the_word_of_its_session_is_refused(
    client: TestClient, fleet: Fleet, word: str | None
) -> None:
    before = open_faults(fleet)
    del client.headers["x-csrf"]
    data = {"one": str(before[0])} | ({} if word is None else {"csrf": word})
    for path in ("/faults/acknowledge", f"/faults/{before[0]}/notes"):
        assert client.post(path, data={**data, "text": "x"}).status_code == 403
    assert open_faults(fleet) == before
    data["csrf"] = fleet.admin.csrf
    assert client.post("/faults/acknowledge", data=data).status_code == 303


def test_checked_faults_are_taken_on_together(client: TestClient, fleet: Fleet) -> None:
    wanted = open_faults(fleet)[:3]
    answer = client.post(
        "/faults/acknowledge",
        data={"fault": wanted, "many": "yes"},
        headers={"hx-request": "true"},
    )
    assert (answer.status_code, answer.headers["hx-trigger"]) == (204, "refresh")
    assert not set(wanted) & set(open_faults(fleet))


@pytest.mark.parametrize("number", ["0", "999999", "-1", "x", "9" * 30])
def test_a_fault_nobody_knows_is_refused(client: TestClient, number: str) -> None:
    answer = client.post("/faults/acknowledge", data={"one": number})
    assert answer.status_code in (404, 422)


def test_a_note_is_kept_with_its_writer(client: TestClient, fleet: Fleet) -> None:
    one = open_faults(fleet)[0]
    data = {"text": "Kertas dipesan"}
    assert client.post(f"/faults/{one}/notes", data=data).status_code == 303
    with fleet.engine.connect() as conn:
        last = conn.execute(select(fault_note).order_by(fault_note.c.id.desc())).first()
    assert last is not None
    assert (last.who, last.text) == (NAME, "Kertas dipesan")
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
