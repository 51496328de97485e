"""The simulated browser, spoken to as the documentation says. (The probe meets it elsewhere.)"""

import base64
import json
import urllib.request
from typing import Any

import pytest

from agent.actions.page import Place
from agent.content.health import Unwell
from agent.content.light import Light
from agent.probes import cdp, websocket
from provisioning.players.devices.cdp_browser import ERROR_PAGE, PAGE, CdpDevice
from provisioning.players.devices.page import Seen
from tests.support.wait import until


def test_its_list_has_the_fields_of_a_real_one(cdp_device: CdpDevice) -> None:
    with urllib.request.urlopen(f"http://127.0.0.1:{cdp_device.port}/json/list", timeout=5) as all_:
        (page,) = json.loads(all_.read())
    assert {"id", "type", "url", "webSocketDebuggerUrl"} <= page.keys()
    assert page["webSocketDebuggerUrl"].startswith(f"ws://127.0.0.1:{cdp_device.port}/devtools/")


def test_a_listener_hears_of_crash_and_return_at_once(cdp_device: CdpDevice) -> None:
    link = websocket.Socket("127.0.0.1", cdp_device.port, PAGE, 2)
    link.send(b'{"id": 1, "method": "Inspector.enable", "params": {}}')
    assert json.loads(link.receive(2) or b"") == {"id": 1, "result": {}}
    cdp_device.crash()
    assert b"Inspector.targetCrashed" in (link.receive(2) or b"")
    cdp_device.reload()
    assert b"Inspector.targetReloadedAfterCrash" in (link.receive(2) or b"")
    link.close()


def test_a_browser_started_again_is_at_home_and_well(cdp_device: CdpDevice) -> None:
    cdp_device.show_error_page()
    cdp_device.crash()
    assert cdp_device.url == ERROR_PAGE
    cdp_device.kill()
    cdp_device.start()
    page = cdp.pages(cdp_device.port, 2)[0]
    assert page.url == cdp_device.home
    assert "visible" in cdp.Session(page, cdp_device.port, 2, "1").evaluate("1", 2)


class Asker:
    """One session; `ask` gives the result of a method, None when nothing came in time."""

    def __init__(self, device: CdpDevice) -> None:
        path = "/" + cdp.pages(device.port, 2)[0].path.partition("://")[2].partition("/")[2]
        self._link, self._number = websocket.Socket("127.0.0.1", device.port, path, 2), 0

    def ask(self, method: str, within_s: float = 2.0, **params: object) -> dict[str, Any] | None:
        self._number += 1
        question = {"id": self._number, "method": method, "params": params}
        self._link.send(json.dumps(question).encode())
        while (text := self._link.receive(within_s)) is not None:
            said = json.loads(text)
            if said.get("id") == self._number:
                return dict(said["result"])
        return None


def value(of: Asker, script: str) -> Any:
    told = of.ask("Runtime.evaluate", expression=script)
    assert told is not None
    return told["result"]["value"]


def version(device: CdpDevice) -> str:
    with urllib.request.urlopen(f"http://127.0.0.1:{device.port}/json/version", timeout=5) as told:
        return str(json.loads(told.read())["webSocketDebuggerUrl"])


def listens(device: CdpDevice) -> bool:
    try:
        return bool(cdp.pages(device.port, 2))
    except OSError:
        return False


def picture(of: Asker) -> bytes:
    told = of.ask("Page.captureScreenshot", format="jpeg", quality=50)
    assert told is not None
    return base64.b64decode(told["data"])


def test_it_shows_a_picture_of_its_own(cdp_device: CdpDevice) -> None:
    cdp_device.shows = "bdg-andir-1"
    one = picture(Asker(cdp_device))
    cdp_device.shows = "bdg-andir-2"
    other = picture(Asker(cdp_device))
    assert one.startswith(b"\xff\xd8")
    assert one != other
    assert len(one) < 100_000


def test_a_script_is_known_by_a_word_in_it(cdp_device: CdpDevice) -> None:
    page = Asker(cdp_device)
    for citizen in (False, True):
        cdp_device.citizen = citizen
        assert value(page, "document.documentElement.dataset.session") is citizen
    assert value(page, "[innerWidth, innerHeight]") == [1920, 1080]


def test_a_page_that_was_loaded_anew_is_younger(cdp_device: CdpDevice) -> None:
    page = Asker(cdp_device)
    before = value(page, "performance.timeOrigin")
    page.ask("Page.reload")
    assert value(page, "performance.timeOrigin") > before


def test_ending_its_process_and_loading_it_helps_a_page_that_hangs(cdp_device: CdpDevice) -> None:
    cdp_device.hang()
    page = Asker(cdp_device)
    page.ask("Page.crash", 0.2)
    page.ask("Page.navigate", url=cdp_device.home)
    assert value(page, "1")


