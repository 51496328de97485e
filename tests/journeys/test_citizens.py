"""What issue 6 promises, by a citizen's finger: five jobs and six services of the Kabupaten,
on line and off line, in three languages; an officer who answers; a service that a clerk writes.

Nothing is replaced: `anjungan up` with its office, three kiosks of two tenants with real agents,
Chromium before their portals and before the console. Each errand goes on through the languages in
turn; JOURNEY_WHOLE=1 does every errand in every language, once by hand.

The fewest screens, from the six tiles to what the citizen came for, the receipt counted: a service
is read in 3 (2 by the search), the land tax is applied for in 6, a street light in 7, a change of
school in 6, a complaint is made in 7 (8 with a picture), the mobile counter found in 1, a film
watched in 2, and a receipt asked about in 3.
"""

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

import openpyxl
import pytest

from tests.support.at_the_screen import LYING, STORY, UPRIGHT, Citizen, Receipt, with_camera
from tests.support.publisher import DESK, Publisher
from tests.support.smile_house import CITY, KABUPATEN, OTHER, SmileHouse
from tests.support.technician import Technician
from tests.support.wait import until

pytestmark = pytest.mark.timeout(900)
LANGUAGES: Final = ("id", "su", "en")
WHOLE: Final = bool(os.environ.get("JOURNEY_WHOLE"))
SUBMITTED: Final = {"id": "Diajukan", "su": "Diajukeun", "en": "Submitted"}
HERE: Final = {"nik": "3204376010900009", "nop": "320437000100100010", "tahun": "2020"}
CODE, NAME = "KEC-CONTOH", "Surat keterangan contoh"
Errand = Callable[[Citizen], Receipt | None]


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SmileHouse]:
    made = SmileHouse(tmp_path_factory.mktemp("house"))
    yield made
    made.close()


@pytest.fixture(scope="module")
def camera(playwright_browser: Any) -> Iterator[Any]:
    """A kiosk's browser: it may use the camera that is there."""
    browser = with_camera(playwright_browser)
    yield browser
    browser.close()


def errands(
    who: Citizen, each: dict[str, Errand], first: int, news: Callable[[], bool] = lambda: True
) -> list[Receipt]:
    """One after the other, each by a citizen of another language, who leaves nothing behind.

    The last waits for `news`.
    """
    found = []
    for at, errand in enumerate(each.values()):
        if at == len(each) - 1:
            until(news, 120)
        turn = LANGUAGES if WHOLE else (LANGUAGES[(first + at) % len(LANGUAGES)],)
        for language in turn:
            receipt = errand(who.comes(language))
            who.leaves()
            found += [receipt] if receipt else []
    return found


def read(group: str, service: str) -> Errand:
    def errand(who: Citizen) -> None:
        assert who.reads(group, service) == 3

    return errand


def led_to(group: str, service: str, address: str) -> Errand:
    """Where the kiosk can only show the way: a QR, and no password is asked for here."""

    def errand(who: Citizen) -> None:
        who.reads(group, service)
        assert address in who.page.inner_text(".handover")
        assert who.page.locator(".handover .qr svg").is_visible()
        assert not who.page.locator("input[type=password]").count()

    return errand


def apply(service: str, screens: int, **answers: str) -> Errand:
    def errand(who: Citizen) -> Receipt:
        receipt = who.applies(service, **answers)
        assert receipt.screens == screens, who.screens
        return receipt

    return errand


def complain(*, photo: bool) -> Errand:
    def errand(who: Citizen) -> Receipt:
        receipt = who.complains(photo=photo)
        assert receipt.screens == 7 + photo, who.screens
        return receipt

    return errand


def find_the_van(who: Citizen) -> None:
    assert "Balai warga contoh" in who.looks_for_the_van()
    assert who.count == 1


def watch(who: Citizen) -> None:
    language = who.language
    assert who.watches() == [language]
    assert who.count == 2


def five_jobs(*, photo: bool) -> dict[str, Errand]:
    """The calendar comes with the office's news, and they with whatever was handed in."""
    return {
        "informasi": read("kependudukan", "DUK-LAHIR"),
        "perizinan": apply("BAPENDA-PBB", 6, tahun="2020"),
        "pengaduan": complain(photo=photo),
        "video": watch,
        "jemput bola": find_the_van,
    }


