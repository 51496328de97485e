"""What issue 5 promises, before a person's eyes: publish, sign, canary, all; broken, stopped, back.

Nothing is replaced: `anjungan up` with Mosquitto, its office and its kiosks; two people with keys
of their own in two browsers; and a Chromium that shows the first kiosk's page to citizens.
JOURNEY_KIOSKS=61 plays the whole fleet, once by hand; REPORT=1 tells how long each part took.
"""

import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any, Final, NamedTuple

import psutil
import pytest
from sqlalchemy import select

from controller.people.powers import Grant
from controller.store.command_tables import operator_key
from controller.store.release_tables import desired, release, reported, share
from provisioning import __main__ as anjungan
from provisioning.release.starter import STARTER
from tests.journeys.test_up import NO_PRINTER, Fleet
from tests.support.child import free_port
from tests.support.chromium import RealChromium
from tests.support.publisher import DESK, Publisher, tree
from tests.support.technician import hire
from tests.support.wait import until

KIOSKS: Final = int(os.environ.get("JOURNEY_KIOSKS", "10"))
CANARY, HELD = 3, -(-KIOSKS // 10)
SIZES: Final = f"{CANARY} + {KIOSKS - CANARY - HELD}"
QUIET: Final = ("--speed", "0.0001", "--seed", "10")  # with it nobody begins in trouble
PATIENCE_S: Final = 180.0 + 4 * KIOSKS
TENANT: Final = "tenants/32.73"
OLD, NEW, OTHER = "Apa yang dapat kami bantu?", "Pilih layanan.", "Ketuk layanan."
BLANK: Final = {
    "look.css": ("main {", "body { display: none }\nmain {"),
    f"{TENANT}/look.css": (":root {", "body { display: none }\n:root {"),
}
pytestmark = pytest.mark.timeout(600 + 20 * KIOSKS)


class Release(NamedTuple):
    """`id` in the console's addresses; `seq` is its number among those of the bundle."""

    id: int
    seq: int


class House(NamedTuple):
    """`screen` is the first kiosk's page as its own browser shows it, a Playwright `Page`."""

    fleet: Fleet
    pagi: Publisher
    sore: Publisher
    screen: Any
    folder: Path

    def greets(self, name: str, words: str) -> Release:
        """Published: what citizens are greeted with."""
        return self.publish(name, {f"{TENANT}/tenant.json": (OLD, words)})

    def publish(self, name: str, changes: Mapping[str, tuple[str, str]]) -> Release:
        """Handed in by one, signed by two, published by the office."""
        changed = tree(self.folder / name, STARTER, changes)
        made = self.pagi.hands_in(changed, name)
        self.pagi.signs(made)
        self.sore.signs(made)
        for person in (self.sore, self.pagi):
            person.goes_to(f"/releases/{made}")
            person.sees("#release-state:has-text('Terbit')")
        with self.fleet.engine.connect() as conn:
            seq = conn.scalar(select(release.c.seq).where(release.c.id == made))
        return Release(made, seq or 0)

    def in_use(self) -> list[int]:
        """What each kiosk said last that it has."""
        with self.fleet.engine.connect() as conn:
            return list(conn.scalars(select(reported.c.seq)))

    def all_have(self, seq: int) -> None:
        until(lambda: self.in_use() == [seq] * KIOSKS, PATIENCE_S, 0.2)

    def shows(self, seq: int, words: str) -> None:
        """To citizens, at the first kiosk."""
        page = f"html[data-release='{seq}'] main:has-text('{words}')"
        self.screen.wait_for_selector(page, timeout=60_000)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, playwright_browser: Any) -> Iterator[House]:
    """Everybody shows the first release, and two people have keys that count for the next."""
    folder = tmp_path_factory.mktemp("house")
    portal = free_port()
    browser = RealChromium(folder, f"http://127.0.0.1:{portal}/")
    ports = ("--browser-port", str(browser.port), "--portal-port", str(portal))
    fleet = Fleet(folder / "state", *NO_PRINTER, *QUIET, *ports, kiosks=KIOSKS)
    try:
        fleet.wait_for("kiosks are up")
        hire(fleet.engine, "pagi", "Operator pagi", Grant("operator", ""))
        hire(fleet.engine, "sore", "Operator sore", Grant("operator", ""))
        home = f"http://127.0.0.1:{fleet.port}"
        pagi = Publisher(playwright_browser, home, "pagi")
        sore = Publisher(playwright_browser, home, "sore", DESK)
        play = playwright_browser.browser_type
        seen = play.connect_over_cdp(f"http://127.0.0.1:{browser.port}").contexts[0].pages[0]
        made = House(fleet, pagi, sore, seen, folder)
        pagi.makes_key("Telepon pagi")
        sore.makes_key("Laptop sore")
        the_roots_admit_them(fleet)
        made.all_have(1)
        yield made
    finally:
        fleet.close()
        browser.stop()


