"""Pages: what they say, how they answer nonsense, and that hostile text stays text."""

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from controller.store.engine import open_engine, writing
from controller.store.tables import controller, fault, fault_note, flip, kiosk, latest
from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase
from tests.support.console import admitted, wear

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>{{7*7}}"


def test_every_page_answers_in_both_languages(client: TestClient, fleet: Fleet) -> None:
    for language in ("id", "en"):
        client.cookies.set("language", language)
        for name in fleet.names.values():
            assert client.get(f"/kiosks/{name}").status_code == 200
        for path in ("/", "/kiosks", "/faults", "/faults?condition=all"):
            page = client.get(path)
            assert page.status_code == 200
            assert f'<html lang="{language}"' in page.text


def test_no_page_has_an_inline_script_or_style(client: TestClient, fleet: Fleet) -> None:
    for path in ("/", "/kiosks", f"/kiosks/{fleet.names['Coblong']}", "/faults", "/nowhere"):
        text = client.get(path).text
        assert " style=" not in text
        assert "<style" not in text
        assert " onclick" not in text
        assert text.count("<script") == text.count('<script src="/static/')


def test_a_live_region_gets_itself_alone(client: TestClient) -> None:
    part = client.get("/", headers={"hx-request": "true", "hx-target": "counts"}).text
    assert part.lstrip().startswith('<section id="counts"')
    assert "<html" not in part


def test_the_banner_shows_while_the_office_is_deaf(client: TestClient, fleet: Fleet) -> None:
    assert 'id="deaf"' not in client.get("/").text
    with writing(fleet.engine) as conn:
        conn.execute(update(controller).values(heard_at=showcase.NOW - 3_600_000))
    for path in ("/", "/kiosks", "/faults", "/parts/office"):
        assert 'id="deaf"' in client.get(path).text
    assert "bukan berarti anjungan mati" in client.get("/").text


def test_a_kiosk_nobody_registered_and_a_page_nobody_wrote_say_so(client: TestClient) -> None:
    assert client.get("/kiosks/nobody-1").status_code == 404
    assert "Tidak ada anjungan bernama nobody-1" in client.get("/kiosks/nobody-1").text
    assert "Halaman tidak ditemukan" in client.get("/nowhere").text
    assert client.get("/api/nowhere").status_code == 404


@pytest.mark.parametrize(
    "path",
    [
        "/kiosks?state=red",
        "/kiosks?sort=x",
        "/kiosks?page=0",
        "/kiosks?page=9999999999999999999",
        "/kiosks?inform=maybe",
        "/faults?severity=bad",
        "/faults?acked=perhaps",
        "/faults?kiosk=%00",
        "/kiosks?q=%00",
        "/kiosks?size=100000",
    ],
)
def test_a_word_nobody_knows_is_refused_aloud(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 422
    assert "Saringan tidak dikenal" in answer.text
    short = client.get(path, headers={"hx-request": "true"})
    assert (short.status_code, "<html" in short.text) == (422, False)


def test_row_67_a_script_in_what_a_kiosk_says_is_shown_as_text(
    client: TestClient, fleet: Fleet
) -> None:
    name = fleet.names["Coblong"]
    with writing(fleet.engine) as conn:
        one = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name))
        said = {"facts": {EVIL[:40]: EVIL, "reasons": EVIL}, "why": EVIL, "state": "unknown"}
        conn.execute(
            update(latest).where(latest.c.kiosk_id == one).values({**said, "codes": [EVIL]})
        )
        seen = {"facts": {"reasons": EVIL}, "probe": EVIL}
        conn.execute(update(fault).values(why=EVIL, evidence=seen, acked_by=EVIL[:80]))
        conn.execute(update(fault_note).values(text=EVIL, who=EVIL[:80]))
        row = {"kiosk_id": one, "subject": f"probe:{EVIL[:50]}", "old": "<b>", "new": "<i>"}
        conn.execute(insert(flip).values({**row, "why": EVIL, "at": showcase.NOW}))
    for path in (f"/kiosks/{name}", "/faults", "/"):
        text = client.get(path).text
        assert "<script>alert" not in text
        assert "<img" not in text
    assert "&lt;script&gt;alert" in client.get(f"/kiosks/{name}").text


def test_row_67_a_script_in_the_address_is_shown_as_text(client: TestClient) -> None:
    for path in ("/kiosks?q=", "/kiosks?site=", "/kiosks?fault=", "/faults?code=", "/kiosks/"):
        text = client.get(path + "%3Cscript%3Ealert(1)%3C%2Fscript%3E").text
        assert "<script>alert" not in text


def test_row_67_a_script_in_a_cookie_is_shown_as_text(client: TestClient) -> None:
    client.cookies.set("theme", "%22%3E%3Cscript%3Ealert(1)%3C/script%3E")
    assert "<script>alert" not in client.get("/").text


def test_every_page_answers_on_postgresql(postgres_url: str) -> None:
    engine = open_engine(postgres_url)
    names = showcase.tell(engine)
    app = create_console(engine, lambda: showcase.NOW, Settings())
    with TestClient(app, base_url="http://127.0.0.1") as client:
        wear(client, admitted(engine, showcase.NOW, "coblong", ("technician", "32.73")))
        for path in ("/", "/kiosks?q=a", f"/kiosks/{names['Coblong']}", "/faults?condition=all"):
            assert client.get(path).status_code == 200, path
        assert client.get(f"/kiosks/{names['Coblong']}/series?hours=24").status_code == 200
    engine.dispose()
