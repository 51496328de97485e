"""Pictures of the portal for the docs: the first content of every office on a kiosk of Coblong.

A real portal that hands in, touched by a real browser on a clock that stands still. Whoever is seen
there is made up. Upright as most kiosks are; one picture of a screen that lies.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

from playwright.sync_api import Browser, Page

from portal.handing import OWN
from portal.inquiry import Inquiry
from portal.numbers import COPIES
from portal.server import PortalServer
from portal.tickets import Tickets
from tests.support.chromium import still_context
from tests.support.citizens import KIOSK, OfficeKeys, Wall, a_handing
from tests.support.filling import NIK
from tests.support.offered import SITE, offering, starter
from wire.citizen import Answer, Called, Notice, Standing, Sync, Visit
from wire.local import Local
from wire.service import receipt
from wire.service.days import Date
from wire.service.document import Words
from wire.submission import canonical

UPRIGHT: Final = {"width": 1080, "height": 1920}
LYING: Final = {"width": 1920, "height": 1080}
NOW: Final = 1_795_487_400_000  # Tuesday 24 November 2026, 09:30 in Bandung
HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR
NUMBER: Final = receipt.number(KIOSK, 42, Date(2026, 11, 20))
TAIL: Final = "4321"
VISITS: Final = tuple(
    Visit(
        uid=str(n),
        starts=NOW + n * DAY,
        ends=NOW + n * DAY + 4 * HOUR,
        district=district,
        place=place,
        services=services,
        quota=quota,
    )
    for n, district, place, services, quota in (
        (1, "32.73.02", "Lapangan RW 05, Lebak Siliwangi", ("Rekam KTP-el", "Kartu Keluarga"), 60),
        (3, "32.73.02", "Balai RW 11, Dago", ("Rekam KTP-el", "Akta kelahiran"), 40),
        (2, "32.73.01", "Halaman kantor kelurahan Sarijadi", ("Kartu Identitas Anak",), 50),
    )
)
READY: Final = Standing(
    number=NUMBER, service="KEC-SKTM", state="ready", since=NOW - DAY,
    why="Bawa KTP asli dan tanda terima ke loket 2.", file_number="0007/KEC-SKTM/32.73.02/2026",
)  # fmt: skip

LETTER: Final = "K"
NEWS: Final = Sync(
    at=NOW - HOUR,
    visits=VISITS,
    called=(Called(day="2026-11-24", letter=LETTER, number=12),),
    notices=(
        Notice(
            words=Words("Loket tutup pukul 12.00 karena upacara. Silakan ajukan di layar ini."),
            starts=NOW + HOUR,
            ends=NOW + DAY,
        ),
    ),
)
LATER: Final = NOW + HOUR  # when somebody was called, and something is announced


class Office(Inquiry):
    """Knows one number and answers at once."""

    def __init__(self) -> None:
        super().__init__(Path("/nowhere"))

    def ask(self, number: str, tail: str) -> Answer | None:  # noqa: ARG002 - whoever asks
        return Answer(id="0" * 32, found=True, standing=READY)


@contextmanager
def kiosk(folder: Path, clock: Wall) -> Iterator[PortalServer]:
    """On line, with everything that a kiosk has but a printer."""
    keys, tray = OfficeKeys(), folder / "tray"
    handing = a_handing(tray, keys, wall_ms=Wall(NOW))
    for copy in COPIES:  # a kiosk begins where chance says; pictures do not
        (tray / OWN / copy).write_text("41\n")
    tickets = Tickets(tray)
    tickets.take("2026-11-24", LETTER, 0)
    online = Local(at=NOW, online=True, online_since=NOW - DAY, clock="sure")
    its: dict[str, Any] = {
        "clock": clock,
        "local": lambda: online,
        "sync": lambda: NEWS,
        "handing": handing,
        "tickets": tickets,
        "inquiry": Office(),
    }
    files = starter() | {"keys.json": canonical(keys.public)}
    with offering(folder / "content", SITE, files, **its) as portal:
        yield portal


class Walk:
    """A citizen's finger on a still screen; `keep` takes a picture."""

    def __init__(self, page: Page, folder: Path) -> None:
        self.page, self._folder = page, folder

    def touch(self, what: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(what).first.tap()

    def onward(self, **typed: str) -> None:
        for name, text in typed.items():
            self.page.fill(f"[name={name}]", text)
        self.touch(".actions .button.big")

    def keep(self, name: str) -> None:
        self.page.evaluate("document.activeElement.blur(); document.fonts.ready")
        self.page.wait_for_timeout(400)
        self.page.screenshot(path=self._folder / f"portal-{name}.png")


def take(browser: Browser, folder: Path, scratch: Path) -> None:
    """Every picture of the portal into `folder`."""
    clock = Wall(NOW)
    with kiosk(scratch, clock) as portal:
        home = f"http://127.0.0.1:{portal.server_port}"
        for size, stories in (
            (UPRIGHT, (looking, applying, complaining)),
            (LYING, (lying,)),
            (UPRIGHT, (inviting,)),
        ):
            for story in stories:
                context = still_context(
                    browser, viewport=size, has_touch=True, timezone_id="Asia/Jakarta",
                    base_url=home,
                )  # fmt: skip
                page = context.new_page()
                clock.ms = LATER if story is inviting else NOW
                page.clock.set_fixed_time(clock.ms / 1000)
                portal.desk.end()
                portal.desk.screen.proven = True
                page.goto("/")
                story(Walk(page, folder))
                context.close()


def looking(walk: Walk) -> None:
    walk.keep("kiosk")
    for name, path in (("inform", "/informasi/DUK-KTPEL"), ("visits", "/jemput-bola")):
        walk.page.goto(path)
        walk.keep(name)
    walk.page.goto("/status")
    walk.page.fill("#number", NUMBER)
    walk.page.fill("#tail", TAIL)
    with walk.page.expect_navigation():
        walk.page.press("#tail", "Enter")
    walk.keep("status")


def applying(walk: Walk) -> None:
    walk.page.goto("/perizinan/KEC-SKTM")
    walk.onward()
    walk.page.fill("[name=nik]", NIK)
    walk.page.fill("[name=nama]", "Warga Contoh")
    walk.keep("apply")


def complaining(walk: Walk) -> None:
    walk.page.goto("/pengaduan")
    walk.keep("complain")
    walk.touch("button[value=complaint]")
    walk.touch("button[value=lampu_jalan]")
    walk.touch("main .touch button")
    walk.page.fill("[name=text]", "Tiga lampu jalan di dekat sekolah mati sejak Senin malam.")
    walk.keep("story")
    walk.onward()
    walk.page.locator(".anonymous").tap()
    walk.onward(pin="4821")
    walk.onward()
    walk.keep("receipt")


def lying(walk: Walk) -> None:
    walk.touch("footer button[lang=su]")
    walk.keep("lying")


def inviting(walk: Walk) -> None:
    """As `idle.js` opens it when nobody is here."""
    walk.page.wait_for_selector("#attract .served li", state="attached")
    walk.page.evaluate("document.querySelector('#attract').hidden = false")
    walk.keep("invite")
