"""The portal as a browser and a probe meet it."""

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.probes.portal import Portal
from portal.lines import LARGE, MOST_LARGE
from portal.server import PortalServer
from tests.portal.test_content import words
from tests.support.installing import portal_of
from tests.support.shown import put
from tests.support.visitor import Visitor
from tests.support.wait import until

if TYPE_CHECKING:
    from playwright.sync_api import Page

HOSTILE = '<script>alert("x")</script>'
SIZES = [(1080, 1920), (1920, 1080), (768, 1366), (1366, 768)]


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def portal(notices: Path) -> Iterator[PortalServer]:
    since = "2026-01-02T03:04:05+00:00"
    server = PortalServer(0, f"bandung-coblong-01 {HOSTILE}", "1.2.3", since, notices)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def ask(portal: PortalServer, path: str, host: str | None = None) -> tuple[int, str, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{portal.server_port}{path}")
    if host is not None:
        request.add_header("Host", host)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            policy = answer.headers["Content-Security-Policy"]
            return answer.status, policy, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers["Content-Security-Policy"], error.read()


def test_health_tells_version_since_when_and_whether_it_is_open(portal: PortalServer) -> None:
    status, _, body = ask(portal, "/healthz")
    assert status == 200
    assert json.loads(body) == {
        "version": "1.2.3",
        "since": "2026-01-02T03:04:05+00:00",
        "maintenance": False,
        "session": "unknown",
        "release": 0,
        "content": 0,
        "content_shown": 0,
        "content_ok": True,
        "content_why": "",
    }


def test_the_real_probe_finds_the_real_portal_well(portal: PortalServer) -> None:
    finding = Portal(portal.server_port).observe()
    assert finding.state == "ok"
    assert finding.facts["version"] == "1.2.3"


def test_all_five_services_say_honestly_that_they_come_later(portal: PortalServer) -> None:
    page = ask(portal, "/")[2].decode()
    assert page.count("Segera hadir di layar ini") == 5
    assert "<a " not in page
    assert "<button" not in page


def test_a_hostile_kiosk_name_is_shown_and_not_run(portal: PortalServer) -> None:
    page = ask(portal, "/")[2].decode()
    assert HOSTILE not in page
    assert "&lt;script&gt;" in page


@pytest.mark.parametrize("path", ["/", "/healthz", "/portal.css", "/nothing", "/../server.py"])
def test_every_answer_forbids_inline_scripts_and_foreign_sources(
    portal: PortalServer, path: str
) -> None:
    policy = ask(portal, path)[1]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1", "127.0.0.1:1", ""])
def test_a_page_from_elsewhere_is_refused_by_its_host_header(
    portal: PortalServer, host: str
) -> None:
    assert ask(portal, "/", host)[0] == 421


def test_no_file_name_comes_from_a_request(portal: PortalServer) -> None:
    for path in ("/server.py", "/static/portal.css", "/%2e%2e/page.py", "//etc/passwd"):
        assert ask(portal, path)[0] == 404


def test_a_client_that_says_nothing_does_not_keep_others_waiting(portal: PortalServer) -> None:
    with socket.create_connection(("127.0.0.1", portal.server_port), 5):
        assert ask(portal, "/healthz")[0] == 200


def test_who_has_the_answer_to_a_large_form_may_send_the_next(portal: PortalServer) -> None:
    visitor = Visitor(portal)
    for _ in range(20):
        visitor.post("/status", number="9" * (LARGE + 1))
        assert visitor.status < HTTPStatus.INTERNAL_SERVER_ERROR
        assert [portal.lines.take_large(LARGE + 1) for _ in range(MOST_LARGE)] == [
            True
        ] * MOST_LARGE
        for _ in range(MOST_LARGE):
            portal.lines.end_large(LARGE + 1)


def test_it_listens_on_this_machine_only(portal: PortalServer) -> None:
    assert portal.server_address[0] == "127.0.0.1"


def test_the_clock_moves_and_no_policy_is_broken(
    portal: PortalServer, browser_page: "Page"
) -> None:
    said: list[str] = []
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.goto(f"http://127.0.0.1:{portal.server_port}/")
    before = browser_page.inner_text("#clock")
    browser_page.wait_for_function(
        "t => document.getElementById('clock').textContent !== t", arg=before
    )
    assert browser_page.inner_text("#greeting").startswith("Selamat ")
    assert "WIB" in browser_page.inner_text("#date")
    assert said == []


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_everything_fits_upright_and_lying_screens(
    portal: PortalServer, browser_page: "Page", width: int, height: int
) -> None:
    browser_page.set_viewport_size({"width": width, "height": height})
    browser_page.goto(f"http://127.0.0.1:{portal.server_port}/")
    cards = browser_page.eval_on_selector_all(
        ".services li, .welcome",
        "all => all.map(e => e.getBoundingClientRect())"
        ".map(r => [r.left, r.top, r.right, r.bottom])",
    )
    top = browser_page.eval_on_selector("header", "e => e.getBoundingClientRect().bottom")
    foot = browser_page.eval_on_selector("footer", "e => e.getBoundingClientRect().top")
    assert len(cards) == 6
    for left, upper, right, lower in cards:
        assert left >= 0
        assert right <= width
        assert upper >= top
        assert lower <= foot


@pytest.fixture
def with_content(tmp_path: Path) -> Iterator[PortalServer]:
    """Release 4 is in use; it has a style, a picture and a video."""
    banner = b'<svg xmlns="http://www.w3.org/2000/svg" width="400" height="80"></svg>'
    tree = {
        "content.json": words("Rilis empat", look="gaya.css", banner="pesta.svg"),
        "gaya.css": b"body { background: rgb(1, 2, 3); }",
        "pesta.svg": banner,
        "cara.mp4": bytes(range(256)) * 1000,
    }
    put(tmp_path / "layanan", 4, tree)
    with portal_of(tmp_path / "layanan") as running:
        yield running


def part(portal: PortalServer, path: str, asked: str) -> tuple[int, str | None, bytes]:
    request = urllib.request.Request(f"http://127.0.0.1:{portal.server_port}{path}")
    request.add_header("Range", asked)
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, answer.headers["Content-Range"], answer.read()
    except urllib.error.HTTPError as error:
        return error.code, None, b""


def test_files_of_the_release_are_served_by_its_index(with_content: PortalServer) -> None:
    status, policy, body = ask(with_content, "/content/gaya.css?r=4")
    assert (status, body) == (200, b"body { background: rgb(1, 2, 3); }")
    assert "default-src 'none'" in policy
    for path in ("/content/", "/content/../current", "/content/%2e%2e/4.idx", "/content/x.css"):
        assert ask(with_content, path)[0] == 404


def test_a_player_gets_the_part_it_asks_for(with_content: PortalServer) -> None:
    whole = bytes(range(256)) * 1000
    status, said, body = part(with_content, "/content/cara.mp4", "bytes=1000-1999")
    assert (status, said, body) == (206, "bytes 1000-1999/256000", whole[1000:2000])
    assert part(with_content, "/content/cara.mp4", "bytes=999999-")[0] == 416
    assert part(with_content, "/content/cara.mp4", "nonsense")[2] == whole


def test_health_tells_which_release_is_in_use_and_why_it_is_not_shown(
    with_content: PortalServer, tmp_path: Path
) -> None:
    health = json.loads(ask(with_content, "/healthz")[2])
    assert (health["content"], health["content_shown"], health["content_ok"]) == (4, 4, True)
    put(tmp_path / "layanan", 5, {"content.json": b"[]"})
    health = json.loads(ask(with_content, "/healthz")[2])
    assert (health["content"], health["content_shown"], health["content_ok"]) == (5, 4, False)
    assert "content.json" in health["content_why"]
    assert b'data-release="4"' in ask(with_content, "/")[2]


def test_a_page_takes_up_a_new_release_by_itself_but_not_under_a_citizen(
    with_content: PortalServer, tmp_path: Path, browser_page: "Page"
) -> None:
    said: list[str] = []
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.goto(f"http://127.0.0.1:{with_content.server_port}/")
    assert browser_page.inner_text(".welcome p") == "Rilis empat"
    assert "rgb(1, 2, 3)" in browser_page.evaluate("getComputedStyle(document.body).background")
    browser_page.evaluate("document.documentElement.dataset.session = 'open'")
    until(lambda: with_content.session == "open", 10)
    put(tmp_path / "layanan", 5, {"content.json": words("Rilis lima")})
    looked = "() => performance.getEntriesByType('resource').length"
    before = browser_page.evaluate(looked)
    until(lambda: browser_page.evaluate(looked) > before + 1, 20)
    assert browser_page.get_attribute("html", "data-release") == "4"
    browser_page.evaluate("delete document.documentElement.dataset.session")
    browser_page.wait_for_selector("html[data-release='5']", state="attached", timeout=20_000)
    assert browser_page.inner_text(".welcome p") == "Rilis lima"
    assert said == []


def test_a_page_that_is_open_says_so_again_and_again(
    portal: PortalServer, browser_page: "Page"
) -> None:
    browser_page.clock.install()
    browser_page.goto(f"http://127.0.0.1:{portal.server_port}/")
    browser_page.evaluate("document.documentElement.dataset.session = 'open'")
    until(lambda: portal.session == "open", 10)
    told: list[str] = []
    browser_page.on("request", lambda one: told.append(one.url))
    browser_page.clock.run_for(95_000)

    def said_so() -> int:
        browser_page.evaluate("1")  # requests are heard of only while a browser is asked
        return sum("/session/open" in url for url in told)

    until(lambda: said_so() >= 3, 20)