def six_services() -> dict[str, Errand]:
    return {
        "anggaran": led_to("anggaran", "BKAD-APBD", "https://www.bandungkab.go.id/"),
        "pajak bumi": apply("BAPENDA-PBB", 6, **HERE),
        "puskesmas": read("kesehatan", "DINKES-PUSKESMAS"),
        "lampu jalan": apply("DISHUB-PJU", 7),
        "sekolah": apply("DISDIK-MUTASI", 6, nik_murid="3204370101150009"),
        "pelaporan": led_to("laporan", "LAPOR-SP4N", "https://www.lapor.go.id/"),
    }


def test_five_jobs_and_six_services_are_done_on_line_and_off_line(
    house: SmileHouse, camera: Any
) -> None:
    house.the_van_comes()
    city = Citizen(camera, house.portals[CITY], UPRIGHT)
    around = Citizen(camera, house.portals[KABUPATEN], LYING)
    with_line = errands(around, six_services(), 1)
    with_line += errands(city, five_jobs(photo=True), 0, lambda: house.knows_of_the_van(CITY))
    for one in with_line:
        house.takes(one.number)
    try:
        house.cut()
        without = errands(city, five_jobs(photo=False), 1) + errands(around, six_services(), 2)
        _the_receipt_holds(city.comes("en"), without[0])
        assert not any(house.arrived(one.number) for one in without)
    finally:
        house.mend()
    for one in without:
        house.takes(one.number)
    assert city.comes("su").asks(without[0]) == SUBMITTED["su"]
    assert len(city.screens) == 3
    assert all(house.arrived(one.number) == 1 for one in (*with_line, *without))
    for who in (city, around):
        who.goes_away()


def _the_receipt_holds(who: Citizen, receipt: Receipt) -> None:
    """Without a line: it is safe here, and somebody with other digits learns nothing of it."""
    who.asks(receipt)
    assert who.page.locator(".note.ok").is_visible()
    who.leaves()
    who.comes().asks(receipt._replace(tail="0000"))
    assert not who.page.locator(".note.ok").count()
    who.leaves()


def test_an_officer_answers_and_the_citizen_sees_it_where_they_asked(
    house: SmileHouse, playwright_browser: Any, camera: Any
) -> None:
    who = Citizen(camera, house.portals[CITY], LYING)
    card = who.comes("su").applies("BAPENDA-PBB", tahun="2020")
    who.leaves()
    lamp = who.comes("en").complains()
    who.leaves()
    loket = Technician(playwright_browser, house.console, "loket", DESK)
    _another_tenants_officer_finds_nothing(house, playwright_browser, card)
    _is_opened(loket, card, "Warga Contoh")
    for event in ("verify", "process", "finish"):
        _decides(loket, event)
    _is_opened(loket, lamp, STORY)
    _decides(loket, "verify")
    loket.page.click("#more-reject")
    loket.page.fill("details[open] [name=why]", "Lampu itu milik pengelola gedung.")
    _decides(loket, "reject")
    assert who.comes("su").asks(card) == "Siap dicandak"
    who.leaves()
    assert who.comes().asks(lamp) == "Ditolak"
    assert "Lampu itu milik pengelola gedung." in who.page.inner_text(".standing")
    who.leaves()
    loket.leaves()
    who.goes_away()


def _finds(officer: Technician, receipt: Receipt) -> int:
    """How many in the officer's whole inbox have this number."""
    officer.goes_to(f"/inbox?queue=all&number={receipt.number}")
    return int(officer.page.locator("#list a.row-link").count())


def _another_tenants_officer_finds_nothing(
    house: SmileHouse, browser: Any, receipt: Receipt
) -> None:
    soreang = Technician(browser, house.console, "soreang", DESK)
    house.takes(receipt.number)
    assert not _finds(soreang, receipt)
    soreang.leaves()


def _is_opened(officer: Technician, receipt: Receipt, says: str) -> None:
    """With a reason, and everybody who may see the record sees by whom."""
    until(lambda: _finds(officer, receipt) == 1, 120)
    officer.page.click("#list a.row-link")
    officer.page.click("#open")
    officer.sees(f"#paper.is-open .answers:has-text('{says}')")
    officer.sees("#looks li:has-text('loket')")


def _decides(officer: Technician, event: str) -> None:
    officer.page.click(f"#do-{event}:visible")
    officer.sees("#told")


