"""Whole ways of people in a real Chromium: the first administrator, a kiosk's birth and end.

What only an answer knows once (a link, a code) is read from the page as a person does.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from controller import changes
from controller.identity.states import find
from controller.people import links
from controller.people.audit import By
from controller.store.engine import writing
from controller.store.identity_tables import certificate, identity, invitation
from controller.store.people_tables import access_token, account, grant, login_session
from controller.store.tables import thread
from dashboards.console.doorplate import Doorplate
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet
from tests.support import axe, showcase
from tests.support.console import serving

NOW = showcase.NOW
PATIENCE_MS = 30_000
GOOD = "empat kuda makan rumput"
PLATE = Doorplate("https://door.example:8443", b"p" * 14)
PAGES = ("/account", "/people", "/people/pagi", "/people/new", "/audit", "/invitations")
BEFORE = ("/login", "/welcome")


@pytest.fixture
def home(fleet: Fleet) -> Iterator[str]:
    with serving(fleet.engine, lambda: NOW, Settings(door=PLATE)) as address:
        yield address


LATE_ANSWER = """() => document.addEventListener("submit", async (event) => {
  event.preventDefault();
  const form = new URLSearchParams(new FormData(event.target));
  await fetch("/logout", {method: "POST", redirect: "manual", body: form});
  await htmx.ajax("GET", "/parts/office", "#office");
  setTimeout(() => location.assign("/login?told=left"), 500);
})"""


@pytest.fixture
def page(browser_page: Any) -> Any:
    browser_page.set_default_timeout(PATIENCE_MS)
    return browser_page


def live(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#live[data-live-state=on]")


def empty_of_people(fleet: Fleet) -> str:
    """An office just installed; the token of its set-up link."""
    with writing(fleet.engine) as conn:
        for table in (login_session, access_token, grant, account):
            conn.execute(delete(table))
        return links.issue_setup(conn, By("setup"), NOW).token


def test_the_first_administrator_sets_up_logs_out_and_the_back_button_shows_nothing(
    home: str, fleet: Fleet, page: Any
) -> None:
    page.context.clear_cookies()
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    token = empty_of_people(fleet)
    page.goto(f"{home}/setup#{token}")
    page.fill("input[name=name]", "Administrator pertama")
    page.fill("input[name=login]", "pertama")
    page.fill("input[name=password]", GOOD)
    page.fill("input[name=again]", GOOD)
    page.click("#set")
    page.wait_for_selector("#person-pertama")
    assert not [url for url in asked if token in url], "the secret is in no address that was asked"
    page.click("#me summary")
    page.evaluate(LATE_ANSWER)  # a region asked just before, and is answered just after
    page.click("#logout")
    page.wait_for_selector("#told:has-text('Anda sudah keluar')")
    page.go_back()
    page.wait_for_selector("#login")
    assert page.query_selector("#person-pertama") is None
    page.fill("#login", "pertama")
    page.fill("#password", "salah salah salah")
    page.click("#enter")
    page.wait_for_selector("#refusal:has-text('tidak cocok')")
    assert page.input_value("#login") == "pertama"
    page.fill("#password", GOOD)
    page.keyboard.press("Enter")
    page.wait_for_selector("#me")


def test_a_kiosk_is_invited_and_the_page_tells_when_it_is_there(
    home: str, fleet: Fleet, page: Any
) -> None:
    name = fleet.names["Coblong"]
    live(page, f"{home}/kiosks/{name}")
    page.click("#act-invite")
    page.click("#do-invite #sure-invite")
    line = page.inner_text("#line")
    assert line.startswith("anjungan join https://door.example:8443 ")
    page.wait_for_selector("#joined:has-text('Menunggu anjungan')")
    page.wait_for_selector("#live[data-live-state=on]")
    born(fleet, name)
    page.wait_for_selector("#joined:has-text('Terhubung')")
    page.reload()
    page.wait_for_selector("#identity-state:has-text('Aktif')")
    assert line not in page.content(), "a reload shows the kiosk, and makes no second code"
    with fleet.engine.connect() as conn:
        assert len(conn.execute(select(invitation)).all()) == 1


def born(fleet: Fleet, name: str) -> None:
    """What the door, the warden and the kiosk's first word leave behind."""
    with writing(fleet.engine) as conn:
        one = find(conn, name).id
        conn.execute(update(invitation).values(used_at=NOW, csr_sha256="c" * 64))
        conn.execute(update(identity).values(state="active", since=NOW))
        row = {"kiosk_id": one, "state": "current", "via": "enrol", "csr": b"x", "serial": "1a2b",
               "csr_sha256": "c" * 64, "key_sha256": "d" * 64, "requested_at": NOW,
               "issued_at": NOW, "not_before": NOW, "not_after": NOW + 90 * 86_400_000}  # fmt: skip
        conn.execute(insert(certificate).values(row))
        conn.execute(update(thread).where(thread.c.kiosk_id == one).values(last_heard=NOW + 1))
        changes.record(conn, "kiosk", one, "identity.enrol", NOW)


