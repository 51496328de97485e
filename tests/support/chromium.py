"""Fixtures: a real headless Chromium, once with a debugging port, once driven by Playwright.

Each has a private profile and is ended by its own pid; no test touches a browser it did not start.
"""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from tests.support.child import Child, free_port

EXECUTABLE = "/usr/bin/chromium"  # a kiosk's own
SHELL = "/usr/bin/chromium-headless-shell"
FLAGS = (
    "--headless=new --no-first-run --no-default-browser-check --disable-gpu --no-sandbox"
    " --disable-background-networking --disable-component-update --disable-sync"
    " --disable-default-apps --password-store=basic --disable-dev-shm-usage"
    " --disable-features=Translate,MediaRouter,OptimizationHints --window-size=1080,1920"
)

# No process of its own for a graphics card that is not there.
PLAIN = ["--no-sandbox", "--disable-gpu", "--disable-software-rasterizer", "--in-process-gpu"]


def driven() -> str:
    """What Playwright drives: the same engine without tabs and windows of its own, where it is.

    A page costs it a third of the processor. Where Debian has none, the whole browser does.
    """
    return SHELL if os.access(SHELL, os.X_OK) else EXECUTABLE


class RealChromium:
    """One headless browser showing `url`; `port` is its debugging port on 127.0.0.1."""

    def __init__(self, folder: Path, url: str) -> None:
        self.port = free_port()
        self.url = url
        self.child = Child(
            [
                EXECUTABLE,
                *FLAGS.split(),
                f"--remote-debugging-port={self.port}",
                f"--user-data-dir={folder / 'profile'}",
                url,
            ],
            folder / "chromium.log",
        )
        self.child.wait_for_port(self.port, 30)

    @property
    def pid(self) -> int:
        return self.child.pid

    def kill(self) -> None:
        """Power off: the whole tree at once."""
        for process in [*self._tree(), self.pid]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self.child.kill()

    def stop(self) -> None:
        tree = self._tree()
        self.child.stop()
        for process in tree:
            with contextlib.suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)

    def _tree(self) -> list[int]:
        with contextlib.suppress(psutil.NoSuchProcess):
            return [p.pid for p in psutil.Process(self.pid).children(recursive=True)]
        return []


@pytest.fixture
def chromium(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], RealChromium]]:
    """Start a browser: `chromium(url)` -> object with .port, .pid, .kill(), .stop()."""
    started: list[RealChromium] = []

    def start(url: str) -> RealChromium:
        started.append(RealChromium(tmp_path_factory.mktemp("chromium"), url))
        return started[-1]

    yield start
    for browser in started:
        browser.stop()


@pytest.fixture(scope="module")
def playwright_browser() -> Iterator[Any]:
    """One headless Chromium for a test file, driven by Playwright.

    Not for the whole run: while Playwright is open its thread counts as being inside an event
    loop, and other files may want to run their own.
    """
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - costs 0.3 s, rarely needed

    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=driven(), args=PLAIN)
        yield browser
        browser.close()


def still_context(browser: Any, **choices: Any) -> Any:
    """A context of an Indonesian who wants no motion.

    Nothing here looks at motion, and without a graphics card each breathing dot on a page keeps a
    whole core busy painting for as long as the test waits.
    """
    return browser.new_context(locale="id-ID", reduced_motion="reduce", **choices)


@pytest.fixture
def browser_page(playwright_browser: Any) -> Iterator[Any]:
    """A fresh page (Playwright `Page`) in its own context: no cookies, nothing remembered.

    Typed Any here because Playwright is imported only when a test asks for it; annotate the
    argument in tests as `browser_page: Page`.
    """
    context = still_context(playwright_browser, timezone_id="Asia/Jakarta")
    yield context.new_page()
    context.close()
