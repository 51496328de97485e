"""Giving commands, watching and agreeing to them in a real Chromium, as on a phone and on a desk.

The database is moved as the office moves it; keys are made and used by the browser itself.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import func, select, update

from controller.store.command_tables import approval, command, job, saved_list
from controller.store.engine import writing
from tests.dashboards.console.conftest import Fleet
from tests.support import axe, showcase, showcase_jobs
from tests.support.chromium import still_context
from tests.support.console import admitted, serving, wear_in_browser
from tests.support.showcase_jobs import answered, asked, govern
from tests.support.signing import Ceremony

NOW = showcase.NOW
PATIENCE_MS = 30_000
PAGES = ("/jobs", "/lists", "/keys", "/account", "/kiosks")
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def ceremony(fleet: Fleet) -> Ceremony:
    made = Ceremony("siang", "malam")
    govern(fleet.engine, made)
    return made


@pytest.fixture
def home(fleet: Fleet) -> Iterator[str]:
    with serving(fleet.engine, lambda: NOW) as address:
        yield address


@pytest.fixture
def page(browser_page: Any) -> Any:
    browser_page.set_default_timeout(PATIENCE_MS)
    browser_page.set_viewport_size(PHONE)
    browser_page.clock.set_fixed_time(NOW / 1000)
    return browser_page


def live(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#live[data-live-state=on]")


def jobs_of(fleet: Fleet) -> list[Any]:
    with fleet.engine.connect() as conn:
        return list(conn.execute(select(job).order_by(job.c.id)))


@pytest.mark.usefixtures("ceremony")
def test_a_command_for_one_kiosk_is_given_from_its_page_and_its_answer_comes_by_itself(
    home: str, fleet: Fleet, page: Any
) -> None:
    name = fleet.names["Gedebage"]
    live(page, f"{home}/kiosks/{name}")
    page.click("#do-screenshot")
    page.wait_for_selector("#act-dialog[open] #act-form-screenshot")
    assert name in page.inner_text("#act-reach")
    page.fill("#act input[name=why]", "halaman macet")
    page.dblclick("#act-send")
    page.wait_for_url("**/jobs/*")
    (made,) = jobs_of(fleet)
    assert (made.kind, made.why, made.count) == ("screenshot", "halaman macet", 1)
    page.wait_for_selector("#live[data-live-state=on]")
    page.wait_for_selector("#answer .run-now:has-text('Antre')")
    answered(fleet.engine, made.id, name, "running", percent=40, sent_at=NOW, accepted_at=NOW)
    page.wait_for_selector("#answer .run-now:has-text('Dikerjakan')")
    answered(fleet.engine, made.id, name, "succeeded", ended_at=NOW + 2_000)
    digest = "c" * 64
    showcase_jobs.hand_in(fleet.engine, made.id, "image/jpeg", showcase_jobs.PICTURE, digest)
    page.wait_for_selector("#answer-title:has-text('Berhasil')")
    seen = page.wait_for_selector("#answer .shot img")
    page.wait_for_function("image => image.complete && image.naturalWidth === 36", arg=seen)


@pytest.mark.usefixtures("ceremony")
def test_the_dialog_counts_anew_when_something_is_changed_and_offers_no_dead_button(
    home: str, fleet: Fleet, page: Any
) -> None:
    live(page, f"{home}/kiosks?state=fail")
    page.click("#act-every")
    page.click("#kind-reboot")
    page.wait_for_selector("#means-count:has-text('4 anjungan')")
    page.click("#spread summary")
    page.select_option("select[name=waves]", "two")
    page.wait_for_selector("#act dd:has-text('2 gelombang: 2 + 2')")
    page.select_option("select[name=window]", "own")
    page.wait_for_selector("input[name=cron]")
    page.fill("input[name=cron]", "kapan saja")
    page.wait_for_selector("#act-send[disabled]")
    page.select_option("select[name=window]", "")
    page.wait_for_selector("#act-send:not([disabled])")
    page.fill("#act input[name=why]", "pembaruan")
    page.click("#act-send")
    page.wait_for_selector("#wave-2")
    (made,) = jobs_of(fleet)
    assert made.plan["waves"] == ["50%", "100%"]
    assert made.asked["query"] == "state=fail"


@pytest.mark.usefixtures("ceremony")
def test_checked_rows_are_commanded_together_and_saved_under_a_name(
    home: str, fleet: Fleet, page: Any
) -> None:
    live(page, f"{home}/kiosks?state=fail")
    for box in page.locator(".pick-box .check").all()[:2]:
        box.check()
    page.wait_for_selector("[data-chosen]:has-text('(2)')")
    page.click(".pick-bar .pick-save summary")
    page.fill(".pick-bar input[name=name]", "Pagi ini")
    page.click("#save-picked")
    page.wait_for_selector("#told")
    with fleet.engine.connect() as conn:
        (row,) = conn.execute(select(saved_list))
    assert row.name == "Pagi ini"
    assert len(row.asked["kiosks"]) == 2
    page.click(f"#saved-{row.id} a[data-act]")
    page.click("#kind-noop")
    page.wait_for_selector("#means-count:has-text('2 anjungan')")
    page.fill("#act input[name=why]", "coba")
    page.click("#act-send")
    page.wait_for_selector("#progress")
    live(page, f"{home}/kiosks?state=fail")
    page.locator(".pick-box .check").first.check()
    page.click("#act-picked")
    page.wait_for_selector("#act-dialog[open] #kinds")
    page.keyboard.press("Escape")
    page.wait_for_selector("#act-dialog[open]", state="hidden")


@pytest.mark.usefixtures("ceremony")
def test_a_job_of_many_lives_and_a_guess_is_marked_as_one(
    home: str, fleet: Fleet, page: Any
) -> None:
    number = showcase_jobs.wave_job(fleet.engine, fleet.names)
    live(page, f"{home}/jobs/{number}")
    page.wait_for_selector("#tally-succeeded:has-text('6')")
    page.wait_for_selector(".is-guess:has-text('diduga')")
    assert page.query_selector("img[src=x]") is None, "what a kiosk says is never markup"
    with fleet.engine.connect() as conn:
        query = select(command.c.kiosk_id).where(command.c.job_id == number)
        one = conn.scalars(query.where(command.c.state == "running")).one()
        name = showcase_jobs.name_of(conn, one)
    answered(fleet.engine, number, name, "succeeded", ended_at=NOW)
    page.wait_for_selector("#tally-succeeded:has-text('7')")
    page.click("#tally-failed")
    page.wait_for_function("() => document.querySelectorAll('#answers .replies > li').length === 1")
    page.click("#job-pause")
    page.wait_for_selector("#told")
    page.click("#job-resume")
    page.wait_for_selector("#job-pause")
    page.click("#job-cancel")
    page.wait_for_selector("#job-state:has-text('Dibatalkan')")
    page.click("#job-retry")
    page.wait_for_url(f"**/jobs/{number + 1}")
    assert jobs_of(fleet)[-1].retry_of == number


def make_key(page: Any, home: str, label: str) -> None:
    live(page, f"{home}/account")
    page.fill("#key-make input[name=label]", label)
    page.click("#make-key")
    page.wait_for_selector("#told")
    page.wait_for_selector(f"#keys li:has-text('{label}') [data-here]:not(.hidden)")
    page.wait_for_selector(f"#keys li:has-text('{label}'):has-text('menunggu upacara')")


def admit(fleet: Fleet, ceremony: Ceremony) -> None:
    """The roots sign a policy that holds every key people made."""
    added = tuple(showcase_jobs.people_keys(fleet.engine))
    policy = ceremony.policy(2, keys=ceremony.policy().keys + added)
    showcase_jobs.enact(fleet.engine, ceremony.signed_policy(policy))


def sign(page: Any, address: str) -> None:
    live(page, address)
    page.click("#agree-do:not([disabled])")
    page.wait_for_selector("#agree-dialog[open], #agree-say:not(.hidden)")
    assert page.is_hidden("#agree-say"), page.inner_text("#agree-say")


def test_two_people_make_keys_in_their_browsers_and_agree_to_what_their_browsers_read(
    home: str, fleet: Fleet, ceremony: Ceremony, page: Any, playwright_browser: Any
) -> None:
    name = fleet.names["Cibiru"]
    make_key(page, home, "Telepon pagi")
    context = still_context(playwright_browser, viewport=PHONE)
    wear_in_browser(context, admitted(fleet.engine, NOW, "sore", ("supervisor", "")))
    other = context.new_page()
    other.set_default_timeout(PATIENCE_MS)
    other.clock.set_fixed_time(NOW / 1000)
    make_key(other, home, "Telepon sore")
    page.goto(f"{home}/keys")
    page.wait_for_selector("code:has-text('anjungan policy admit sore ')")
    admit(fleet, ceremony)
    number = asked(fleet.engine, "wipe", name, args={"kiosk": name}, valid_s=86_400)
    sign(page, f"{home}/jobs/{number}")
    assert page.inner_text("[data-signed=kind]") == "Hapus isi anjungan (wipe)"
    assert page.inner_text("[data-signed=count]") == "1"
    assert page.inner_text("[data-signed=kiosks]") == name
    page.click("#agree-sign")
    page.wait_for_selector("#agree-count:has-text('1 dari 2')")
    assert page.query_selector("#agree-do") is None, "one person, one word"
    sign(other, f"{home}/jobs/{number}")
    other.click("#agree-sign")
    other.wait_for_selector("#job-state:has-text('Disetujui')")
    with fleet.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(approval)) == 2
    context.close()


@pytest.mark.parametrize(
    "lie",
    [
        ({"kind": "reboot"}, "perintah lain"),
        ({"expires": NOW + 5}, "masa berlaku lain"),
        ({"args": {"kiosk": "bdg-regol-1"}}, "isian lain"),
    ],
)
def test_row_51_a_page_that_says_otherwise_than_the_order_gets_no_signature(
    lie: tuple[dict[str, Any], str], home: str, fleet: Fleet, waiting: int, page: Any
) -> None:
    number, (values, word) = waiting, lie
    with writing(fleet.engine) as conn:
        conn.execute(update(job).where(job.c.id == number).values(**values))
    live(page, f"{home}/jobs/{number}")
    page.click("#agree-do:not([disabled])")
    page.wait_for_selector(f"#agree-say:has-text('{word}')")
    assert no_word(fleet)


def test_row_51_a_job_of_more_kiosks_than_its_order_counts_gets_no_signature(
    home: str, fleet: Fleet, waiting: int, page: Any
) -> None:
    showcase_jobs.slip_in(fleet.engine, waiting, fleet.names["Regol"])
    live(page, f"{home}/jobs/{waiting}")
    page.click("#agree-do:not([disabled])")
    page.wait_for_selector("#agree-say:has-text('jumlah anjungan lain')")
    assert no_word(fleet)


def test_row_51_an_order_for_other_kiosks_than_it_lists_gets_no_signature(
    home: str, fleet: Fleet, waiting: int, page: Any
) -> None:
    number = waiting
    with writing(fleet.engine) as conn:
        mine = command.c.job_id == number
        conn.execute(update(command).where(mine).values(after=command.c.after - 1))
    live(page, f"{home}/jobs/{number}")
    page.click("#agree-do:not([disabled])")
    page.wait_for_selector("#agree-say:has-text('daftar anjungan tidak cocok')")
    assert no_word(fleet)


def test_row_51_a_moment_far_from_the_browsers_own_clock_is_not_signed(
    home: str, fleet: Fleet, waiting: int, page: Any
) -> None:
    number = waiting
    page.clock.set_fixed_time(NOW / 1000 + 360)
    live(page, f"{home}/jobs/{number}")
    page.click("#agree-do:not([disabled])")
    page.wait_for_selector("#agree-say:has-text('jam perangkat')")
    assert no_word(fleet)


@pytest.mark.usefixtures("ceremony")
def test_a_browser_that_cannot_sign_says_so_and_how_else(
    home: str, fleet: Fleet, page: Any
) -> None:
    number = asked(fleet.engine, "clear_queue", fleet.names["Cibiru"])
    page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error('no'))")
    live(page, f"{home}/jobs/{number}")
    page.wait_for_selector("#agree-say:has-text('Ed25519')")
    page.wait_for_selector(f"#agree-command:has-text('anjungan agree {number}')")


@pytest.mark.usefixtures("ceremony")
def test_the_key_cannot_be_taken_out_of_the_browser(home: str, page: Any) -> None:
    make_key(page, home, "Telepon")
    kept = page.evaluate(
        """() => new Promise((resolve) => {
          const asked = indexedDB.open("anjungan", 1);
          asked.onsuccess = () => {
            const all = asked.result.transaction("keys").objectStore("keys").getAll();
            all.onsuccess = async () => {
              const { privateKey } = all.result[0].pair;
              let out = "out";
              try { await crypto.subtle.exportKey("pkcs8", privateKey); } catch { out = "kept"; }
              resolve([all.result.length, privateKey.extractable, out]);
            };
          };
        })"""
    )
    assert kept == [1, False, "kept"]


def test_without_a_policy_no_page_offers_a_button_that_would_do_nothing(
    home: str, fleet: Fleet, page: Any
) -> None:
    live(page, f"{home}/kiosks/{fleet.names['Coblong']}")
    page.wait_for_selector("#commands .readiness:has-text('anjungan policy init')")
    assert page.query_selector("#do-reboot") is None
    page.goto(f"{home}/act?kiosk={fleet.names['Coblong']}&kind=reboot")
    page.wait_for_selector("#act-send[disabled]")


@pytest.mark.usefixtures("ceremony")
def test_the_dialog_works_without_scripts(home: str, fleet: Fleet, playwright_browser: Any) -> None:
    context = still_context(playwright_browser, java_script_enabled=False, viewport=PHONE)
    wear_in_browser(context, fleet.admin)
    plain = context.new_page()
    plain.set_default_timeout(PATIENCE_MS)
    plain.goto(f"{home}/kiosks?state=fail")
    for box in plain.locator(".pick-box .check").all()[:2]:
        box.check()
    plain.click("#act-picked")
    plain.click("#kind-noop")
    plain.fill("#act input[name=why]", "tanpa skrip")
    plain.click("#act-send")
    plain.wait_for_url("**/jobs/*")
    context.close()
    assert [row.count for row in jobs_of(fleet)] == [2]


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.usefixtures("ceremony")
def test_axe_finds_nothing_serious_and_no_page_is_wider_than_a_phone(
    home: str, fleet: Fleet, page: Any, theme: str
) -> None:
    shown = showcase_jobs.tell_jobs(fleet.engine, fleet.names)
    name = fleet.names["Coblong"]
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 740})
    acts = (
        f"/act?kiosk={name}",
        f"/act?kiosk={name}&kind=wipe",
        "/act?query=state%3Dfail&kind=noop",
    )
    jobs = [f"/jobs/{number}" for number in shown.values()]
    serious = []
    for path in (
        "/jobs",
        "/lists",
        "/keys",
        "/account",
        "/kiosks",
        f"/kiosks/{name}",
        *acts,
        *jobs,
    ):
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        serious += axe.serious(page, theme, path)
    assert (serious, said) == ([], [])


@pytest.fixture
def waiting(home: str, fleet: Fleet, ceremony: Ceremony, page: Any) -> int:
    """A job that waits, and a key in force in this browser."""
    make_key(page, home, "Telepon")
    admit(fleet, ceremony)
    name = fleet.names["Cibiru"]
    return asked(fleet.engine, "wipe", name, args={"kiosk": name}, valid_s=86_400)


def no_word(fleet: Fleet) -> bool:
    with fleet.engine.connect() as conn:
        return conn.scalar(select(func.count()).select_from(approval)) == 0
