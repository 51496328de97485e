"""The portal as a browser and a probe meet it."""

import json
import socket
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.probes.portal import Portal
from portal.server import PortalServer

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
