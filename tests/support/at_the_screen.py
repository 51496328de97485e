"""A citizen before a portal: a real Chromium of the kiosk's size, and a finger that touches.

Does what a person does, by what the screens show, from the six tiles to the receipt. Counts the
screens of each errand; every wait is for something to appear; nothing is read from the tray.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from tests.support.chromium import PLAIN, driven, still_context

UPRIGHT: Final = {"width": 1080, "height": 1920}
LYING: Final = {"width": 1920, "height": 1080}
PATIENCE_MS: Final = 60_000
PHONE: Final = "081200004321"
TAIL: Final = PHONE[-4:]
STORY: Final = "Contoh: lampu jalan di depan balai warga padam sejak tiga malam."
# Well made numbers of nobody, by kind of field.
USUAL: Final[Mapping[str, str]] = {
    "nik": "3273056010900009",
    "kk": "3273050101100002",
    "nop": "327301000100100010",
    "nib": "9999999999999",
    "npwp": "9999999999999999",
    "rupiah": "1500000",
    "integer": "2",
    "phone": PHONE,
    "email": "warga@contoh.example",
}
_PLAYS: Final = """film => new Promise((done, failed) => {
  film.onerror = () => failed(film.error);
  film.ontimeupdate = () => film.currentTime > 0.1 && done(film.currentTime);
})"""
_SHOWN: Final = "film => [...film.textTracks].filter(t => t.mode == 'showing').map(t => t.language)"


class Receipt(NamedTuple):
    """`screens`: how many it took, this one counted and the six tiles not."""

    number: str
    tail: str
    screens: int


def with_camera(browser: Any) -> Any:
    """A second Chromium of the same Playwright, with a camera that sees a made-up picture."""
    camera = ["--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream"]
    return browser.browser_type.launch(executable_path=driven(), args=[*PLAIN, *camera])


class Citizen:
    """At the portal of `home` (without a slash); `page` is a Playwright `Page`."""

    def __init__(self, browser: Any, home: str, size: Mapping[str, int] = UPRIGHT) -> None:
        self._context = still_context(
            browser, viewport=size, has_touch=True, timezone_id="Asia/Jakarta"
        )
        self.page = self._context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.home, self.screens = home, list[str]()

    def comes(self, language: str = "id") -> "Citizen":
        """To the six tiles, in their own language."""
        self.page.goto(f"{self.home}/")
        if language != self.language:
            self.touch(f"footer button[lang={language}]")
        assert self.language == language
        self.screens.clear()
        return self

    @property
    def language(self) -> str:
        return str(self.page.get_attribute("html", "lang"))

    @property
    def path(self) -> str:
        return str(self.page.url).removeprefix(self.home).partition("?")[0]

    @property
    def count(self) -> int:
        """Of the screens of this errand, each once."""
        return len(dict.fromkeys(self.screens))

    def touch(self, what: str) -> None:
        """The first of them, and then another page is there."""
        with self.page.expect_navigation():
            self.page.locator(what).first.tap()
        self.screens.append(str(self.page.url).removeprefix(self.home))

    def goes_on(self) -> None:
        self.touch(".actions .button.big")

    def leaves(self) -> None:
        """Says so, and the six tiles are there again for whoever comes next."""
        self.page.locator("form[action='/selesai'] button:visible").first.tap()
        self.page.wait_for_selector("body.home[class='home'] .tile")
        assert self.page.get_attribute("html", "data-known") == "0"

    def goes_away(self) -> None:
        self._context.close()

    def tile(self, path: str) -> str:
        """What the tile says of itself: ok, limited or shut."""
        return str(self.page.get_attribute(f".tile[href='{path}']", "data-state"))

    def reads(self, group: str, service: str) -> int:
        """What a service needs, costs and takes; how many screens that took."""
        self.touch(".tile[href='/informasi']")
        self.touch(f"a[href='/informasi?k={group}']")
        self.touch(f"a[href='/informasi/{service}']")
        assert self.page.locator("section.card").count() >= 5
        return self.count

    def applies(self, service: str, **answers: str) -> Receipt:
        """`answers` by name of the field; for the others something usual is made up."""
        self.touch(".tile[href='/perizinan']")
        self.touch(f"a[href='/perizinan/{service}']")
        self.goes_on()
        while not self.path.endswith("/tanda-terima"):
            if "/isi/" in self.path:
                self._answers(answers)
            else:
                self.goes_on()
        return self._receipt(TAIL)

    def complains(self, text: str = STORY, *, pin: str = "4821", photo: bool = False) -> Receipt:
        """Of the first thing there is, in the first village, without a name."""
        self.touch(".tile[href='/pengaduan']")
        self.touch("button[value=complaint]")
        self.touch("button[name=category]")
        self.touch("button[name=village]")
        self.page.fill("#text", text)
        if photo:
            self._takes_a_picture()
        self.goes_on()
        self.page.locator(".anonymous").tap()
        self.page.fill("#pin", pin)
        self.goes_on()
        self.goes_on()
        assert self.path == "/pengaduan/tanda-terima"
        return self._receipt(pin)

    def asks(self, receipt: Receipt) -> str:
        """How it stands, as a word of the screen."""
        self.touch(".tile[href='/antrian']")
        self.touch("main a[href='/status']")
        self.page.fill("#number", receipt.number.lower().replace("-", " "))
        self.page.fill("#tail", receipt.tail)
        self.goes_on()
        return str(self.page.inner_text("main h1"))

    def looks_for_the_van(self) -> str:
        """What is said of the next visit of the mobile counter in this kecamatan."""
        self.touch(".tile[href='/jemput-bola']")
        return str(self.page.locator("main .page").inner_text())

    def draws_a_ticket(self) -> str:
        """Of the first queue there is; its number."""
        self.page.goto(f"{self.home}/antrian")
        self.touch("main form.item button")
        return str(self.page.inner_text(".ticket"))

    def watches(self) -> list[str]:
        """The first film, begun by its button; in which languages its words are shown below."""
        self.touch(".tile[href='/video']")
        self.touch(".films a")
        film = self.page.locator("video")
        self.page.locator("#play").tap()
        assert film.evaluate(_PLAYS) > 0
        return list(film.evaluate(_SHOWN))

    def _answers(self, answers: Mapping[str, str]) -> None:
        """One screen of questions; a doubt is shown once, and then taken."""
        before = self.path
        for _ in range(2):
            self._fills_in(answers)
            quick = self.page.locator("form.questions > fieldset .touch button")
            self.touch("form.questions .touch button") if quick.count() else self.goes_on()
            if self.path != before:
                return
        said = self.page.locator(".error, .note").all_inner_texts()
        raise AssertionError(f"{before} is not left: {said}")

    def _fills_in(self, answers: Mapping[str, str]) -> None:
        form = self.page.locator("form.questions")
        for field in form.locator(".typed").all():
            kind = str(field.get_attribute("class")).split()[-1]
            write = field.locator("input")
            usual = USUAL.get(kind, "Warga Contoh")
            write.fill(answers.get(str(write.get_attribute("name")), usual))
        for story in form.locator("textarea").all():
            story.fill(STORY)
        for date in form.locator(".date").all():
            for part, said in zip(date.locator("input").all(), ("1", "2", "2020"), strict=True):
                part.fill(said)
        for asked in form.locator("fieldset").all():
            if not asked.locator(":checked").count() and asked.locator(".choices").count():
                asked.locator(".choices label:visible").first.tap()

    def _takes_a_picture(self) -> None:
        self.touch("button[value=foto]")
        self.page.locator("#shoot").tap()
        self.page.wait_for_selector(".taken img")
        self.goes_on()

    def _receipt(self, tail: str) -> Receipt:
        number = self.page.locator(".number").inner_text()
        assert self.page.locator(".receipt .qr svg").is_visible()
        return Receipt(number, tail, self.count)
