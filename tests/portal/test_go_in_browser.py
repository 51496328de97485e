"""From page to page in a real Chromium: what is exchanged, what is loaded whole, what is left over.

A page that was loaded whole has lost `window.mark`.
"""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.chromium import still_context
from tests.support.filling import APPLY, KEYS, NIK, Counter
from tests.support.offered import SERVICES, tree, words
from tests.support.shown import put
from tests.support.wait import until
from wire.submission import canonical

if TYPE_CHECKING:
    from playwright.sync_api import Page, Request

Route = Any  # Playwright's, which is imported only where a browser runs

CODE = APPLY.rpartition("/")[2]
GO = ".actions .button.big"
# Counts the timers that wait, under the page's own names for them.
TIMERS = """(() => {
  const set = window.setTimeout, clear = window.clearTimeout, waiting = new Set();
  window.setTimeout = (run, ...more) => {
    const id = set(() => { waiting.delete(id); run(); }, ...more);
    waiting.add(id);
    return id;
  };
  window.clearTimeout = id => { waiting.delete(id); clear(id); };
  const every = window.setInterval;
  window.setInterval = (...all) => { waiting.add({}); return every(...all); };
  window.timers = () => waiting.size;
})()"""
WALK = """async times => {
  for (let one = 0; one < times; one += 1) {
    const there = new Promise(done => document.addEventListener("arrive", done, { once: true }));
    document.querySelector(one % 2 ? ".way a" : "main a[href='/status']").click();
    await there;
  }
}"""


@pytest.fixture
def page(playwright_browser: Any, kiosk: Counter) -> Iterator["Page"]:
    """On the page of an errand that was just begun, marked."""
    context = still_context(
        playwright_browser, viewport={"width": 1080, "height": 1920}, has_touch=True,
        base_url=f"http://127.0.0.1:{kiosk.portal.server_port}",
    )  # fmt: skip
    kiosk.portal.desk.end()
    kiosk.portal.desk.screen.proven = True
    shown = context.new_page()
    shown.set_default_timeout(15_000)
    shown.goto("/")
    shown.evaluate("window.mark = true")
    yield shown
    context.close()


def touch(page: "Page", what: str) -> None:
    with page.expect_navigation():
        page.locator(what).first.tap()


def is_exchanged(page: "Page") -> bool:
    return bool(page.evaluate("window.mark === true"))


def posts(page: "Page") -> list[str]:
    """The forms that are sent from now on."""
    sent: list[str] = []

    def note(one: "Request") -> None:
        if one.method == "POST" and "/session/" not in one.url:
            sent.append(one.url)

    page.on("request", note)
    return sent


def held(page: "Page", address: str) -> tuple[list[Route], Callable[[], bool]]:
    """Requests that the portal does not get until somebody lets them go on."""
    waiting: list[Route] = []
    page.route(address, lambda one: waiting.append(one))  # noqa: PLW0108 - no built-in is taken
    return waiting, lambda: bool(page.evaluate("1") and waiting)


def test_a_page_takes_the_place_of_another_and_says_all_that_it_is(page: "Page") -> None:
    assert page.get_attribute("html", "data-session") is None
    touch(page, ".tile[href='/antrian']")
    touch(page, "main a[href='/status']")
    assert is_exchanged(page)
    assert page.url.endswith("/status")
    assert page.title() == page.inner_text("#said") == page.inner_text("h1") == "Cek status"
    assert page.evaluate("document.activeElement.tagName") == "H1"
    assert page.get_attribute("html", "data-session") == "open"
    assert page.get_attribute("body", "class") is None or "home" not in page.inner_html("body")[:9]
    assert page.input_value("footer [name=to] >> nth=0") == "/status"
    touch(page, GO)  # empty: what is wrong is heard first
    assert page.inner_text("#said") == page.inner_text(".error >> nth=0")
    assert page.locator("main use[href^='#picture-']").count() > 1


def test_row_64_nothing_is_added_to_the_history_and_back_shows_nobodys_page(
    page: "Page", kiosk: Counter
) -> None:
    before = page.evaluate("history.length")
    touch(page, ".tile[href='/perizinan']")
    touch(page, f"a[href='{APPLY}']")
    touch(page, GO)
    page.fill("[name=nik]", NIK)
    page.evaluate("document.activeElement.blur()")  # the keys go, the foot is there again
    touch(page, "footer button[lang=en]")
    page.wait_for_selector("html[lang=en]")
    assert page.input_value("[name=nik]") == NIK
    assert page.evaluate("history.length") == before
    touch(page, "form[action='/selesai'] button")
    page.wait_for_selector("body.home[class='home'] .tile")
    assert not is_exchanged(page)
    assert kiosk.portal.desk.screen.sitting is None
    page.go_back()
    page.wait_for_selector("body.home")
    assert page.evaluate("location.pathname") == "/"
    assert NIK not in page.content()
    assert kiosk.portal.desk.screen.sitting is None


