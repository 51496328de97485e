"""What the citizens' screen costs on a small kiosk: its memory, and from page to page.

The process is measured after every page was shown, PSS as the kernel counts it. From page to page
is what a citizen waits: from the moment the finger leaves the glass (the click's own time stamp) to
the second frame after the new page stands in the document, when the first is on the screen. The
browser is a real Chromium whose page runs four times slower; the portal behind it is not slowed
down, so its own part is told beside. Every touch counts, the first of a citizen's too. The
yardstick is the same browser and the portal's smallest answer, loaded as a page.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import psutil
from playwright.sync_api import sync_playwright

from tests.bench.figures import Figure
from tests.bench.processes import percentile
from tests.support.child import Child, free_port
from tests.support.chromium import EXECUTABLE, PLAIN, still_context
from tests.support.citizens import OfficeKeys
from tests.support.offered import SITE, starter
from tests.support.shown import put
from wire.submission import canonical

ROOT = Path(__file__).parents[2]
CITIZENS = 7
SLOWER = 4
RESTS_MS = 60  # of a finger on the glass: a short tap
BACK = ".way a"
# By touch from the six tiles, and back to them after each errand.
ERRANDS = (
    (
        ".tile[href='/informasi']",
        "a[href='/informasi?k=kependudukan']",
        "a[href='/informasi/DUK-KTPEL']",
    ),
    (".tile[href='/antrian']", "main a[href='/status']"),
    (".tile[href='/jemput-bola']",),
    (".tile[href='/perizinan']", "a[href='/perizinan/BAPENDA-PBB']", ".actions .button.big"),
    (".tile[href='/pengaduan']", "button[value=complaint]"),
    (".tile[href='/video']",),
)
# Lost with its page: one that is loaded whole is an error of the bench, not a slow page.
WATCH = """() => {
  window.seen = [];
  let touched = 0;
  addEventListener('click', event => { touched = event.timeStamp; }, true);
  document.addEventListener('arrive', () => {
    const asked = performance.getEntriesByType('resource')
      .filter(one => !/healthz|panggil|session|[.]svg/.test(one.name)).at(-1);
    requestAnimationFrame(() => requestAnimationFrame(() => window.seen.push(
      [performance.now() - touched, asked.responseEnd - asked.requestStart])));
  });
}"""
SEEN = """many => new Promise(done => {
  const look = () => window.seen.length < many ? setTimeout(look, 20) : done(window.seen.at(-1));
  look();
})"""
# The second tap of a hasty finger presses nothing of a new page; this one is not hasty.
SETTLED = "() => document.querySelector('.shield').hidden"
PAINTED = """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
  const begun = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  done(paint ? paint.startTime : begun.domContentLoadedEventEnd);
}, 0)))"""


class Walked(NamedTuple):
    """Milliseconds of every touch: until the page was seen, and until the portal had answered."""

    seen: list[float]
    answered: list[float]
    smallest: float


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        keys = canonical(OfficeKeys().public)
        put(folder / "content", 1, starter() | {"keys.json": keys})
        told = {"--site": SITE, "--content": folder / "content", "--tray": folder / "tray"}
        words = [str(word) for pair in told.items() for word in pair]
        program = [sys.executable, "-m", "portal", "--port", str(port), *words]
        portal = Child(program, folder / "log", {"PYTHONPATH": str(ROOT)})
        portal.wait_for_port(port)
        try:
            walked = _walk(f"http://127.0.0.1:{port}")
            note = f"p95 of {len(walked.seen)} touches at {SLOWER}x, yardstick a page of nothing"
            seen, answered = percentile(walked.seen, 0.95), percentile(walked.answered, 0.95)
            yield Figure("portal.page_ms", seen, "ms", walked.smallest, "<= 100", note)
            yield Figure("portal.answer_ms", answered, "ms", note="of that the portal, at 1x")
            memory = psutil.Process(portal.pid).memory_full_info().pss / 2**20
            yield Figure("portal.memory_mb", memory, "MiB", goal="<= 60", note="PSS, all pages")
        finally:
            portal.stop()


def _walk(url: str) -> Walked:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=PLAIN)
        size = {"width": 1080, "height": 1920}
        page = still_context(browser, viewport=size, has_touch=True).new_page()
        line = page.context.new_cdp_session(page)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        times = [one for _ in range(CITIZENS) for one in _visit(page, line, url)]
        smallest = min(_go(page, f"{url}/healthz") for _ in range(CITIZENS))
        browser.close()
    return Walked([one[0] for one in times], [one[1] for one in times], smallest)


def _visit(page: Any, line: Any, url: str) -> list[tuple[float, float]]:
    """A citizen comes to a page that was just loaded, and leaves."""
    page.goto(f"{url}/")
    page.evaluate(WATCH)
    times: list[tuple[float, float]] = []
    for errand in ERRANDS:
        for what in errand:
            times.append(_touch(page, line, what, len(times) + 1))
        while not page.locator("body.home").count():
            times.append(_touch(page, line, BACK, len(times) + 1))
    page.evaluate("document.querySelector('#end').requestSubmit()")
    page.wait_for_selector("html[data-known='0'] body.home")
    return times


def _touch(page: Any, line: Any, what: str, many: int) -> tuple[float, float]:
    page.wait_for_function(SETTLED)
    place = page.locator(what).first
    place.scroll_into_view_if_needed()
    box = place.bounding_box()
    finger = {"x": box["x"] + box["width"] / 2, "y": box["y"] + box["height"] / 2}
    line.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": [finger]})
    page.wait_for_timeout(RESTS_MS)
    line.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    seen, answered = page.evaluate(SEEN, many)
    return float(seen), float(answered)


def _go(page: Any, url: str) -> float:
    page.goto(url)
    return float(page.evaluate(PAINTED))
