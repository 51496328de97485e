"""Handing in a folder, signing it and watching a rollout in a real Chromium, as on a phone.

Keys are made and used by the browser itself; the controller's part is played by its own clerks.
"""

import json
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from controller.releases import signing as signings
from controller.rollouts import steer
from controller.store.command_tables import operator_key
from controller.store.engine import writing
from controller.store.release_tables import release, rollout, signing, signing_word
from dashboards.console.settings import Settings
from provisioning.release.drafts import Changes
from tests.dashboards.console.conftest import Shelf
from tests.support import axe, showcase
from tests.support.console import serving, wear_in_browser
from tests.support.showcase import MINUTE
from tests.support.showcase_releases import Morning, page_tree

NOW = showcase.NOW
PATIENCE_MS = 30_000
PHONE = {"width": 390, "height": 844}


@pytest.fixture
def home(shelf: Shelf) -> Iterator[str]:
    settings = Settings(releases=shelf.press.releases)
    with serving(shelf.fleet.engine, lambda: NOW, settings) as address:
        yield address


@pytest.fixture
def page(browser_page: Any, shelf: Shelf) -> Any:
    wear_in_browser(browser_page.context, shelf.fleet.admin)
    browser_page.set_default_timeout(PATIENCE_MS)
    browser_page.set_viewport_size(PHONE)
    browser_page.clock.set_fixed_time(NOW / 1000)
    return browser_page


def live(page: Any, address: str) -> None:
    page.goto(address)
    page.wait_for_selector("#live[data-live-state=on]")


def state_of(shelf: Shelf, number: int) -> str:
    with shelf.fleet.engine.connect() as conn:
        return str(conn.scalar(select(release.c.state).where(release.c.id == number)))


def admitted(shelf: Shelf, home: str, page: Any) -> None:
    """A key of this browser that the ceremony has named for content."""
    live(page, f"{home}/account")
    page.fill("#key-make input[name=label]", "Telepon")
    page.click("#make-key")
    page.wait_for_selector("#told")
    with shelf.fleet.engine.connect() as conn:
        (public,) = conn.scalars(select(operator_key.c.public))
    assert len(b64decode(public)) == 32
    shelf.press.held.admit(Changes(add=(("content", public, "Teknisi pagi"),)), now=NOW)
    shelf.press.tick()


@pytest.fixture
def waiting(shelf: Shelf, home: str, page: Any) -> int:
    """A release that waits for one more signature, which a key in this browser may give."""
    shelf.press.sign("layanan")
    shelf.press.tick()
    admitted(shelf, home, page)
    number = shelf.press.waiting("layanan", page_tree("Januari"), "Jadwal Januari")
    assert shelf.press.sign("layanan", 1) == 1
    return number


def open_id(shelf: Shelf) -> int:
    with shelf.fleet.engine.connect() as conn:
        found = signings.open_(conn, "content")
    assert found is not None
    return found.id


def test_a_release_is_signed_in_the_browser_by_what_it_reads_itself(
    shelf: Shelf, home: str, page: Any, waiting: int
) -> None:
    live(page, f"{home}/releases/{waiting}")
    page.click("[data-seal-do]:not([disabled])")
    page.wait_for_selector("#seal-dialog[open]")
    assert page.inner_text("[data-signed=adds]") == "content/layanan-6.idx"
    assert page.inner_text("[data-signed=takes]") == "–"
    page.click("#seal-sign")
    page.wait_for_selector("#release-state:has-text('Ditandatangani')")
    page.wait_for_selector("#live[data-live-state=on]")
    shelf.press.tick()
    page.wait_for_selector("#release-state:has-text('Terbit')")
    page.wait_for_selector("#roll-out")
    assert state_of(shelf, waiting) == "published"


def asked_anew(page: Any) -> None:
    """Every live region was asked for again and is on the page."""
    with page.expect_response(lambda answer: "hx-request" in answer.request.headers):
        page.evaluate("document.dispatchEvent(new CustomEvent('refresh'))")
    page.wait_for_selector("main:not(:has(.htmx-request))")


