"""Every QR code of the portal, read off the screen by a decoder that knows nothing of ours.

A telephone's camera sees what is painted, with its colours, edges and size: so the page is
photographed as it stands, upright and lying, and zbar reads the picture. Paper carries no code: a
receipt is text.
"""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from portal import vevent
from portal.texts import load
from tests.support.chromium import still_context
from tests.support.offered import MONDAY, SITE
from tests.support.touring import ANSWERS, APPLY, FILLED, HOUR_MS, LONG, Tourist, Town
from wire import ticket
from wire.citizen import Visit

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES: Final[Any] = ({"width": 1080, "height": 1920}, {"width": 1920, "height": 1080})
TITLE: Final = load()["id"]("visit.title")


@pytest.fixture
def page(playwright_browser: Any) -> Iterator["Page"]:
    context = still_context(playwright_browser, has_touch=True, timezone_id="Asia/Jakarta")
    yield context.new_page()
    context.close()


def read_off(page: "Page", tourist: Tourist, path: str, folder: Path) -> list[str]:
    """What the first code of a page says, on each shape of screen."""
    found = []
    for size in SIZES:
        page.set_viewport_size(size)
        page.goto(tourist.base + path)
        page.locator(".qr svg").first.scroll_into_view_if_needed()
        picture = folder / "screen.png"
        page.screenshot(path=picture)
        said = ["zbarimg", "--quiet", "--raw", "--nodbus", "-Sdisable", "-Sqrcode.enable"]
        told = subprocess.run([*said, picture], capture_output=True, check=True, timeout=30)
        found.append(told.stdout.decode())
    return found


def test_a_receipt_says_its_number_alone(page: "Page", town: Town, tmp_path: Path) -> None:
    tourist = Tourist(page.context, town)
    path = tourist.post(APPLY)
    while not path.endswith("periksa"):
        path = tourist.post(path, **FILLED)
    told = read_off(page, tourist, tourist.post(path), tmp_path)
    assert told == [f"{town.newest()}\n"] * 2


def test_a_queue_ticket_says_kiosk_day_and_number(page: "Page", town: Town, tmp_path: Path) -> None:
    tourist = Tourist(page.context, town)
    path = tourist.post("/antrian/DUK-KTPEL").partition("?")[0]
    for told in read_off(page, tourist, path, tmp_path):
        assert told.split()[0] == "bandung-coblong-01"
        assert told.split()[2] in page.inner_text(".ticket")


def test_a_visit_is_an_event_for_a_calendar(page: "Page", town: Town, tmp_path: Path) -> None:
    starts, ends = MONDAY + 2 * HOUR_MS, MONDAY + 5 * HOUR_MS
    first = Visit(uid="0", starts=starts, ends=ends, district=SITE, place=LONG, services=())
    event = vevent.event(first, TITLE, LONG)
    for told in read_off(page, Tourist(page.context, town), "/jemput-bola", tmp_path):
        assert event.encode() in told.encode()


def test_a_hand_over_leads_to_the_address_it_names(
    page: "Page", town: Town, tmp_path: Path
) -> None:
    for told in read_off(page, Tourist(page.context, town), "/informasi/SIMBG-PBG", tmp_path):
        assert told.startswith("https://")
        assert told.strip() in page.inner_text(".handover")


def test_a_telephone_is_led_to_the_door_with_a_ticket_of_this_kiosk(
    page: "Page", town: Town, tmp_path: Path
) -> None:
    tourist = Tourist(page.context, town)
    tourist.post("/pengaduan", **{"class": "complaint"})
    for step in ("kategori", "tempat"):
        tourist.post(f"/pengaduan/{step}", **ANSWERS[step])
    for told in read_off(page, tourist, "/foto/pengaduan/bukti", tmp_path):
        address, _, given = told.strip().partition("#")
        assert address == "https://pintu.example/foto"
        assert ticket.read(given).ticket.kiosk == "bandung-coblong-01"
