"""Row 66: pages and machines from elsewhere that would like to talk to the portal."""

import http.client
import re
from collections.abc import Iterator

import pytest

from portal.queue import Given
from portal.routes import ROUTES
from portal.server import PortalServer
from tests.support.offered import offering, pack
from tests.support.visitor import Visitor

POSTS = [re.sub(r"\{\w+\}", "x", one.pattern) for one in ROUTES if one.method == "POST"]


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    with offering(tmp_path_factory.mktemp("content")) as running:
        yield running


def status(portal: PortalServer, method: str, path: str, **headers: str) -> int:
    line = http.client.HTTPConnection("127.0.0.1", portal.server_port, timeout=10)
    line.putrequest(method, path, skip_host=True)
    for name, value in headers.items():
        line.putheader(name.replace("_", "-"), value)
    line.endheaders()
    code = line.getresponse().status
    line.close()
    return code


def test_row_66_the_portal_is_on_this_machine_only(portal: PortalServer) -> None:
    assert portal.server_address[0] == "127.0.0.1"


@pytest.mark.parametrize("method", ["GET", "POST"])
@pytest.mark.parametrize(
    "host", ["kiosk.evil.example", "10.0.0.5:8080", "127.0.0.1", "localhost:1"]
)
def test_row_66_a_name_that_was_bound_anew_is_refused(
    portal: PortalServer, method: str, host: str
) -> None:
    assert status(portal, method, "/informasi", Host=host, Content_Length="0") == 421


@pytest.mark.parametrize("path", POSTS)
def test_row_66_no_form_is_taken_from_another_origin(portal: PortalServer, path: str) -> None:
    host = f"127.0.0.1:{portal.server_port}"
    before = portal.desk.screen.sitting
    for origin in ("https://evil.example", "null", f"https://{host}", "http://127.0.0.1"):
        told = {"Host": host, "Origin": origin, "Content_Length": "0"}
        assert status(portal, "POST", path, **told) == 403
    assert status(portal, "POST", path, Host=host, Content_Length="0") == 403
    assert portal.desk.screen.sitting is before


def test_row_66_a_form_without_end_or_of_any_size_is_not_read(portal: PortalServer) -> None:
    host = f"127.0.0.1:{portal.server_port}"
    told = {"Host": host, "Origin": f"http://{host}"}
    assert status(portal, "POST", "/status", **told) == 411
    for size in ("99999999", "9" * 30, "-1", "²"):
        code = status(portal, "POST", "/status", **told, Content_Length=size)
        assert code in (411, 413)


def test_row_66_another_browsers_cookie_sees_nothing_of_the_citizen(portal: PortalServer) -> None:
    citizen, other = Visitor(portal), Visitor(portal)
    citizen.get("/informasi")
    sitting = portal.desk.screen.sitting
    assert sitting is not None
    sitting.drafts["ticket"] = Given("A-001", pack("DKP-KTP-01"), "2026-11-23", printed=True)
    assert "A-001" in citizen.get("/antrian/nomor")
    other.cookie = "sitting=guessed"
    assert "A-001" not in other.get("/antrian/nomor")