def test_a_clerk_writes_a_service_in_a_spreadsheet_and_two_kiosks_show_it(
    house: SmileHouse, playwright_browser: Any, camera: Any, tmp_path: Path
) -> None:
    """Written by one, reviewed by a second person, signed by two; nobody touches code."""
    katalog = Technician(playwright_browser, house.console, "katalog", DESK)
    pack = _is_written(katalog, tmp_path / "layanan.xlsx")
    katalog.leaves()
    pengawas = Publisher(playwright_browser, house.console, "pengawas", DESK)
    pagi = Publisher(playwright_browser, house.console, "pagi", DESK)
    pengawas.makes_key("Laptop pengawas")
    pagi.makes_key("Laptop pagi")
    house.admit_keys()
    release = _is_published(pengawas, pack)
    pengawas.signs(release)
    pagi.signs(release)
    pagi.goes_to(f"/releases/{release}")
    pagi.sees("#release-state:has-text('Terbit')")
    before = house.shows(CITY)
    pagi.rolls_out(release, "layanan contoh", "tahap", "1, 100%", held="0", soak="0")
    for kiosk in (CITY, OTHER):
        house.comes_to_show(kiosk, before + 1)
        who = Citizen(camera, house.portals[kiosk])
        who.comes().applies(CODE)
        who.leaves()
        who.goes_away()
    for person in (pengawas, pagi):
        person.leaves()


def _is_written(clerk: Technician, file: Path) -> int:
    """From the file of a service there is; its number, once it waits for a second person."""
    clerk.goes_to("/services?q=KEC-DOMISILI")
    clerk.page.click("#list a[href^='/services/']")
    with clerk.page.expect_download() as given:
        clerk.page.click("a[href$='file.xlsx']")
    given.value.save_as(file)
    _is_changed(file)
    clerk.goes_to("/services/new")
    clerk.page.set_input_files("[name=file]", file)
    clerk.page.click("#bring")
    clerk.sees(f"#told ~ * , h1:has-text('{NAME}')")
    assert not clerk.page.locator("#complaints").count()
    clerk.page.click("#submit")
    clerk.sees("#second")
    assert not clerk.page.locator("#approve").count()
    return int(clerk.page.url.rpartition("/")[2].partition("?")[0])


def _is_changed(file: Path) -> None:
    """By what every spreadsheet can do: three cells of the first sheet."""
    book = openpyxl.load_workbook(file)
    said = {"code": (CODE,), "name": (NAME, "Serat conto", "Sample certificate")}
    for row in book["layanan"].iter_rows(min_row=2):
        for cell, text in zip(row[1:], said.get(str(row[0].value), ()), strict=False):
            cell.value = text
    book.save(file)


def _is_published(reviewer: Publisher, pack: int) -> int:
    """The number of the release that waits for signatures."""
    reviewer.goes_to(f"/services/{pack}")
    reviewer.page.click("#approve")
    reviewer.sees("#told")
    reviewer.goes_to("/services/publish")
    reviewer.page.fill("[name=note]", "Layanan contoh")
    reviewer.page.click("#publish")
    reviewer.sees("#release-state:has-text('Menunggu tanda tangan')")
    return reviewer.number("releases")


def test_an_officer_comes_when_called_and_a_called_number_is_large_on_the_screen(
    house: SmileHouse, playwright_browser: Any, camera: Any
) -> None:
    """Both ways by the kiosk's one visit to the door, long before its usual round."""
    with house.open_every_day(CITY):
        _is_called_and_calls(house, playwright_browser, camera)


def _is_called_and_calls(house: SmileHouse, playwright_browser: Any, camera: Any) -> None:
    loket = Technician(playwright_browser, house.console, "loket", DESK)
    who = Citizen(camera, house.portals[CITY]).comes()
    who.page.click("#call")
    who.page.wait_for_selector("#called [data-when=open]:not([hidden])", timeout=60_000)
    loket.sees(f".is-call:has-text('{CITY}')")
    loket.page.click(".is-call button")
    who.page.wait_for_selector("#called [data-when=taken]:not([hidden])", timeout=60_000)
    loket.page.wait_for_selector(".is-call", state="detached")
    who.page.click("#thanks")
    number = who.draws_a_ticket()
    loket.goes_to(f"/counters?kiosk={CITY}")
    loket.page.click(f"#next-{CITY}-{number[0]}")
    who.page.wait_for_selector(f".served b:has-text('{number}')", timeout=60_000)
    loket.leaves()
    who.leaves()
    who.goes_away()
