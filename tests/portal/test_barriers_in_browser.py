"""Every page of the portal, for whoever sees, hears, reads or reaches less: in a real Chromium.

One tour of all pages, by turns in each language (in all three with SWEEP=all). On each: what
axe-core finds of WCAG 2.2 A and AA, the size of what is touched, and that nothing is wider than
the screen or its own box, upright and lying, in large letters, strong contrast, low reach.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

import pytest

from portal.sitting import LANGUAGES
from tests.support import axe, thorough
from tests.support.chromium import still_context
from tests.support.touring import PARTS, Stop, Tourist, Town

if TYPE_CHECKING:
    from playwright.sync_api import Page

UPRIGHT: Final[Any] = {"width": 1080, "height": 1920}
LYING: Final[Any] = {"width": 1920, "height": 1080}
TASTES: Final = ("large", "contrast", "low")
NARROW: Final = """() => {
  const seen = [...document.querySelectorAll('main *, footer *, header *, dialog[open] *')]
    .filter(e => e.checkVisibility() && !e.closest('.unseen') && !e.closest('svg'));
  const name = e => `${e.tagName}.${e.className}#${e.id} ${e.textContent.trim().slice(0, 20)}`;
  const small = seen
    .filter(e => e.matches('a, button, input, textarea, summary, label:has(input)'))
    .filter(e => !e.matches('label > input') && e.type !== 'hidden')
    .filter(e => {
      const box = e.getBoundingClientRect(), least = e.matches('.tile') ? 120 : 44;
      return box.width < least || box.height < least;
    });
  const wide = seen.filter(e => {
    const box = e.getBoundingClientRect();
    return box.right > innerWidth + 1 || box.left < -1;
  });
  const jumps = seen.filter(e => e.tabIndex > 0);
  const over = seen.filter(e => e.scrollWidth > e.clientWidth + 2
    && !['inline', 'contents'].includes(getComputedStyle(e).display)
    && !e.matches('input, textarea, .tile'));
  return Object.entries({ jumps, small, wide, over })
    .flatMap(([why, all]) => all.slice(0, 2).map(e => `${why} ${name(e)}`));
}"""
BANDS: Final = """() => {
  const height = side => parseFloat(getComputedStyle(attract, side).height);
  return [height('::before'), innerHeight - height('::after')];
}"""
INVITES: Final = """() => [...attract.querySelectorAll('.welcome, #clock-large, .touch, table')]
  .map(e => e.getBoundingClientRect()).map(box => [box.top, box.bottom])"""
BELOW: Final = "(m => m.scrollHeight - m.clientHeight)(document.querySelector('main'))"
REACHED: Final = """() => {
  window.reached = [...document.querySelectorAll('a[href], button, input, summary')]
    .filter(e => e.checkVisibility() && e.type !== 'hidden');
  return window.reached.length;
}"""
PLACE: Final = """() => {
  const here = document.activeElement;
  return [window.reached.indexOf(here), parseFloat(getComputedStyle(here).outlineWidth)];
}"""
# The keyboard on the screen stays a moment after its field was left, and hides the foot meanwhile.
KEYS_GONE: Final = "body:not(.typing), body.typing input:focus, body.typing textarea:focus"
LIKES: Final = "one => document.documentElement.classList.toggle(one)"


@pytest.fixture
def page(playwright_browser: Any) -> Iterator["Page"]:
    """Of a browser that stands in another time zone than the kiosk."""
    context = still_context(
        playwright_browser, viewport=UPRIGHT, has_touch=True, timezone_id="America/New_York"
    )
    yield context.new_page()
    context.close()


def come(page: "Page", tourist: Tourist, stop: Stop) -> None:
    answer = page.goto(tourist.base + stop.path)
    assert answer
    assert answer.status == (404 if stop.path == "/nothing" else 200), stop
    for name, text in stop.fills:
        page.fill(f"[name={name}]", text)
    if stop.presses:
        with page.expect_navigation():
            page.locator(stop.presses).first.tap()
    if stop.opens:
        page.evaluate(f"document.getElementById('{stop.opens}').showModal()")
    # by this it asks, after a while, whether somebody is there
    assert stop.path == "/" or page.get_attribute("html", "data-session") == "open", stop


def narrow(page: "Page", where: str) -> list[str]:
    return [f"{where}: {one}" for one in page.evaluate(NARROW)]


def in_every_shape(page: "Page", where: str) -> list[str]:
    """As it stands, lying, and to each taste: only what these change is looked at again."""
    found = narrow(page, where)
    page.set_viewport_size(LYING)
    found += narrow(page, f"{where} lying")
    for taste in TASTES:
        page.evaluate(LIKES, taste)
        found += narrow(page, f"{where} lying {taste}")
    page.set_viewport_size(UPRIGHT)
    found += narrow(page, f"{where} upright {TASTES}")
    found += axe.against(page, f"{where} upright {TASTES}", ["color-contrast", "target-size"])
    for taste in TASTES:
        page.evaluate(LIKES, taste)
    return found


@pytest.mark.timeout(600)  # in all languages it is three times as long
@pytest.mark.parametrize("part", PARTS)
def test_no_page_has_a_barrier_in_any_language_shape_or_taste(
    page: "Page", town: Town, part: str
) -> None:
    tourist = Tourist(page.context, town)
    found, screens = list[str](), 0
    page.goto(f"{tourist.base}/status")  # from here on somebody is at the screen
    for stop in tourist.stops(part):
        for language in LANGUAGES if thorough.ALL else (LANGUAGES[screens % 3],):
            tourist.post(f"/bahasa/{language}")
            come(page, tourist, stop)
            assert page.get_attribute("html", "lang") == language, stop
            found += axe.against(page, f"{language} {stop.name}")
        found += in_every_shape(page, stop.name)
        screens += 1
    assert found == []
    assert screens > 6


def test_home_needs_no_scrolling_and_the_screen_that_invites_hides_nothing(
    page: "Page", town: Town
) -> None:
    for size in (UPRIGHT, LYING):
        page.set_viewport_size(size)
        page.goto(Tourist(page.context, town).base)
        assert page.evaluate(BELOW) <= 1
        page.evaluate("document.getElementById('attract').hidden = false")
        assert axe.against(page, "attract") == []
        bands = page.evaluate(BANDS)
        boxes = page.evaluate(INVITES)
        assert [box for box in boxes if box[0] < bands[0] or box[1] > bands[1]] == []


def test_the_clock_and_the_greeting_are_those_of_the_government_and_not_of_the_machine(
    page: "Page", town: Town
) -> None:
    page.clock.install(time=datetime(2026, 11, 22, 17, 30, 5, tzinfo=UTC))
    page.goto(Tourist(page.context, town).base)
    assert page.inner_text("#clock").startswith("00.30.")
    assert page.inner_text("#date") == "Senin, 23 November 2026 WIB"
    assert page.inner_text("#greeting") == "Selamat malam"
    assert page.evaluate("new Date().getHours()") == 12


@pytest.mark.parametrize("path", ["/", "/informasi/KEC-SKTM", "/antrian"])
def test_keys_go_through_a_page_in_its_order_and_show_where_they_are(
    page: "Page", town: Town, path: str
) -> None:
    page.goto(Tourist(page.context, town).base + path)
    count = page.evaluate(REACHED)
    places = []
    for _ in range(count):
        page.keyboard.press("Tab")
        page.wait_for_selector(KEYS_GONE, state="attached")
        places.append(page.evaluate(PLACE))
    assert count > 9
    assert [at for at, _ in places] == list(range(count))
    assert min(width for _, width in places) >= 3
