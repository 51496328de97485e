"""Takes the pictures in docs/screenshots: `python -m tests.screenshots [FOLDER]`.

A seeded fleet, the real console, headless Chromium; the clock stands still, so that pictures change
only when the console does. With `--all` every page at every width, light and dark.
"""

import argparse
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

from playwright.sync_api import Browser, Page, sync_playwright

from controller.people.sessions import Started
from controller.store.engine import open_engine
from controller.store.migrate import migrate
from tests.support import showcase
from tests.support.chromium import EXECUTABLE
from tests.support.console import admitted, serving, wear_in_browser

SIZES: Final = {"phone": (390, 844), "desk": (1440, 900), "kiosk": (1080, 1920)}
DOCS: Final = Path(__file__).parent.parent / "docs" / "screenshots"
TOLD: Final = "Coblong"
TOLD_OF: Final = ("start", "list", "kiosk", "faults", "people", "audit")  # in docs


class Shot(NamedTuple):
    name: str
    path: str
    size: str
    theme: str = "light"
    language: str = "id"


def shots(kiosk: str, *, every: bool) -> Iterator[Shot]:
    pages = {
        "start": "/",
        "list": "/kiosks",
        "kiosk": f"/kiosks/{kiosk}",
        "faults": "/faults",
        "people": "/people",
        "audit": "/audit",
        "invite": "/invitations",
        "account": "/account",
        "revoke": f"/kiosks/{kiosk}/identity/revoke",
    }
    if not every:
        pages = {name: pages[name] for name in TOLD_OF}
    for name, path in pages.items():
        for size in SIZES if every else ("phone", "desk"):
            yield Shot(f"{name}-{size}", path, size)
            if every or (name, size) == ("start", "desk"):
                yield Shot(f"{name}-{size}-dark", path, size, "dark", "en" if every else "id")


def take(browser: Browser, home: str, shot: Shot, folder: Path, session: Started) -> None:
    width, height = SIZES[shot.size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme="dark" if shot.theme == "dark" else "light",
        reduced_motion="reduce",
    )
    context.add_cookies([{"name": "language", "value": shot.language, "url": home}])
    wear_in_browser(context, session)
    page = context.new_page()
    page.goto(home + shot.path)
    settle(page)
    page.screenshot(path=folder / f"{shot.name}.png")
    context.close()


def settle(page: Page) -> None:
    """Fonts, charts and the first live look are there."""
    page.wait_for_selector("#live[data-live-state=on]")
    page.evaluate("document.fonts.ready")
    if page.query_selector("#charts"):
        page.wait_for_selector("#charts[data-drawn=yes]")
    page.wait_for_timeout(400)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path, nargs="?", default=DOCS)
    parser.add_argument("--all", action="store_true")
    asked = parser.parse_args()
    asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as scratch, sync_playwright() as play:
        url = f"sqlite:///{scratch}/office.db"
        migrate(url)
        engine = open_engine(url)
        names = showcase.tell(engine)
        session = admitted(engine, showcase.NOW)
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
        with serving(engine, lambda: showcase.NOW) as home:
            for shot in shots(names[TOLD], every=asked.all):
                take(browser, home, shot, asked.folder, session)
        browser.close()


if __name__ == "__main__":
    main()
