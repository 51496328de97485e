"""The portal in a real Chromium, touched as citizens touch it, with the first content."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from portal.server import PortalServer
from tests.support import axe
from tests.support.chromium import still_context
from tests.support.offered import MONDAY, offering, starter
from tests.support.wait import until
from wire.citizen import Sync, Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

PAGES = (
    "/",
    "/informasi",
    "/informasi?k=penduduk",
    "/informasi/DUK-KTPEL",
    "/cari?q=akta",
    "/antrian",
    "/status",
    "/jemput-bola",
    "/video",
    "/nothing",
)
YEAR_S = 365 * 86_400
VISIT = Visit(
    uid="1",
    starts=MONDAY + 9_000_000,
    ends=MONDAY + 19_000_000,
    district="32.73.02",
    place="Lapangan",
    services=("KTP-el",),
)


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    sync = Sync(at=MONDAY, visits=(VISIT,))
    folder = tmp_path_factory.mktemp("content")
    with offering(folder, files=starter(), sync=lambda: sync) as running:
        yield running


@pytest.fixture
def page(playwright_browser: Any, portal: PortalServer) -> Iterator["Page"]:
    """On home, of a browser that can be touched. What it complains of fails the test."""
    context = still_context(
        playwright_browser,
        timezone_id="Asia/Jakarta",
        has_touch=True,
        viewport={"width": 1080, "height": 1920},
        base_url=f"http://127.0.0.1:{portal.server_port}",
    )
    said: list[str] = []
    shown = context.new_page()
    shown.on("console", lambda one: said.append(one.text))
    shown.on("pageerror", lambda one: said.append(str(one)))
    portal.desk.end()
    portal.desk.screen.proven = True
    shown.goto("/")
    yield shown
    context.close()
    usual = ("404", "Clear-Site-Data")
    assert [one for one in said if not any(word in one for word in usual)] == []


def press(page: "Page", button: str) -> None:
    """A button that leads to a page, which is there when this returns."""
    with page.expect_navigation():
        page.tap(button)


def test_the_foot_changes_the_language_and_the_taste_where_one_stands(page: "Page") -> None:
    page.goto("/status")
    press(page, "footer button[lang=su]")
    for switch in ("contrast", "large", "low"):
        press(page, f"button[value={switch}]")
    assert page.url.endswith("/status")
    assert page.get_attribute("html", "lang") == "su"
    assert page.get_attribute("html", "class") == "large contrast low"


def test_the_keys_on_the_screen_write_into_the_field_and_stand_below_it(page: "Page") -> None:
    page.tap(".find input")
    page.wait_for_selector(".hg-button")
    for key in ("Q", "a", "k", "t", "e"):
        page.tap(f'.hg-button[data-skbtn="{key}"]')
    page.tap('.hg-button[data-skbtn="{bksp}"]')
    assert page.input_value(".find input") == "Qakt"
    box, keys = page.locator(".find input").bounding_box(), page.locator("#keys").bounding_box()
    assert box
    assert keys
    assert box["y"] + box["height"] <= keys["y"]
    page.tap('.hg-button[data-skbtn="{enter}"]')
    page.wait_for_url("**/cari?q=Qakt")
    page.goto("/status")
    page.tap("#tail")
    page.wait_for_selector("#keys[data-layout=numeric] .hg-button")
    for key in "12345":
        page.tap(f'.hg-button[data-skbtn="{key}"]')
    assert page.input_value("#tail") == "1234"


def test_row_64_a_citizen_who_walks_away_is_asked_then_forgotten_and_home_comes_back(
    page: "Page", portal: PortalServer
) -> None:
    page.goto("/informasi")
    sitting = portal.desk.screen.sitting
    assert sitting is not None
    sitting.drafts["form"] = {"nik": "3174999999990001"}
    page.clock.install()
    page.goto("/status")
    page.fill("#number", "261122")
    page.clock.run_for(62_000)
    assert page.locator("#still[open]").count() == 1
    page.tap("#stay")
    assert page.locator("#still[open]").count() == 0
    page.clock.run_for(62_000)
    page.clock.run_for(31_000)
    page.wait_for_selector(".tiles", timeout=20_000)
    assert portal.desk.screen.sitting is None
    assert portal.desk.screen.proven
    page.go_back()
    assert page.locator("#number").count() == 0 or page.input_value("#number") == ""


def test_row_64_a_clock_that_leaps_a_year_throws_nobody_out_and_leaves_nobodys_form_to_the_next_one(
    page: "Page", portal: PortalServer
) -> None:
    page.clock.install(time=1_800_000_000)
    page.goto("/status")
    page.clock.set_system_time(1_800_000_000 - YEAR_S)
    page.clock.run_for(62_000)
    assert page.locator("#still[open]").count() == 1
    page.tap("#stay")
    page.clock.set_system_time(1_800_000_000 + YEAR_S)
    page.clock.run_for(5_000)
    assert page.locator("#still[open]").count() == 0
    assert portal.desk.screen.sitting is not None


def test_row_64_what_somebody_typed_is_not_carried_to_the_next_by_the_clipboard(
    page: "Page",
) -> None:
    page.goto("/status")
    page.fill("#number", "3174999999990001")
    for keys in ("Control+a", "Control+c", "Control+x"):
        page.press("#number", keys)
    page.goto("/status")
    page.press("#number", "Control+v")
    assert page.input_value("#number") == ""


def test_on_home_the_screen_invites_and_a_touch_ends_that(page: "Page") -> None:
    page.clock.install()
    page.goto("/")
    page.clock.run_for(62_000)
    assert page.locator("#attract:visible").count() == 1
    assert "08.00" in page.inner_text("#attract")
    assert axe.serious(page, "light", "attract") == []
    page.tap("#attract .touch")
    assert page.locator("#attract:visible").count() == 0


def test_row_65_no_page_leads_out_of_the_portal(page: "Page", portal: PortalServer) -> None:
    ours = f"http://127.0.0.1:{portal.server_port}/"
    for path in PAGES:
        page.goto(path)
        led = page.evaluate(
            "[...document.querySelectorAll('[href], form, [src]')]"
            ".map(e => e.action || e.href?.baseVal || e.href || e.src)"
        )
        assert [one for one in led if not one.startswith((ours, "/", "#"))] == []
        assert page.locator("[target], iframe, embed, object").count() == 0


def test_row_65_a_press_of_any_kind_opens_nothing_of_the_browsers(page: "Page") -> None:
    opened = page.evaluate(
        "document.querySelector('main').dispatchEvent("
        "new MouseEvent('contextmenu', {bubbles: true, cancelable: true}))"
    )
    assert opened is False
    for key in ("Control+n", "Control+t", "Control+o", "Alt+Home", "F1", "Control+Shift+I"):
        page.keyboard.press(key)
    assert len(page.context.pages) == 1
    until(lambda: page.url.endswith("/"), 5)


def test_row_65_no_gesture_leads_out_of_the_portal(page: "Page") -> None:
    page.goto("/informasi")
    link, line = page.locator("main .list a").first, page.context.new_cdp_session(page)
    box = link.bounding_box()
    assert box
    x, y = box["x"] + 50, box["y"] + 30
    long = {"x": x, "y": y, "duration": 900, "gestureSourceType": "touch"}
    line.send("Input.synthesizeTapGesture", long)
    swipe = {"x": 5, "y": 900, "xDistance": 900, "yDistance": 0, "gestureSourceType": "touch"}
    line.send("Input.synthesizeScrollGesture", swipe)
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + 300, y + 300, steps=3)
    page.mouse.up()
    page.locator("h1").dblclick()
    link.click(button="middle")
    assert page.url.endswith("/informasi")
    assert page.evaluate("String(getSelection())") == ""
    for key in ("Control", "Shift"):
        link.click(modifiers=[key])
        page.wait_for_url("**/informasi?k=*")
        page.goto("/informasi")
    assert len(page.context.pages) == 1
    for where in ("/", "/informasi"):  # two fingers may scroll and nothing else
        page.goto(where)
        assert page.evaluate("getComputedStyle(document.body).touchAction") == "pan-y"


def test_row_65_what_looks_like_a_file_is_looked_for_among_services(page: "Page") -> None:
    page.goto("/cari?q=file:///etc/passwd")
    assert "/cari" in page.url
