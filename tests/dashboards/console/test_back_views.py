"""Administrators see what did not reach other systems, and have it sent or judged again."""

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import insert, select, update
from starlette.testclient import TestClient

from controller.back import desk
from controller.back.desk import New
from controller.people.audit import By
from controller.store.citizen_tables import back_system, record, sending
from controller.store.engine import writing
from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from tests.support import axe, showcase
from tests.support.console import admitted, serving, wear, wear_in_browser
from tests.support.showcase_inbox import Told

SIZES = ({"width": 390, "height": 844}, {"width": 1440, "height": 900})


@pytest.fixture
def stuck(inbox: Told) -> Told:
    """One system that refused one and does not answer; one record that lies aside."""
    with writing(inbox.engine) as conn:
        by, now = By("kepala"), showcase.NOW
        hook = desk.add(conn, by, New("32.73", "Sistem <dinas>", "webhook", ("KEC-SKTM",)), now)
        desk.add(conn, by, New("32.73", "Arsip kota", "folder"), now)
        row: dict[str, Any] = {"back_system_id": hook, "next_at": now + 60_000}
        its = inbox.its.ids
        for number, state, why in (
            (its[1], "failed", "it refuses this with 422 <b>"),
            (its[5], "waiting", "away"),
        ):
            row |= {"submission_id": number, "state": state, "error": why, "tries": 1}
            conn.execute(insert(sending).values(**row))
        first = conn.scalar(select(record.c.id).limit(1))
        spoiled = update(record).where(record.c.id == first)
        conn.execute(spoiled.values(state="refused", why="seal", body=b"x"))
    return inbox


@pytest.fixture
def admin(stuck: Told) -> Any:
    app = create_console(stuck.engine, lambda: showcase.NOW, Settings())
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as asking:
        wear(asking, admitted(stuck.engine, showcase.NOW, "kepala", ("admin", "")))
        yield asking


def test_what_is_stuck_is_seen_with_its_reason(admin: TestClient) -> None:
    text = admin.get("/back").text
    assert "Sistem &lt;dinas&gt;" in text
    assert "it refuses this with 422 &lt;b&gt;" in text
    assert "tertahan, perlu ditangani" in text
    assert "pulihkan kunci juru buka" in text
    assert "0 terkirim, 1 menunggu, 1 tertahan" in text


def test_each_deed_is_done_and_told(stuck: Told, admin: TestClient) -> None:
    for where, said in (("1/again", "again"), ("1/switch", "off"), ("2/switch", "off")):
        told = admin.post(f"/back/{where}", data={"state": "off"}).headers["location"]
        assert told == f"/back?told={said}"
    assert "Sistem dimatikan" in admin.get("/back?told=off").text
    with stuck.engine.connect() as conn:
        refused = conn.scalar(select(record.c.id).where(record.c.state == "refused"))
        assert set(conn.scalars(select(sending.c.state))) == {"waiting"}
        assert set(conn.scalars(select(back_system.c.state))) == {"off"}
    where = f"/back/refused/{refused}/judge"
    assert admin.post(where).headers["location"] == "/back?told=judge"
    assert admin.post(where).status_code == 409  # it waits already
    assert admin.post("/back/99/again").status_code == 409


def test_officers_and_administrators_of_one_district_have_no_part_in_it(
    stuck: Told, officer: TestClient
) -> None:
    assert officer.get("/back").status_code == 403
    wear(officer, admitted(stuck.engine, showcase.NOW, "kota", ("admin", "32.73")))
    assert officer.get("/back").status_code == 403
    assert officer.post("/back/1/again").status_code == 403


def test_an_empty_page_says_how_one_begins(client: TestClient) -> None:
    text = client.get("/back").text
    assert "anjungan back add" in text
    assert "Tidak ada berkas yang tertahan" in text


def test_axe_finds_nothing_at_both_widths(stuck: Told, browser_page: Any, tmp_path: Path) -> None:
    page = browser_page
    wear_in_browser(page.context, admitted(stuck.engine, showcase.NOW, "kepala", ("admin", "")))
    with serving(stuck.engine, lambda: showcase.NOW) as home:
        for size in SIZES:
            page.set_viewport_size(size)
            page.goto(f"{home}/back")
            page.screenshot(path=tmp_path / f"back-{size['width']}.png", full_page=True)
            assert axe.against(page, "/back") == []
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= size["width"]
