"""Real Chromium on real pages: live changes, keys, widths, the policy, and axe's opinion.

How quick the way is, `make bench NAME=live` measures; here a busy machine may take its time.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from controller import changes
from controller.store.engine import writing
from controller.store.tables import controller, fault, kiosk, kiosk_status
from tests.dashboards.console.conftest import Fleet
from tests.support import axe, showcase
from tests.support.console import NAME

PATIENCE_MS = 30_000
# Which regions have asked for themselves: a page that opens the first stream looks once at all.
LOOKS = """window.looks = new Set();
addEventListener("htmx:afterRequest", (event) => window.looks.add(event.target.id));"""
PAGES = ("/", "/kiosks", "/kiosks/{coblong}", "/faults", "/nowhere")


@pytest.fixture
def home(serve: Callable[[], AbstractContextManager[str]]) -> Iterator[str]:
    with serve() as address:
        yield address


def opened(page: Any, address: str) -> Any:
    page.set_default_timeout(PATIENCE_MS)
    page.goto(address)
    page.wait_for_selector("#live[data-live-state=on]")
    return page


def settled(page: Any, address: str, *regions: str) -> Any:
    """Open, and past the first look: what changes from now on comes by the stream."""
    page.add_init_script(LOOKS)
    opened(page, address)
    page.wait_for_function("names => names.every((name) => looks.has(name))", arg=list(regions))
    return page


def paths(fleet: Fleet) -> list[str]:
    return [path.format(coblong=fleet.names["Coblong"]) for path in PAGES]


def break_printer(fleet: Fleet, kecamatan: str) -> int:
    """What ingest does when a printer runs out of paper. Returns the fault's number."""
    with writing(fleet.engine) as conn:
        one = conn.scalar(select(kiosk.c.id).where(kiosk.c.name == fleet.names[kecamatan]))
        row: dict[str, Any] = {
            "kiosk_id": one,
            "code": "printer.paper_out",
            "severity": "fail",
            "opened_at": showcase.NOW,
            "why": "printer says media-empty",
            "evidence": {},
        }
        number = conn.scalar(insert(fault).values(row).returning(fault.c.id))
        worse = {"state": "fail", "state_why": "printer.paper_out", "apply": "no"}
        conn.execute(update(kiosk_status).where(kiosk_status.c.kiosk_id == one).values(worse))
        changes.record(conn, "fault", one, "printer.paper_out", showcase.NOW)
        changes.record(conn, "kiosk", one, "state", showcase.NOW)
    assert number is not None
    return int(number)


def test_a_fault_comes_to_an_open_page_and_nothing_jumps(
    home: str, fleet: Fleet, browser_page: Any
) -> None:
    page = settled(browser_page, home, "counts", "map", "newest")
    page.focus("#figure-watch")
    page.evaluate("window.mark = true; window.scrollTo(0, 200)")
    number = break_printer(fleet, "Andir")
    page.wait_for_selector(f"#fault-{number}")
    page.wait_for_selector("#map .cell.is-fail[aria-label*=Andir]")
    page.wait_for_selector("#yes-apply:text-is('52')")
    assert page.evaluate("window.mark"), "the page was loaded again"
    assert page.evaluate("window.scrollY") == 200
    assert page.evaluate("document.activeElement.id") == "figure-watch"


def test_a_page_whose_scripts_come_slowly_is_not_deaf_afterwards(
    home: str, fleet: Fleet, browser_page: Any
) -> None:
    page = browser_page
    held: list[Any] = []
    page.set_default_timeout(PATIENCE_MS)
    page.route("**/uplot*.js*", lambda route: held.append(route))  # noqa: PLW0108 - it marks what it is given
    page.goto(f"{home}/kiosks/{fleet.names['Andir']}", wait_until="commit")
    page.wait_for_function("() => window.htmx")
    page.wait_for_timeout(500)  # enough for a stream that is opened too early to be heard
    for route in held:
        route.continue_()
    page.wait_for_selector("#live[data-live-state=on]")
    number = break_printer(fleet, "Andir")
    page.wait_for_selector(f"#fault-{number}")


