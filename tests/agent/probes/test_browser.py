"""The browser's probe, against a real Chromium and against the simulated one."""

import http.server
import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Protocol

import pytest

from agent.probes import cdp, websocket
from agent.probes.base import Finding
from agent.probes.browser import Browser, MemoryWatch, is_under
from provisioning.players.devices.cdp_browser import CdpDevice
from tests.agent.probes.test_process_memory import process
from tests.support.child import free_port
from tests.support.chromium import RealChromium
from tests.support.wait import until

PATIENCE_S = 0.5
NOWHERE = Path("/no-such-proc")


class Page(http.server.BaseHTTPRequestHandler):
    """A page that forbids itself every script."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/html")
        self.send_header("Content-Security-Policy", "default-src 'none'")
        self.end_headers()
        self.wfile.write(b"<h1>Selamat datang</h1>")

    def log_message(self, *args: object) -> None:
        pass


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


class Shown(Protocol):
    """What a test does to a browser, real or simulated."""

    port: int

    def hang(self) -> None: ...
    def crash(self) -> None: ...
    def reload(self) -> None: ...
    def show_error_page(self) -> None: ...
    def go_elsewhere(self) -> None: ...
    def close_page(self) -> None: ...
    def kill(self) -> None: ...


class RealBrowser:
    """A Chromium on its home page, steered through a second session of our own."""

    def __init__(self, chromium: RealChromium, home: str) -> None:
        self.port, self.kill = chromium.port, chromium.kill
        self._home = home
        page = until(self._page, 15)
        assert page is not None
        path = "/" + page.path.partition("://")[2].partition("/")[2]
        self._socket = websocket.Socket("127.0.0.1", self.port, path, 5)
        self._number = 0
        until(self._loaded, 15)

    def _loaded(self) -> bool:
        expression = "location.href + document.readyState"
        answer = self.ask("Runtime.evaluate", expression=expression)
        return bool(answer["result"]["result"]["value"] == f"{self._home}complete")

    def _page(self) -> cdp.Target | None:
        found = [page for page in cdp.pages(self.port, 5) if page.url == self._home]
        return found[0] if found else None

    def tell(self, method: str, **params: object) -> int:
        self._number += 1
        question = {"id": self._number, "method": method, "params": params}
        self._socket.send(json.dumps(question).encode())
        return self._number

    def ask(self, method: str, **params: object) -> Any:
        number = self.tell(method, **params)
        while (text := self._socket.receive(10)) is not None:
            message = json.loads(text)
            if message.get("id") == number:
                return message
        raise AssertionError(f"no answer to {method}")

    def hang(self) -> None:
        self.tell("Runtime.evaluate", expression="while (true) {}")

    def crash(self) -> None:
        self.tell("Page.crash")

    def reload(self) -> None:
        self.tell("Runtime.terminateExecution")
        self.ask("Page.navigate", url=self._home)
        self.tell("Page.reload")

    def show_error_page(self) -> None:
        self.tell("Page.navigate", url=f"http://127.0.0.1:{free_port()}/")

    def go_elsewhere(self) -> None:
        self.tell("Page.navigate", url="data:text/html,elsewhere")

    def close_page(self) -> None:
        self.ask("Target.createTarget", url="about:blank")
        self.tell("Page.close")


class SimulatedBrowser:
    def __init__(self, device: CdpDevice) -> None:
        self.port = device.port
        self.hang, self.crash, self.kill = device.hang, device.crash, device.kill
        self.reload, self.show_error_page = device.reload, device.show_error_page
        self._device = device

    def go_elsewhere(self) -> None:
        self._device.url = "http://127.0.0.1:1/"

    def close_page(self) -> None:
        self._device.close_page()


@pytest.fixture(params=["real", "simulated"])
def shown(request: pytest.FixtureRequest, site: str) -> Shown:
    if request.param == "real":
        return RealBrowser(request.getfixturevalue("chromium")(site), site)
    device: CdpDevice = request.getfixturevalue("cdp_device")
    device.home = device.url = site
    return SimulatedBrowser(device)


Look = Callable[[], Finding]


@pytest.fixture
def look(shown: Shown, site: str) -> Look:
    return Browser(shown.port, site, patience_s=PATIENCE_S, proc=NOWHERE).observe


def comes(look: Look, *codes: str) -> Finding:
    """The first look that says exactly these codes and is not unknown."""
    seen: list[Finding] = []

    def said() -> bool:
        seen.append(look())
        return seen[-1].codes == codes and seen[-1].state != "unknown"

    try:
        until(said, 15, 0.05)
    except AssertionError:
        raise AssertionError(f"never {codes}, last {seen[-3:]}") from None
    return seen[-1]


def test_the_right_page_that_beats_and_is_seen_is_ok_under_a_strict_policy(
    look: Look, site: str
) -> None:
    finding = comes(look)
    assert finding.state == "ok"
    assert finding.facts["alive"] is True
    assert finding.facts["page"] == site
    assert finding.facts["right_page"] is True
    assert finding.facts["visible"] is True
    assert 0 <= float(finding.facts["beat_age_s"] or 0) < 5


def test_a_hung_page_is_told_and_so_is_its_recovery(shown: Shown, look: Look) -> None:
    comes(look)
    shown.hang()
    finding = comes(look, "browser.hung")
    assert finding.state == "fail"
    assert finding.facts["alive"] is True
    shown.reload()
    assert comes(look).state == "ok"


def test_a_page_that_hung_before_the_probe_came_is_told(shown: Shown, look: Look) -> None:
    shown.hang()
    assert comes(look, "browser.hung").state == "fail"


def test_a_page_that_hangs_for_long_is_tried_with_a_fresh_session(shown: Shown, look: Look) -> None:
    comes(look)
    shown.hang()
    comes(look, "browser.hung")
    # among them one by a session of its own, which a busy browser may not open in time
    assert {look().codes for _ in range(6)} <= {("browser.hung",), ()}
    comes(look, "browser.hung")
    shown.reload()
    assert comes(look).state == "ok"


def test_a_crashed_page_is_told_and_so_is_its_recovery(shown: Shown, look: Look) -> None:
    comes(look)
    shown.crash()
    assert comes(look, "browser.crashed").state == "fail"
    shown.reload()
    assert comes(look).state == "ok"


def test_a_page_that_crashed_before_the_probe_came_is_told(shown: Shown, look: Look) -> None:
    shown.crash()
    assert comes(look, "browser.crashed").state == "fail"


def test_an_error_page_goes_on_beating_and_is_told_all_the_same(shown: Shown, look: Look) -> None:
    comes(look)
    shown.show_error_page()
    finding = comes(look, "browser.error_page")
    assert finding.facts["right_page"] is False
    shown.reload()
    assert comes(look).state == "ok"


def test_another_page_is_told(shown: Shown, look: Look) -> None:
    comes(look)
    shown.go_elsewhere()
    assert comes(look, "browser.wrong_page").facts["right_page"] is False
    shown.reload()
    assert comes(look).state == "ok"


def test_a_closed_page_is_no_right_page(shown: Shown, look: Look) -> None:
    comes(look)
    shown.close_page()
    finding = comes(look, "browser.wrong_page")
    assert finding.facts["alive"] is True


def test_a_browser_that_ended_is_not_running(shown: Shown, look: Look) -> None:
    comes(look)
    shown.kill()
    finding = comes(look, "browser.not_running")
    assert finding.facts == {"alive": False}


def test_a_port_where_nobody_listens_is_a_browser_that_does_not_run() -> None:
    assert Browser(free_port(), "http://x/").observe().codes == ("browser.not_running",)


def test_a_page_that_is_not_in_front_is_hidden(cdp_device: CdpDevice) -> None:
    cdp_device.visible = False
    assert Browser(cdp_device.port, cdp_device.home, proc=NOWHERE).observe().codes == (
        "browser.hidden",
    )


def test_a_real_page_behind_another_is_hidden(
    chromium: Callable[[str], RealChromium], site: str
) -> None:
    browser = chromium(site)
    real = RealBrowser(browser, site)
    look = Browser(browser.port, site, proc=NOWHERE).observe
    comes(look)
    real.ask("Target.createTarget", url="about:blank")
    comes(look, "browser.hidden")


def test_a_loop_that_answers_but_does_not_turn_is_hung(cdp_device: CdpDevice) -> None:
    cdp_device.beat_age_s = 30
    finding = Browser(cdp_device.port, cdp_device.home, proc=NOWHERE).observe()
    assert finding.codes == ("browser.hung",)
    assert finding.facts["beat_age_s"] == 30


def test_a_browser_that_freezes_whole_is_unknown_or_hung_and_comes_back(
    cdp_device: CdpDevice,
) -> None:
    probe = Browser(cdp_device.port, cdp_device.home, patience_s=0.1, proc=NOWHERE)
    comes(probe.observe)
    cdp_device.freeze()
    states = [probe.observe().state for _ in range(6)]
    assert "ok" not in states
    cdp_device.thaw()
    assert comes(probe.observe).state == "ok"


def test_an_address_is_told_without_what_stands_behind_the_question_mark(
    cdp_device: CdpDevice,
) -> None:
    cdp_device.url = "http://127.0.0.1:8080/cek?nik=3273000000000000#x"
    finding = Browser(cdp_device.port, "http://127.0.0.1:8080/", proc=NOWHERE).observe()
    assert finding.facts["page"] == "http://127.0.0.1:8080/cek"
    assert "3273" not in repr(finding)


def test_a_real_browser_tells_its_memory(
    chromium: Callable[[str], RealChromium], site: str
) -> None:
    browser = chromium(site)
    finding = comes(Browser(browser.port, site, memory_high_mb=1).observe, "browser.memory_high")
    assert int(finding.facts["processes"] or 0) > 2
    assert int(finding.facts["pss_mb"] or 0) > 50
    assert finding.state == "warn"


def test_memory_is_added_up_seldom(tmp_path: Path) -> None:
    now = [0.0]
    watch = MemoryWatch(tmp_path, 9222, 100, 300, lambda: now[0])
    process(tmp_path, 10, 1, "chromium", "--remote-debugging-port=9222", pss_kb=204_800)
    assert watch.look() == ({"processes": 1, "pss_mb": 200}, True)
    (tmp_path / "10" / "smaps_rollup").write_text("Pss: 1024 kB\n")
    now[0] = 299
    assert watch.look()[1] is True
    now[0] = 300
    assert watch.look() == ({"processes": 1, "pss_mb": 1}, False)


@pytest.mark.parametrize(
    ("url", "expected", "under"),
    [
        ("http://a:80/x", "http://a:80/", True),
        ("http://a:8080/", "http://a:80", False),
        ("http://a/x", "http://a/x", True),
        ("http://a/x?y", "http://a/x", True),
        ("http://a/x/y", "http://a/x", True),
        ("http://a/xy", "http://a/x", False),
        ("http://b/", "http://a/", False),
        ("", "http://a/", False),
    ],
)
def test_only_what_lies_under_the_expected_address_is_right(
    url: str,
    expected: str,
    under: bool,  # noqa: FBT001 - a table
) -> None:
    assert is_under(url, expected) is under