def test_a_form_is_sent_once_however_often_it_is_touched_and_a_slow_answer_shows(
    page: "Page",
) -> None:
    page.goto(APPLY)
    page.evaluate("window.mark = true")
    sent = posts(page)
    waiting, is_held = held(page, f"**{APPLY}")
    for _ in range(3):
        page.evaluate(f"document.querySelector('{GO}').click()")
    page.wait_for_selector(".wait", state="visible")
    until(is_held, 20)
    with page.expect_navigation():
        waiting[0].continue_()
    assert page.locator(".wait").is_hidden()
    assert is_exchanged(page)
    assert len(sent) == 1
    assert page.locator("[name=nik]").is_visible()


def test_what_cannot_be_exchanged_is_loaded_whole(page: "Page") -> None:
    answers: tuple[Callable[[Route], None], ...] = (
        lambda one: one.abort(),
        lambda one: one.fulfill(body="no page"),
        lambda one: one.fulfill(status=500, body="<main>", content_type="text/html"),
    )
    for answer in answers:
        page.route("**/antrian", answer, times=1)
        touch(page, ".tile[href='/antrian']")
        page.wait_for_selector("main a[href='/status']")
        assert not is_exchanged(page)
        touch(page, ".way a")
        page.evaluate("window.mark = true")


def test_a_form_nobody_answers_is_not_sent_again_and_its_page_comes_anew(page: "Page") -> None:
    page.goto("/status")
    page.evaluate("window.mark = true")
    sent = posts(page)
    page.route("**/status", lambda one: one.abort(), times=1)
    touch(page, GO)
    page.wait_for_selector("#number")
    assert not is_exchanged(page)
    assert len(sent) == 1


def test_a_release_that_comes_in_the_middle_of_a_form_is_for_the_next_citizen(
    page: "Page", kiosk: Counter
) -> None:
    page.goto(APPLY)
    page.evaluate("window.mark = true")
    touch(page, GO)
    page.fill("[name=nik]", NIK)
    page.fill("[name=nama]", "Warga Contoh")
    page.locator(".choices label:has([value=lain])").tap()
    changed = {**SERVICES[CODE], "revision": 2, "name": words("Surat yang baru")}
    files = tree(SERVICES | {CODE: changed}) | {"keys.json": canonical(KEYS.public)}
    put(kiosk.tray.parent / "content", 2, files)
    touch(page, GO)
    page.fill("[name=phone]", "081200004321")
    touch(page, GO)
    touch(page, GO)
    assert is_exchanged(page)
    assert page.locator(".number").is_visible()
    assert kiosk.heads()[-1].revision == 1
    page.locator("form[action='/selesai'] button:visible").first.tap()
    page.wait_for_selector("html[data-release='2'] .tile")
    page.goto(APPLY)
    assert page.inner_text("h1") == "Surat yang baru"


def test_fifty_pages_leave_no_listener_no_timer_and_no_page_behind(page: "Page") -> None:
    page.add_init_script(TIMERS)
    page.goto("/antrian")
    line = page.context.new_cdp_session(page)

    def count() -> dict[str, float]:
        for _ in range(2):
            line.send("HeapProfiler.collectGarbage")
        found = line.send("Memory.getDOMCounters")
        return {**found, "timers": page.evaluate("timers()")}

    page.evaluate(WALK, 10)
    before = count()
    page.evaluate(WALK, 50)
    after = count()
    assert after["jsEventListeners"] <= before["jsEventListeners"] + 2
    assert after["documents"] <= before["documents"] + 1
    assert after["nodes"] <= before["nodes"] + 200
    assert after["timers"] <= before["timers"] + 3  # some wait for the portal just now


def test_an_exchanged_page_is_silent_for_the_one_before_and_idle_by_its_own_time(
    page: "Page",
) -> None:
    page.clock.install()
    page.goto("/")  # all its timers are of that clock
    page.evaluate("window.mark = true")
    touch(page, ".tile[href='/antrian']")
    page.evaluate("document.getElementById('speak').setAttribute('aria-pressed', 'true')")
    touch(page, "main a[href='/status']")
    assert page.get_attribute("#speak", "aria-pressed") == "false"
    page.focus("#tail")
    page.wait_for_selector("#keys .hg-button")
    touch(page, ".way a")
    assert page.locator("#keys").is_hidden()
    assert is_exchanged(page)
    page.evaluate("document.documentElement.dataset.idle = '120'")
    page.clock.run_for(62_000)
    assert page.locator("#still[open]").count() == 0
    page.clock.run_for(62_000)
    assert page.locator("#still[open]").count() == 1
