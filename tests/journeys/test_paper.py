"""From a real printer's empty tray to a technician's open page, and back."""

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from tests.support.broker import AnyBroker
from tests.support.cups import RealPrinter
from tests.support.house import House
from tests.support.wait import until

KIOSK = "bdg-sukasari-1"
Build = Callable[[AnyBroker, str], House]


def test_paper_out_shows_in_the_console_within_15_s_and_clears_after_refill(
    build_house: Build,
    any_broker: AnyBroker,
    sqlite_url: str,
    real_printer: RealPrinter,
    browser_page: Page,
) -> None:
    house = build_house(any_broker, sqlite_url)
    _bring_up(house, real_printer)
    house.log_in(browser_page.context)
    browser_page.goto(f"{house.console}/kiosks/{KIOSK}")
    expect(browser_page.locator("body")).not_to_contain_text("Kertas habis")
    real_printer.paper(0)
    row = browser_page.get_by_text(re.compile("kertas.*habis", re.IGNORECASE)).first
    expect(row).to_be_visible(timeout=15_000)
    assert house.open_faults(KIOSK) == {"printer.paper_out"}
    real_printer.refill()
    until(lambda: house.open_faults(KIOSK) == set(), 20)


def test_the_same_on_postgresql(
    build_house: Build,
    mosquitto: AnyBroker,
    postgres_url: str,
    real_printer: RealPrinter,
) -> None:
    house = build_house(mosquitto, postgres_url)
    _bring_up(house, real_printer)
    real_printer.paper(0)
    until(lambda: house.open_faults(KIOSK) == {"printer.paper_out"}, 15)
    real_printer.refill()
    until(lambda: house.open_faults(KIOSK) == set(), 20)


def _bring_up(house: House, printer: RealPrinter) -> None:
    printer.refill()
    house.register(KIOSK)
    house.start_controller()
    house.start_console()
    house.start_agent(KIOSK, printer={"uri": printer.uri})
    until(lambda: house.presence(KIOSK) == "online", 20)
