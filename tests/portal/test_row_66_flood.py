"""Row 66, from this very machine: whoever floods the portal takes no page from the citizen."""

import contextlib
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from portal import lines
from portal.asked import MOST_BODY
from portal.server import PortalServer
from tests.support.child import Child, free_port
from tests.support.filling import NIK
from tests.support.offered import SITE, offering, tree
from tests.support.shown import put
from tests.support.visitor import Visitor
from tests.support.wait import until

ROOT = Path(__file__).parents[2]
MOST_MB = 60


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PortalServer]:
    with offering(tmp_path) as running:
        yield running


def line_to(port: int, said: bytes = b"") -> socket.socket:
    line = socket.create_connection(("127.0.0.1", port), timeout=30)
    line.sendall(said)
    return line


def was_closed(line: socket.socket) -> bool:
    try:
        return line.recv(1_000) == b""
    except ConnectionResetError:
        return True


def test_row_66_hundreds_of_silent_lines_are_sent_away_and_one_that_ends_makes_room(
    portal: PortalServer,
) -> None:
    with contextlib.ExitStack() as held:
        every = [held.enter_context(line_to(portal.server_port)) for _ in range(lines.MOST + 9)]
        assert was_closed(every[-1])
        assert len(portal.lines) <= lines.MOST
        for one in every:
            one.close()
        until(lambda: len(portal.lines) == 0, 10)
    assert "data-state" in Visitor(portal).get("/")


def test_row_66_a_letter_now_and_then_does_not_hold_a_line_for_ever(portal: PortalServer) -> None:
    now = [0.0]
    portal.lines._clock = lambda: now[0]
    with line_to(portal.server_port, b"GET / HTTP/1.1\r\nHo") as slow:
        until(lambda: len(portal.lines) == 1, 10)
        now[0] = lines.ASKED_WITHIN_S + 1
        slow.sendall(b"s")
        assert was_closed(slow)
    until(lambda: len(portal.lines) == 0, 10)


def test_a_form_that_is_too_large_hears_so_though_it_is_still_sent(portal: PortalServer) -> None:
    citizen = Visitor(portal)
    citizen.post("/status", number="9" * (2 * MOST_BODY))
    assert citizen.status == 413


def test_row_66_forms_of_megabytes_on_every_line_leave_the_portal_small(tmp_path: Path) -> None:
    port = free_port()
    put(tmp_path / "content", 1, tree())
    words = ["--port", str(port), "--site", SITE, "--content", str(tmp_path / "content")]
    program = [sys.executable, "-m", "portal", *words]
    portal = Child(program, tmp_path / "log", {"PYTHONPATH": str(ROOT)})
    portal.wait_for_port(port)
    host = f"127.0.0.1:{port}"
    head = f"POST /status HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: "
    body = b"number=" + NIK.encode() + b"9" * (MOST_BODY - 100_000)
    try:
        with contextlib.ExitStack() as held:
            for _ in range(lines.MOST):
                one = held.enter_context(line_to(port, f"{head}{MOST_BODY}\r\n\r\n".encode()))
                with contextlib.suppress(OSError):  # sent away
                    one.sendall(body)
            used = psutil.Process(portal.pid).memory_full_info().uss / 2**20
            assert used <= MOST_MB
    finally:
        portal.stop()


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_row_66_a_foreign_page_that_shows_a_picture_of_ours_ends_nobodys_form(
    portal: PortalServer, site: str
) -> None:
    citizen = Visitor(portal)
    citizen.get("/informasi")
    sitting = portal.desk.screen.sitting
    foreign = Visitor(portal)
    foreign.ask("GET", "/informasi", {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": "image"})
    assert foreign.status == 403
    foreign.ask("GET", "/informasi", {"Sec-Fetch-Site": site, "Sec-Fetch-Dest": "document"})
    assert (foreign.status, foreign.headers["location"]) == (303, "/")
    assert portal.desk.screen.sitting is sitting


def test_row_65_no_browser_is_left_on_a_page_without_a_way_home(portal: PortalServer) -> None:
    person = Visitor(portal)
    told = {"Sec-Fetch-Site": "none", "Sec-Fetch-Dest": "document"}
    for method, path in (
        ("GET", "/selesai"),
        ("GET", "/nothing"),
        ("POST", "/"),
        ("GET", "/cetak"),
    ):
        person.ask(method, path, told)
        assert (person.status, person.headers["location"]) == (303, "/"), path
    person.ask("GET", "/nothing")
    assert person.status == 404