def test_a_row_that_moves_up_keeps_the_focus(home: str, fleet: Fleet, browser_page: Any) -> None:
    page = settled(browser_page, f"{home}/kiosks", "list")
    row = page.locator("tr", has_text=fleet.names["Andir"])
    row.locator(".row-link").focus()
    break_printer(fleet, "Andir")
    page.wait_for_selector(f"tr.is-fail:has-text('{fleet.names['Andir']}')")
    assert page.evaluate("document.activeElement.textContent") == fleet.names["Andir"]


def test_a_fault_taken_on_here_is_taken_on_everywhere(
    home: str, fleet: Fleet, browser_page: Any
) -> None:
    other = opened(browser_page.context.new_page(), f"{home}/faults")
    page = opened(browser_page, home)
    with fleet.engine.connect() as conn:
        one = conn.scalar(select(fault.c.id).where(fault.c.code == "browser.hung"))
    page.click(f"#take-{one}")
    page.wait_for_selector(f"#fault-{one} .acked:has-text('{NAME}')")
    other.wait_for_selector(f"#fault-{one} .acked:has-text('{NAME}')")


def test_checked_faults_are_taken_on_together(home: str, browser_page: Any) -> None:
    page = opened(browser_page, f"{home}/faults")
    page.check("#pick-all")
    page.click("#take-picked")
    page.wait_for_selector("#list button[name=one]", state="detached")
    assert page.locator(f"#list .acked:has-text('{NAME}')").count() >= 8


def test_the_banner_comes_when_the_controller_dies_and_goes_when_it_is_back(
    home: str, fleet: Fleet, browser_page: Any
) -> None:
    page = opened(browser_page, home)
    assert page.query_selector("#deaf") is None
    say(fleet, heard_at=showcase.NOW - 60_000)
    page.wait_for_selector("#deaf")
    say(fleet, heard_at=showcase.NOW)
    page.wait_for_selector("#deaf", state="detached")


def say(fleet: Fleet, **values: Any) -> None:
    with writing(fleet.engine) as conn:
        conn.execute(update(controller).values(values))


def test_typing_in_the_search_narrows_the_list_and_the_address(
    home: str, browser_page: Any
) -> None:
    page = opened(browser_page, f"{home}/kiosks")
    page.keyboard.press("/")
    page.keyboard.type("coblong")
    page.wait_for_selector("#list tbody tr:only-child:has-text('coblong')")
    assert "q=coblong" in page.url
    assert page.evaluate("document.activeElement.id") == "q"
    page.go_back()
    page.wait_for_selector("#list tbody tr:nth-child(40)")


def test_rows_are_walked_and_opened_by_keys(home: str, browser_page: Any) -> None:
    page = opened(browser_page, f"{home}/kiosks")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    first = page.evaluate("document.activeElement.textContent")
    page.keyboard.press("Enter")
    page.wait_for_selector(f"h1:has-text('{first}')")
    page.wait_for_selector("#live[data-live-state=on]")  # its scripts hear keys by then
    page.keyboard.press("?")
    page.wait_for_selector("#help[open]")


def test_the_skip_link_is_first_and_leads_to_the_content(home: str, browser_page: Any) -> None:
    page = opened(browser_page, home)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_charts_are_drawn_and_follow_the_window(home: str, fleet: Fleet, browser_page: Any) -> None:
    page = opened(browser_page, f"{home}/kiosks/{fleet.names['Coblong']}")
    page.wait_for_selector("#chart-cpu canvas")
    assert page.locator(".chart canvas").count() == 6
    page.click("[data-hours='24']")
    page.wait_for_selector("[data-hours='24'][aria-pressed=true]")


def test_no_page_is_wider_than_a_phone(home: str, fleet: Fleet, browser_page: Any) -> None:
    page = browser_page
    page.set_viewport_size({"width": 360, "height": 740})
    for path in paths(fleet):
        opened(page, home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path


def test_pages_obey_their_own_policy_and_complain_of_nothing(
    home: str, fleet: Fleet, browser_page: Any
) -> None:
    said: list[str] = []
    page = browser_page
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    for path in paths(fleet)[:-1]:
        opened(page, home + path)
        with page.expect_response("**/preferences"):
            page.click("#theme")
    assert said == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious(home: str, fleet: Fleet, browser_page: Any, theme: str) -> None:
    page = browser_page
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    serious = []
    for path in paths(fleet):
        opened(page, home + path)
        serious += axe.serious(page, theme, path)
    assert serious == []
