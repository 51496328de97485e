"""What issue 4 promises, from a phone: find, look, mend and prove; waves; who agrees is asked.

The whole house is real but for the kiosks' devices: Mosquitto with certificates, warden, door,
controller and console as processes, kiosks with the real agent, and Chromium at a phone's size.
"""

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest
from sqlalchemy import update

from agent.identity.slots import Slots
from controller import bell, policies
from controller.people.audit import By
from controller.people.powers import Grant
from controller.store.command_tables import job
from controller.store.engine import writing
from controller.store.migrate import migrate
from provisioning.players.player import home_of
from provisioning.players.wishes import Wish
from tests.support.command_office import CommandOffice
from tests.support.secure import now
from tests.support.showcase_jobs import people_keys
from tests.support.signing import RULES
from tests.support.technician import Technician, hire, names
from tests.support.wait import until
from wire.policy import Rule

pytestmark = pytest.mark.timeout(400)
HUNG, *OTHERS = names(20)
RETURNS, STAYS_AWAY = names(2, "astanaanyar")
OURS = "bdg-cibiru-1"
COOL_OFF_S = 2


class House(NamedTuple):
    """`home` is the console's address."""

    office: CommandOffice
    home: str


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    folder = tmp_path_factory.mktemp("house")
    url = f"sqlite:///{folder}/office.db"
    migrate(url)
    rules = {**RULES, "destructive": Rule(approvals=2, cool_off_s=COOL_OFF_S, most=1000)}
    office = CommandOffice(folder, url, rules=rules)
    try:
        office.open()
        home = office.start_console()
        hire(office.engine, "pagi", "Teknisi pagi", Grant("technician", "32.73"))
        hire(office.engine, "sore", "Pengawas sore", Grant("supervisor", ""))
        hire(office.engine, "malam", "Pengawas malam", Grant("supervisor", ""))
        yield House(office, home)
    finally:
        office.close()


def test_a_technician_finds_a_hung_page_sees_it_mends_it_and_reboots_twenty_in_two_waves(
    house: House, playwright_browser: Any
) -> None:
    office = house.office
    office.play(HUNG)
    office.wishes.put(Wish(HUNG, "hung_page"))
    office.play(*OTHERS, RETURNS, STAYS_AWAY)
    for name in (RETURNS, STAYS_AWAY):
        office.wishes.put(Wish(name, "power_cut"))
    pagi = Technician(playwright_browser, house.home, "pagi")
    _finds_the_hung_page(pagi)
    _sees_it(pagi)
    _mends_it_and_sees_the_proof(pagi)
    _reboots_twenty_in_two_waves(pagi, office)
    _watches_one_that_is_off_run_its_command_when_it_returns(pagi, office)
    _watches_another_expire(pagi, office)
    pagi.leaves()


def _finds_the_hung_page(pagi: Technician) -> None:
    pagi.goes_to("/faults")
    pagi.page.click("#filters summary")
    pagi.page.select_option("#filters [name=code]", "browser.hung")
    pagi.page.click(f"#list li[data-row] a:has-text('{HUNG}')")
    pagi.sees("#why :text('Peramban tidak menanggapi')")


def _sees_it(pagi: Technician) -> None:
    pagi.page.click("#do-screenshot")
    pagi.asks("screenshot", "halaman macet")
    pagi.sees_end("Berhasil")
    seen = pagi.page.wait_for_selector("#answer .shot img")
    pagi.page.wait_for_function("image => image.complete && image.naturalWidth === 960", arg=seen)
    pagi.sees("#answer .fact:has-text('layar')")


def _mends_it_and_sees_the_proof(pagi: Technician) -> None:
    pagi.opens(HUNG)
    pagi.page.click("#do-restart_browser")
    pagi.asks("restart_browser", "halaman macet")
    pagi.sees_end("Berhasil")
    pagi.sees("#answer .proof tr:has-text('Peramban')")
    pagi.opens(HUNG)
    pagi.page.wait_for_selector("#why :text('Peramban tidak menanggapi')", state="detached")
    pagi.sees("#past :text('Peramban tidak menanggapi')")


def _reboots_twenty_in_two_waves(pagi: Technician, office: CommandOffice) -> None:
    before = {name: office.players[name].boot_id for name in (HUNG, *OTHERS)}
    pagi.goes_to("/kiosks?presence=online&q=andir")
    pagi.page.wait_for_function("document.querySelectorAll('.pick-box .check').length === 20")
    for box in pagi.page.locator(".pick-box .check").all():
        box.check()
    pagi.sees("[data-chosen]:has-text('(20)')")
    pagi.page.click("#act-picked")
    pagi.page.click("#kind-reboot")
    pagi.sees("#means-count:has-text('20 anjungan')")
    pagi.page.click("#spread summary")
    pagi.page.select_option("#act [name=waves]", "two")
    pagi.sees("#act dd:has-text('2 gelombang: 10 + 10')")
    pagi.asks("reboot", "pembaruan malam")
    pagi.sees("#wave-1.is-work")
    pagi.sees("#wave-2.is-none")
    pagi.sees("#wave-1.is-ok")
    pagi.sees("#wave-2.is-ok")
    pagi.sees("#tally-succeeded:has-text('20')")
    pagi.sees("#job-state:has-text('Selesai')")
    assert all(office.players[name].boot_id != boot for name, boot in before.items())


