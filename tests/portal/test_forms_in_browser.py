"""Both forms in a real browser, by touch: the fewest screens, and what axe-core finds on each."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from tests.support.axe import serious
from tests.support.chromium import still_context
from tests.support.filling import APPLY, NIK, Counter, counter
from tests.support.offered import MONDAY
from wire.citizen import Reported, Sync
from wire.local import Local

if TYPE_CHECKING:
    from playwright.sync_api import Page

KNOWN = Reported(
    category="jalan", village="32.73.02.1001", count=3, newest=MONDAY, number="261101-0001-ABCDE-F"
)
SIZES = {"upright": (1080, 1920), "lying": (1920, 1080)}


@pytest.fixture(scope="module")
def kiosk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Counter]:
    online = Local(at=MONDAY, online=True, online_since=MONDAY)
    sync = Sync(at=MONDAY, reported=(KNOWN,))
    folder = tmp_path_factory.mktemp("kiosk")
    given: dict[str, Any] = {"local": lambda: online, "sync": lambda: sync}
    with counter(folder, photos_at="https://pintu.example/foto", **given) as found:
        yield found


class Walk:
    """A citizen's finger. Every screen that is left was looked at by axe, and counted."""

    def __init__(self, page: "Page", kiosk: Counter) -> None:
        self.page, self.found = page, list[str]()
        self.base = f"http://127.0.0.1:{kiosk.portal.server_port}"
        self.screens: list[str] = []

    def see(self) -> None:
        path = self.page.url.removeprefix(self.base).partition("?")[0]
        self.screens.append(path)
        self.found += serious(self.page, "light", path)
        wide = self.page.evaluate("document.documentElement.scrollWidth - innerWidth")
        self.found += [f"{path} is {wide} wider than the screen"] if wide > 0 else []

    def touch(self, what: str) -> None:
        with self.page.expect_navigation():
            self.page.locator(what).first.tap()
        self.see()

    def go(self) -> None:
        self.touch(".actions .button.big")

    def write(self, name: str, text: str) -> None:
        self.page.fill(f"[name={name}]", text)


@pytest.fixture
def walk(request: Any, playwright_browser: Any, kiosk: Counter) -> Iterator[Walk]:
    width, height = SIZES[request.param]
    context = still_context(
        playwright_browser, viewport={"width": width, "height": height}, has_touch=True,
        timezone_id="Asia/Jakarta",
    )  # fmt: skip
    found = Walk(context.new_page(), kiosk)
    yield found
    context.close()


@pytest.mark.parametrize("walk", ["upright"], indirect=True)
def test_an_application_is_made_by_touch_in_five_screens(walk: Walk, kiosk: Counter) -> None:
    walk.page.goto(walk.base + APPLY)
    walk.see()
    walk.go()
    walk.write("nik", "123")
    walk.go()  # the same screen, with what is wrong
    walk.write("nik", NIK)
    walk.write("nama", "Warga Contoh")
    walk.page.locator(".choices label:has([value=lain])").tap()
    walk.go()
    walk.write("phone", "081200004321")
    walk.go()
    walk.go()
    assert walk.found == []
    assert len(dict.fromkeys(walk.screens)) == 5
    assert walk.page.locator(".number").inner_text() == kiosk.heads()[-1].number


@pytest.mark.parametrize("walk", ["lying"], indirect=True)
def test_a_complaint_is_made_by_touch_in_seven_screens(walk: Walk, kiosk: Counter) -> None:
    walk.page.goto(walk.base + "/pengaduan")
    walk.see()
    walk.touch("button[value=complaint]")
    walk.touch("button[value=jalan]")
    walk.touch("main .touch button")
    walk.write("text", "Jalan berlubang besar di depan pasar")
    walk.go()
    walk.page.locator(".anonymous").tap()
    assert walk.page.locator("#pin").is_visible()
    assert not walk.page.locator("#name").is_visible()
    walk.write("pin", "4821")
    walk.go()
    walk.go()
    assert walk.found == []
    assert len(dict.fromkeys(walk.screens)) == 7
    assert walk.page.locator(".number").inner_text() == kiosk.heads()[-1].number


@pytest.mark.parametrize("walk", ["upright"], indirect=True)
def test_the_map_and_the_camera_are_a_touch_away_and_lead_back(walk: Walk) -> None:
    walk.page.goto(walk.base + "/pengaduan")
    walk.touch("button[value=complaint]")
    walk.touch("button[value=jalan]")
    walk.touch("main .touch button")
    walk.write("text", "Jalan berlubang besar di depan pasar")
    walk.touch("button[value=peta]")
    walk.touch("#map")
    picture = walk.page.request.get(walk.base + "/pengaduan/peta.svg").text()
    assert "<circle" in picture
    walk.go()
    walk.touch("button[value=foto]")
    assert walk.page.locator(".own .qr").is_visible()
    walk.go()
    assert walk.page.input_value("#text") == "Jalan berlubang besar di depan pasar"
    assert walk.found == []