def test_a_hung_page_takes_a_reload_and_stays_hung_but_shows_its_picture(
    cdp_device: CdpDevice,
) -> None:
    cdp_device.hang()
    page = Asker(cdp_device)
    assert page.ask("Page.reload") == {}
    assert picture(page)
    assert cdp_device.hung
    assert Asker(cdp_device).ask("Runtime.evaluate", 0.2, expression="1") is None
    assert cdp_device.reloads == 1


@pytest.mark.parametrize("stubborn", [False, True])
def test_ending_its_script_helps_a_hung_page_that_is_not_stubborn(
    cdp_device: CdpDevice,
    stubborn: bool,  # noqa: FBT001
) -> None:
    cdp_device.hang(stubborn=stubborn)
    assert Asker(cdp_device).ask("Runtime.terminateExecution") == {}
    assert cdp_device.hung is stubborn


def test_a_closed_browser_comes_back_as_another_one_and_well(cdp_device: CdpDevice) -> None:
    cdp_device.hang(stubborn=True)
    cdp_device.back_s = 0.2
    before = version(cdp_device)
    Asker(cdp_device).ask("Browser.close")
    until(lambda: not listens(cdp_device), 5, 0.005)
    until(lambda: listens(cdp_device), 5)
    assert version(cdp_device) != before
    assert (cdp_device.lives, cdp_device.hung) == (2, False)
    assert Asker(cdp_device).ask("Runtime.evaluate", expression="1")


def test_a_page_that_is_reloaded_says_when_it_is_there(cdp_device: CdpDevice) -> None:
    link = websocket.Socket("127.0.0.1", cdp_device.port, PAGE, 2)
    link.send(b'{"id": 1, "method": "Page.reload", "params": {}}')
    heard = [json.loads(link.receive(2) or b"{}") for _ in range(2)]
    assert heard[1]["method"] == "Page.loadEventFired"
    link.close()


def test_a_hung_page_gives_way_to_one_that_was_created(cdp_device: CdpDevice) -> None:
    cdp_device.hang()
    asker = Asker(cdp_device)
    made = asker.ask("Target.createTarget", url=cdp_device.home)
    assert made == {"targetId": "2"}
    assert [page.path.rpartition("/")[2] for page in cdp.pages(cdp_device.port, 2)] == ["2", "1"]
    asker.ask("Target.closeTarget", targetId="1")
    assert [page.path.rpartition("/")[2] for page in cdp.pages(cdp_device.port, 2)] == ["2"]
    assert not cdp_device.hung


def test_a_stubborn_page_does_not_close_and_the_last_page_may(cdp_device: CdpDevice) -> None:
    cdp_device.hang(stubborn=True)
    asker = Asker(cdp_device)
    asker.ask("Target.createTarget", url=cdp_device.home)
    asker.ask("Target.closeTarget", targetId="1")
    assert cdp_device.hung
    cdp_device.kill()
    cdp_device.start()
    (page,) = cdp.pages(cdp_device.port, 2)
    asker = Asker(cdp_device)
    asker.ask("Target.closeTarget", targetId=page.path.rpartition("/")[2])
    assert cdp_device.closed


def proven(device: CdpDevice) -> str:
    """What the kiosk's own proof of light makes of release 3: a code, empty when it is well."""
    try:
        Light(Place(device.port, device.home)).prove(3, lambda is_well, _: is_well(), 0.0)
    except Unwell as unwell:
        return unwell.code
    return ""


@pytest.mark.parametrize(
    ("seen", "code"),
    [
        (Seen(3), ""),
        (Seen(2), "page_other"),
        (Seen(3, 0), "page_blank"),
        (Seen(3, bad=("/content/banner.png",)), "page_broken"),
    ],
)
def test_what_it_shows_of_a_release_is_proven_as_on_a_real_kiosk(
    cdp_device: CdpDevice, seen: Seen, code: str
) -> None:
    cdp_device.seen = lambda: seen
    assert proven(cdp_device) == code


def test_a_page_elsewhere_or_behind_proves_nothing(cdp_device: CdpDevice) -> None:
    cdp_device.seen = lambda: Seen(3)
    cdp_device.visible = False
    assert proven(cdp_device) == "page_hidden"
    cdp_device.url = "https://example.org/"
    assert proven(cdp_device) == "page_other"


def test_a_blank_page_is_a_blank_picture(cdp_device: CdpDevice) -> None:
    before = cdp_device.picture()
    cdp_device.seen = lambda: Seen(3, 0)
    assert cdp_device.picture() != before
