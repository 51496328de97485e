"""Hasty fingers, and a portal that is away for a moment: in a real Chromium, by touch."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.chromium import still_context
from tests.support.filling import Counter
from tests.support.wait import until

if TYPE_CHECKING:
    from playwright.sync_api import Page

TEXT = "Lampu jalan padam sejak tiga malam."
GO = ".actions .button.big"
# A picture that moves, instead of a camera.
CAMERA = """navigator.mediaDevices.getUserMedia = async () => {
  const seen = Object.assign(document.createElement("canvas"), { width: 64, height: 48 });
  setInterval(() => seen.getContext("2d").fillRect(0, 0, 64, 48), 50);
  return seen.captureStream();
};"""

# The next page stays as it is in its first moment until it is told `lift()`, however busy this
# machine is, and says when it was tapped.
HELD = """() => {
  const later = window.setTimeout;
  window.setTimeout = (run, ms, ...more) => {
    if (ms !== 400) return later(run, ms, ...more);
    window.lift = run;
    return 0;
  };
  document.addEventListener("arrive", () => {
    addEventListener("click", () => { window.tapped = true; }, { once: true, capture: true });
  }, { once: true });
}"""

# What a finger would press in the moment in which a page has come: where it was, and elsewhere.
QUICK = """() => document.addEventListener("arrive", () => {
  const at = (one) => {
    const box = one.getBoundingClientRect();
    return document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2);
  };
  const quick = at(document.querySelector(".anonymous"));
  window.pressed = {
    hasty: at(document.querySelector(".actions .button.big")).className,
    quick: quick.closest(".anonymous") && "anonymous",
  };
})"""


@pytest.fixture
def page(playwright_browser: Any, kiosk: Counter) -> Iterator["Page"]:
    """Where the story of a complaint is told."""
    context = still_context(
        playwright_browser, viewport={"width": 1080, "height": 1920}, has_touch=True
    )
    page = context.new_page()
    page.goto(f"http://127.0.0.1:{kiosk.portal.server_port}/pengaduan")
    for what in ("button[value=complaint]", "button[name=category]", "button[name=village]"):
        page.locator(what).first.tap()
    page.fill("#text", TEXT)
    yield page
    context.close()


def comes(page: "Page", path: str) -> None:
    page.wait_for_function("path => location.pathname === path", arg=path)


def test_a_double_tap_hands_nothing_in_that_was_not_looked_at(page: "Page", kiosk: Counter) -> None:
    page.locator(GO).tap()
    page.locator(".anonymous").tap()
    page.wait_for_selector("#pin")
    page.evaluate(HELD)
    page.locator(GO).tap()
    comes(page, "/pengaduan/periksa")
    again = page.locator(GO).bounding_box()
    assert again
    page.touchscreen.tap(again["x"] + 90, again["y"] + 20)  # sooner than anybody could read
    page.wait_for_function("window.tapped")
    page.evaluate("lift()")
    page.wait_for_selector(".shield", state="hidden")
    assert page.url.endswith("/pengaduan/periksa")
    assert kiosk.heads() == []
    page.locator(GO).tap()
    comes(page, "/pengaduan/tanda-terima")
    assert len(kiosk.heads()) == 1


def test_somebody_quick_is_not_made_to_wait_by_a_page_that_has_just_come(page: "Page") -> None:
    page.evaluate("document.activeElement.blur()")  # the keys go, and the button takes its place
    page.wait_for_selector("#keys", state="hidden")
    page.evaluate(QUICK)
    page.locator(GO).tap()
    page.wait_for_function("() => window.pressed")
    assert page.evaluate("window.pressed") == {"hasty": "shield", "quick": "anonymous"}


@pytest.mark.parametrize("way", [GO, "footer button[lang=su]"])
def test_a_portal_that_is_away_is_waited_for_and_nothing_of_anybodys_is_shown(
    page: "Page", way: str
) -> None:
    page.evaluate("document.activeElement.blur()")
    page.context.set_offline(True)
    page.locator(way).tap()
    until(lambda: TEXT not in page.inner_text("body") and not page.query_selector("#text"), 20)
    page.wait_for_selector(".wait")
    page.context.set_offline(False)
    page.wait_for_selector("main h1")
    assert page.input_value("#text") in ("", TEXT)


def test_a_picture_that_the_portal_did_not_get_is_taken_once_more(page: "Page") -> None:
    page.add_init_script(CAMERA)
    page.locator("button[value=foto]").tap()
    page.wait_for_selector("#shoot")
    page.context.set_offline(True)
    with page.expect_event("requestfailed", lambda one: "/foto/" in one.url):
        page.locator("#shoot").tap()
    page.wait_for_selector("#shoot:not([disabled])")
    page.context.set_offline(False)
    page.locator("#shoot").tap()
    page.wait_for_selector(".taken img")
    page.locator(GO).tap()
    comes(page, "/pengaduan/cerita")
    assert page.input_value("#text") == TEXT


def test_a_turn_that_ends_while_the_portal_is_away_ends_when_it_is_back(page: "Page") -> None:
    page.evaluate("document.activeElement.blur()")
    page.context.set_offline(True)
    page.locator("nav form[action='/selesai'] button").tap()
    until(lambda: not page.query_selector("#text"), 20)
    page.context.set_offline(False)
    page.wait_for_selector("body.home .tile")
    assert page.get_attribute("html", "data-known") == "0"