def spoilt(text: str, **changes: Any) -> str:
    """The text with these of its fields otherwise, in its one form."""
    told = {**json.loads(text), **changes}
    return json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def lies(text: str) -> dict[str, tuple[str, str]]:
    """What somebody who holds the database might have people sign; and the word that refuses it."""
    targets = json.loads(text)["targets"]
    new = "content/layanan-6.idx"
    more = {**targets, "content/layanan-9.idx": targets[new]}
    fewer = {path: one for path, one in targets.items() if path != "content/layanan-1.idx"}
    custom = {**targets[new]["custom"], "min_seq": 6}
    other = {**targets, new: {**targets[new], "custom": custom}}
    old = {**targets["content/layanan-1.idx"], "length": 7}
    return {
        "one more": (spoilt(text, targets=more), "menambah atau mengubah rilis lain"),
        "one fewer": (spoilt(text, targets=fewer), "menambah atau mengubah rilis lain"),
        "an old one": (
            spoilt(text, targets={**targets, "content/layanan-1.idx": old}),
            "menambah atau mengubah rilis lain",
        ),
        "no way back": (spoilt(text, targets=other), "isi rilis menurut teks berbeda"),
        "another version": (spoilt(text, version=99), "versi lain"),
        "for ever": (spoilt(text, expires="2099-01-01T00:00:00Z"), "lebih dari dua tahun"),
        "delegates": (spoilt(text, delegations={"keys": {}, "roles": []}), "tidak berbentuk baku"),
        "another form": (f" {text}", "tidak berbentuk baku"),
    }


def test_a_text_that_says_otherwise_than_the_page_gets_no_signature(
    shelf: Shelf, home: str, page: Any, waiting: int
) -> None:
    number = open_id(shelf)
    with shelf.fleet.engine.connect() as conn:
        text = signings.find(conn, number).text
    for what, (lie, word) in lies(text).items():
        with writing(shelf.fleet.engine) as conn:
            conn.execute(update(signing).where(signing.c.id == number).values(text=lie))
        live(page, f"{home}/releases/{waiting}")
        page.click("[data-seal-do]:not([disabled])")
        page.wait_for_selector("[data-seal-say]:not(.hidden)")
        asked_anew(page)
        assert word in page.inner_text("[data-seal-say]"), what
        assert not page.is_visible("#seal-dialog"), what
    mine = signing_word.c.signing_id == number
    with shelf.fleet.engine.connect() as conn:
        assert conn.scalar(select(func.count()).select_from(signing_word).where(mine)) == 1


def test_a_key_that_the_ceremony_has_not_named_signs_nothing(
    shelf: Shelf, home: str, page: Any
) -> None:
    live(page, f"{home}/releases/{shelf.releases['waiting']}")
    page.click("[data-seal-do]:not([disabled])")
    page.wait_for_selector("[data-seal-say]:has-text('tidak ada kunci Anda')")


def test_a_browser_that_cannot_sign_says_so_and_how_else(
    shelf: Shelf, home: str, page: Any
) -> None:
    page.add_init_script("crypto.subtle.generateKey = () => Promise.reject(new Error('no'))")
    live(page, f"{home}/releases/{shelf.releases['waiting']}")
    page.wait_for_selector("[data-seal-say]:has-text('Ed25519')")
    number = open_id(shelf)
    page.wait_for_selector(f"[data-seal-command]:has-text('anjungan releases sign {number}')")


def folder(tmp_path: Path, files: dict[str, bytes]) -> Path:
    made = tmp_path / "isi"
    for path, body in files.items():
        place = made / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(body)
    return made


def test_a_folder_is_handed_in_file_by_file_though_the_line_is_cut(
    shelf: Shelf, home: str, page: Any, tmp_path: Path
) -> None:
    shelf.press.sign("layanan")
    shelf.press.tick()
    cut: list[str] = []

    def once(route: Any) -> None:
        if not cut:
            cut.append(route.request.url)
            route.abort("connectionreset")
        else:
            route.continue_()

    page.route("**/api/v1/releases/*/files?*", once)
    live(page, f"{home}/releases/new")
    page.fill("[name=note]", "Jadwal Februari")
    files = folder(tmp_path, page_tree("Februari", 600))
    page.set_input_files("[name=folder]", files)
    page.wait_for_selector("#upload-picked:has-text('4 berkas')")
    page.clock.resume()
    page.click("#upload-start")
    page.wait_for_url("**/releases/*?told=check")
    page.wait_for_selector("#changes :text('jadwal/mobil.html')")
    assert len(cut) == 1
    number = int(page.url.split("/")[-1].split("?")[0])
    assert state_of(shelf, number) == "waiting"