def test_a_stolen_kiosk_is_revoked_and_the_proof_comes_by_itself(
    home: str, fleet: Fleet, page: Any
) -> None:
    name = fleet.names["Regol"]
    with writing(fleet.engine) as conn:
        one = find(conn, name).id
        row = {"kiosk_id": one, "state": "active", "since": NOW, "why": "enrolled"}
        conn.execute(insert(identity).values(row))
    live(page, f"{home}/kiosks/{name}")
    page.click("#act-revoke")
    page.fill("#do-revoke input[name=why]", "dicuri <b>")
    page.keyboard.press("Enter")
    page.wait_for_selector("#shut:has-text('Menunggu broker membuktikan')")
    page.wait_for_selector("#identity:has-text('dicuri <b>')")
    with writing(fleet.engine) as conn:
        mine = identity.c.kiosk_id == one
        conn.execute(update(identity).where(mine).values(shut_at=NOW + 1_200))
    page.wait_for_selector("#shut:has-text('setelah 1,2 dtk')")


def test_a_dialog_is_opened_and_left_by_keys(home: str, fleet: Fleet, page: Any) -> None:
    live(page, f"{home}/kiosks/{fleet.names['Coblong']}")
    page.focus("#act-decommission")
    page.keyboard.press("Enter")
    page.wait_for_selector("#do-decommission[open]")
    page.keyboard.press("Escape")
    page.wait_for_selector("#do-decommission[open]", state="hidden")
    assert page.evaluate("document.activeElement.id") == "act-decommission"


def test_a_person_is_added_and_comes_in_by_the_link(home: str, page: Any) -> None:
    live(page, f"{home}/people")
    page.click("#add-person")
    page.fill("input[name=name]", "Teknisi Coblong")
    page.fill("input[name=login]", "coblong")
    page.select_option("select[name=district]", "32.73.02")
    page.click("#make")
    address = page.inner_text("#address")
    page.context.clear_cookies()
    page.goto(address)
    page.wait_for_selector("h1:has-text('Selamat datang, Teknisi Coblong')")
    assert "#" not in page.url
    page.fill("input[name=password]", GOOD)
    page.fill("input[name=again]", GOOD)
    page.click("#set")
    page.wait_for_selector("#me")
    assert page.query_selector("#nav-people") is None


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_on_any_page(
    home: str, fleet: Fleet, page: Any, theme: str
) -> None:
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    name = fleet.names["Coblong"]
    serious = []
    for path in (*PAGES, f"/kiosks/{name}/identity/revoke", f"/kiosks/{name}", *BEFORE):
        if path in BEFORE:
            page.context.clear_cookies()
        page.goto(home + path)
        serious += axe.serious(page, theme, path)
    assert serious == []


def test_no_page_is_wider_than_a_phone_and_none_complains(
    home: str, fleet: Fleet, page: Any
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.set_viewport_size({"width": 360, "height": 740})
    name = fleet.names["Coblong"]
    for path in (*PAGES, f"/kiosks/{name}/identity/invite", f"/kiosks/{name}", *BEFORE):
        if path in BEFORE:
            page.context.clear_cookies()
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
    assert said == []