def the_roots_admit_them(fleet: Fleet) -> None:
    """The ceremony: as typed where the keys of the roots are at hand."""
    with fleet.engine.connect() as conn:
        keys = conn.execute(select(operator_key.c.public, operator_key.c.label)).all()
    adds = [word for public, label in keys for word in ("--add", "content", f"{public}={label}")]
    where = ("--database", str(fleet.engine.url), "--releases", str(fleet.state / "releases"))
    hand = ("--at-hand", str(fleet.state / "authority" / "release-keys"))
    assert anjungan.main(["releases", "keys", "admit", *hand, *adds, *where]) == 0


@contextmanager
def timed(what: str) -> Iterator[Callable[[str], None]]:
    """Told with REPORT=1; the block may tell of moments on its way."""
    begun = time.monotonic()

    def tell(moment: str) -> None:
        if os.environ.get("REPORT"):
            sys.stderr.write(f"{what}: {moment} after {time.monotonic() - begun:.1f} s\n")

    yield tell
    tell("done")


def ends(person: Publisher, word: str) -> None:
    """The rollout whose page is open."""
    end = f"#rollout-state:has-text('{word}')"
    person.page.wait_for_selector(end, timeout=1000 * PATIENCE_S)


def test_a_changed_bundle_is_published_tried_on_three_and_then_on_all(house: House) -> None:
    pagi = house.pagi
    with timed("publish"):
        made = house.greets("kalimat baru", NEW)
    pagi.rolls_out(made.id, "kalimat baru", SIZES, held="10", soak="0")
    with timed("go") as tell:
        pagi.sees("#phase-1.is-open")
        pagi.sees(f"#phase-1:has-text('{CANARY} dari {CANARY} terpasang')")
        tell("the canary has it")
        pagi.sees("#phase-2.is-open")
        ends(pagi, "Selesai")
    assert pagi.page.locator("#decisions li:has-text('Tahap dibuka')").count() == 3
    pagi.sees(f"#progress-title:has-text('{KIOSKS} dari {KIOSKS} terpasang')")
    assert house.in_use() == [made.seq] * KIOSKS
    house.shows(made.seq, NEW)


def test_a_broken_page_stops_in_the_canary_and_goes_back_by_itself(house: House) -> None:
    pagi, before = house.pagi, house.in_use()
    made = house.publish("warna baru", BLANK)
    number = pagi.rolls_out(made.id, "warna baru", SIZES, held="10")
    with timed("broken") as tell:
        pagi.sees("#state-why:has-text('kembali sendiri')")
        tell("stopped")
        ends(pagi, "Dikembalikan")
    pagi.sees("#verdict:has-text('peluang')")
    pagi.sees("#decisions li.is-fail:has-text('Dihentikan')")
    bad, told = pagi.figures("updated")
    assert 2 <= bad <= told <= CANARY
    assert pagi.figures("control")[0] == 0
    with house.fleet.engine.connect() as conn:
        others = select(share.c.state).where(share.c.rollout_id == number, share.c.phase > 1)
        asked = set(conn.scalars(others))
        wanted = list(conn.scalars(select(desired.c.seq)))
    assert (asked, wanted) == ({"waiting"}, before)
    house.all_have(before[0])
    house.shows(before[0], "layanan")


def test_everything_is_killed_in_the_middle_and_all_have_it_in_the_end(house: House) -> None:
    sore, fleet, before = house.sore, house.fleet, house.in_use()
    made = house.greets("kalimat lain", OTHER)
    sore.rolls_out(made.id, "kalimat lain", SIZES, held="10", soak="0")
    until(lambda: made.seq in house.in_use(), PATIENCE_S)
    power_cut(fleet)
    assert before[0] in house.in_use()
    fleet.start()
    with timed("killed"):
        ends(sore, "Selesai")
    house.all_have(made.seq)
    house.shows(made.seq, OTHER)


def power_cut(fleet: Fleet) -> None:
    """Office, broker and kiosks at once; only the disk stays."""
    up = psutil.Process(fleet.process.pid)
    for one in (up, *up.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # an installer that was just done
            one.kill()
    fleet.process.wait(10)