def test_what_is_wrong_with_a_folder_is_told_where_it_was_chosen(
    shelf: Shelf, home: str, page: Any, tmp_path: Path
) -> None:
    shelf.press.sign("layanan")
    shelf.press.tick()
    live(page, f"{home}/releases/new")
    page.fill("[name=bundle]", "Huruf Besar")
    page.fill("[name=note]", "coba")
    page.set_input_files("[name=folder]", folder(tmp_path, {"halaman.exe": b"MZ"}))
    page.click("#upload-start")
    page.wait_for_selector("#upload-failed:has-text('Nama bundel')")
    page.fill("[name=bundle]", "video")
    page.click("#upload-start")
    page.wait_for_selector("#upload-problems li:has-text('halaman.exe')")


def test_a_rollout_is_asked_for_after_its_dry_run_and_watched_to_its_end(
    shelf: Shelf, home: str, page: Any
) -> None:
    desk = Morning(shelf.fleet.engine, NOW)
    desk.steer(steer.abort, shelf.rollouts["running"])
    live(page, f"{home}/releases/{shelf.releases['better']}")
    page.click("#roll-out")
    page.wait_for_selector("#dry-phases:has-text('3 + 3 + 51')")
    page.fill("[name=phases]", "3, 100%")
    page.wait_for_selector("#dry-phases:has-text('3 + 54')")
    page.select_option("[name=soak]", "10")
    page.fill("[name=why]", "jadwal Desember")
    page.dblclick("#roll-send:not([disabled])")
    page.wait_for_selector("#rollout-state:has-text('Disetujui')")
    with shelf.fleet.engine.connect() as conn:
        number = conn.scalar(select(func.max(rollout.c.id)))
        assert conn.scalar(select(func.count()).select_from(rollout)) == 4
    page.wait_for_selector("#live[data-live-state=on]")
    desk.tick(1)
    page.wait_for_selector("#phase-1:has-text('berjalan')")
    desk.fetching(desk.wanted(number), 1_000_000, 4_000_000)
    page.wait_for_selector("#shares li:has-text('Mengunduh')")
    desk.settle(desk.wanted(number))
    page.wait_for_selector("#phase-1:has-text('3 dari 3 terpasang')")
    desk.now += 12 * MINUTE
    desk.tick()
    page.wait_for_selector("#phase-2:has-text('berjalan')")
    page.wait_for_selector("#decisions li:has-text('tahap 2')")


def test_a_broken_release_is_seen_to_stop_and_to_go_back(
    shelf: Shelf, home: str, page: Any
) -> None:
    number = shelf.rollouts["running"]
    desk = Morning(shelf.fleet.engine, NOW)
    live(page, f"{home}/rollouts/{number}")
    page.wait_for_selector("#rollout-state:has-text('Berjalan')")
    told = [one.kiosk_id for one in desk.shares(number) if one.wanted_at is not None]
    desk.status(told, inform="no", apply="no", complain="no", watch="no")
    for _ in range(40):
        desk.tick(1)
        desk.settle(desk.wanted(number))
        if desk.row(number).state == "rolling_back":
            break
    page.wait_for_selector("#rollout-state:has-text('Sedang dikembalikan')")
    page.wait_for_selector("#state-why:has-text('tidak melayani')")
    page.wait_for_selector("#side-updated .figure:has-text('11')")
    page.wait_for_selector("#verdict.is-fail")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_serious_and_no_page_is_wider_than_a_phone(
    shelf: Shelf, home: str, page: Any, theme: str
) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(f"{page.url}: {message.text}"))
    page.on("pageerror", lambda error: said.append(f"{page.url}: {error}"))
    page.emulate_media(color_scheme=theme, reduced_motion="reduce")
    page.set_viewport_size({"width": 360, "height": 740})
    new = f"/rollouts/new?release={shelf.releases['second']}"
    kiosk = f"/kiosks/{shelf.fleet.names['Regol']}"
    pages = ["/releases", "/releases/new", "/rollouts", new, kiosk]
    pages += [f"/releases/{number}" for number in shelf.releases.values()]
    pages += [f"/rollouts/{number}" for number in shelf.rollouts.values()]
    serious = []
    for path in pages:
        page.goto(home + path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 360, path
        serious += axe.serious(page, theme, path)
    assert (serious, said) == ([], [])