def _watches_one_that_is_off_run_its_command_when_it_returns(
    pagi: Technician, office: CommandOffice
) -> None:
    pagi.opens(RETURNS)
    pagi.sees("#now :text('Luring')")
    pagi.page.click("#do-screenshot")
    pagi.asks("screenshot", "laporan warga")
    pagi.sees("#answer:has-text('Anjungan sedang luring')")
    office.wishes.put(Wish(RETURNS, "power_cut", begins=False))
    pagi.sees_end("Berhasil")
    pagi.sees("#answer .shot img")


def _watches_another_expire(pagi: Technician, office: CommandOffice) -> None:
    """A program asked almost a minute ago, for a minute: nobody waits an hour here."""
    pagi.opens(STAYS_AWAY)
    late = office.ask("noop", [STAYS_AWAY], valid_s=60, ago_s=52)
    pagi.page.click(f"#commands a[href='/jobs/{late}']")
    pagi.sees("#answer:has-text('Anjungan sedang luring')")
    pagi.sees_end("Kedaluwarsa")
    pagi.sees("#answer:has-text('Tidak terjadi apa-apa di anjungan')")


def test_row_50_what_is_dangerous_needs_the_people_whom_the_kiosk_itself_asks_for(
    house: House, playwright_browser: Any
) -> None:
    office = house.office
    office.play(OURS)
    sore = Technician(playwright_browser, house.home, "sore")
    malam = Technician(playwright_browser, house.home, "malam")
    sore.makes_key("Telepon sore")
    malam.makes_key("Telepon malam")
    _the_roots_admit_them(office)
    _the_asker_agrees_to_what_is_sensitive(sore)
    _one_is_not_enough_whatever_the_office_says(sore, office)
    wiped = _two_are(sore, malam, office)
    _the_log_tells_who_did_what(sore, wiped)
    for person in (sore, malam):
        person.leaves()


def _the_roots_admit_them(office: CommandOffice) -> None:
    with office.engine.connect() as conn:
        found = policies.newest(conn)
    assert found
    keys = found.policy.keys + tuple(people_keys(office.engine))
    policy = office.ceremony.policy(found.policy.version + 1, keys=keys, rules=found.policy.rules)
    with writing(office.engine) as conn:
        policies.store(conn, office.ceremony.signed_policy(policy), By("admin", ""), now())


def _the_asker_agrees_to_what_is_sensitive(sore: Technician) -> None:
    sore.opens(OURS)
    sore.page.click("#do-more")
    sore.page.click("#kind-clear_queue")
    number = sore.asks("clear_queue", "cetakan lama")
    sore.sees("#job-state:has-text('Menunggu persetujuan')")
    sore.agrees(number)
    sore.sees_end("Berhasil")


def _one_is_not_enough_whatever_the_office_says(sore: Technician, office: CommandOffice) -> None:
    """Somebody who has the office's database lets a wipe go that one person agreed to."""
    number = _asks_to_wipe(sore)
    sore.agrees(number)
    sore.sees("#agree-count:has-text('1 dari 2')")
    with writing(office.engine) as conn:
        gone = {"state": "running", "wave": 1, "approvals": 1}
        conn.execute(update(job).where(job.c.id == number).values(gone))
    bell.ring(office.engine)
    sore.sees_end("Ditolak anjungan")
    sore.sees("#answer:has-text('Belum cukup orang yang menyetujui')")
    assert Slots(home_of(office.folder / OURS)).current()


def _asks_to_wipe(sore: Technician) -> int:
    sore.opens(OURS)
    sore.page.click("#do-more")
    sore.page.click("#kind-wipe")
    sore.sees("#act-form-wipe")
    sore.page.fill("#act [name=arg_kiosk]", OURS)
    return sore.asks("wipe", "anjungan dipindahkan")


def _two_are(sore: Technician, malam: Technician, office: CommandOffice) -> int:
    number = _asks_to_wipe(sore)
    sore.agrees(number)
    sore.sees("#agree-count:has-text('1 dari 2')")
    malam.agrees(number)
    malam.sees_end("Berhasil")
    sore.sees_end("Berhasil")
    until(lambda: not Slots(home_of(office.folder / OURS)).current(), 60)
    sore.opens(OURS)
    sore.sees("#now :text('Luring')")
    return number


def _the_log_tells_who_did_what(sore: Technician, wiped: int) -> None:
    sore.goes_to("/audit")
    for sentence in (
        f"sore meminta Hapus isi anjungan untuk 1 anjungan (Tugas {wiped})",
        f"malam menyetujui Hapus isi anjungan untuk 1 anjungan (Tugas {wiped})",
        "sore mendaftarkan kunci persetujuan",
    ):
        sore.sees(f"#list li:has-text('{sentence}')")
