"""What the citizens' screen costs on a small kiosk: its memory, and from page to page.

The process is measured after every page was shown, PSS as the kernel counts it. From page to page
is from leaving the one to the first picture of the other, in a real Chromium whose processor is
slowed down four times; the yardstick is the same browser and the smallest answer of the portal.
"""

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import psutil
from playwright.sync_api import sync_playwright

from tests.bench.figures import Figure
from tests.bench.processes import percentile
from tests.support.child import Child, free_port
from tests.support.chromium import EXECUTABLE, PLAIN, still_context
from tests.support.offered import SITE, starter
from tests.support.shown import put

ROOT = Path(__file__).parents[2]
ROUNDS = 7
SLOWER = 4
PAGES = ("/informasi", "/informasi/DUK-KTPEL", "/antrian", "/status", "/jemput-bola", "/video", "/")
PAINTED = """() => new Promise(done => requestAnimationFrame(() => setTimeout(() => {
  const begun = performance.getEntriesByType('navigation')[0];
  const paint = performance.getEntriesByName('first-contentful-paint')[0];
  done(paint ? paint.startTime : begun.domContentLoadedEventEnd);
}, 0)))"""


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder, port = Path(name), free_port()
        put(folder / "content", 1, starter())
        told = {"--site": SITE, "--content": folder / "content", "--tray": folder / "tray"}
        words = [str(word) for pair in told.items() for word in pair]
        program = [sys.executable, "-m", "portal", "--port", str(port), *words]
        portal = Child(program, folder / "log", {"PYTHONPATH": str(ROOT)})
        portal.wait_for_port(port)
        try:
            times, smallest = _walk(f"http://127.0.0.1:{port}")
            note = f"p95 of {len(times)}, first picture at {SLOWER}x, yardstick a page of nothing"
            yield Figure("portal.page_ms", times_95(times), "ms", smallest, "<= 100", note)
            memory = psutil.Process(portal.pid).memory_full_info().pss / 2**20
            yield Figure("portal.memory_mb", memory, "MiB", goal="<= 60", note="PSS, all pages")
        finally:
            portal.stop()


def times_95(times: list[float]) -> float:
    return percentile(times, 0.95)


def _walk(url: str) -> tuple[list[float], float]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=PLAIN)
        context = still_context(browser, viewport={"width": 1080, "height": 1920})
        page = context.new_page()
        line = context.new_cdp_session(page)
        line.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        _go(page, f"{url}/")
        times = [_go(page, f"{url}{path}") for _ in range(ROUNDS) for path in PAGES]
        smallest = min(_go(page, f"{url}/healthz") for _ in range(ROUNDS))
        browser.close()
    return times, smallest


def _go(page: Any, url: str) -> float:
    page.goto(url)
    return float(page.evaluate(PAINTED))
