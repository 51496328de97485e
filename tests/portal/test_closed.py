"""What citizens see while the kiosk is looked after, in a real browser on real sizes."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agent.probes.portal import Portal
from portal.closed import closed
from portal.notice import FILE, Notice
from portal.server import PortalServer
from tests.support.wait import until

if TYPE_CHECKING:
    from playwright.sync_api import Page

SIZES = [(1080, 1920), (1920, 1080), (768, 1366), (1366, 768)]
LONGEST = (
    "Penggantian kertas dan pembersihan layar sentuh oleh petugas kecamatan, kira-kira dua jam"
)


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PortalServer]:
    server = PortalServer(0, "bandung-coblong-01", "1.2.3", "2026-01-02T03:04:05+00:00", tmp_path)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


def url(portal: PortalServer, path: str = "/") -> str:
    return f"http://127.0.0.1:{portal.server_port}{path}"


def health(portal: PortalServer) -> dict[str, object]:
    with urllib.request.urlopen(url(portal, "/healthz"), timeout=5) as answer:
        return dict(json.loads(answer.read()))


def close(folder: Path, why: str = "") -> None:
    (folder / FILE).write_text(json.dumps({"since": 1, "why": why}))


def test_the_agent_hears_that_it_is_closed_and_that_it_is_open_again(
    portal: PortalServer, tmp_path: Path
) -> None:
    look = Portal(portal.server_port).observe
    assert look().codes == ()
    close(tmp_path)
    assert look().codes == ("portal.maintenance",)
    (tmp_path / FILE).unlink()
    assert look().codes == ()


def test_the_words_stand_in_three_languages_and_the_offices_are_escaped() -> None:
    page = closed("kiosk", Notice("<b>x</b>"))
    assert "sedang dirawat" in page
    assert 'lang="su"' in page
    assert 'lang="en"' in page
    assert "&lt;b&gt;x" in page
    assert 'class="why"' not in closed("kiosk", Notice(" "))


def test_the_screen_changes_by_itself_and_back(
    portal: PortalServer, tmp_path: Path, browser_page: "Page"
) -> None:
    said: list[str] = []
    browser_page.on("console", lambda message: said.append(message.text))
    browser_page.goto(url(portal))
    close(tmp_path, "Ganti kertas")
    assert health(portal)["maintenance"] is True
    browser_page.wait_for_selector("text=sedang dirawat", timeout=15_000)
    assert browser_page.inner_text(".why") == "Ganti kertas"
    (tmp_path / FILE).unlink()
    browser_page.wait_for_selector(".services", timeout=15_000)
    assert said == []


def test_a_citizen_in_the_middle_of_something_is_not_interrupted(
    portal: PortalServer, tmp_path: Path, browser_page: "Page"
) -> None:
    browser_page.goto(url(portal))
    until(lambda: health(portal)["session"] == "closed", 10)
    browser_page.evaluate("document.documentElement.dataset.session = 'open'")
    until(lambda: health(portal)["session"] == "open", 10)
    close(tmp_path)
    asked = "/healthz"
    for _ in range(2):  # the page has looked, and looked again
        with browser_page.expect_response(lambda answer: answer.url.endswith(asked)):
            pass
    assert browser_page.query_selector(".services") is not None
    browser_page.evaluate("document.documentElement.dataset.session = 'closed'")
    browser_page.wait_for_selector("text=sedang dirawat", timeout=15_000)


@pytest.mark.parametrize("origin", ["https://evil.example", "null", None])
def test_only_the_page_itself_says_whether_somebody_is_at_it(
    portal: PortalServer, origin: str | None
) -> None:
    request = urllib.request.Request(url(portal, "/session/closed"), method="POST")
    if origin:
        request.add_header("Origin", origin)
    with pytest.raises(urllib.error.HTTPError, match="403"):
        urllib.request.urlopen(request, timeout=5)
    assert health(portal)["session"] == "unknown"


@pytest.mark.parametrize(("width", "height"), SIZES)
def test_the_notice_fits_upright_and_lying_screens(
    portal: PortalServer, tmp_path: Path, browser_page: "Page", width: int, height: int
) -> None:
    close(tmp_path, LONGEST)
    browser_page.set_viewport_size({"width": width, "height": height})
    browser_page.goto(url(portal))
    top = browser_page.eval_on_selector("header", "e => e.getBoundingClientRect().bottom")
    foot = browser_page.eval_on_selector("footer", "e => e.getBoundingClientRect().top")
    boxes = browser_page.eval_on_selector_all(
        ".closed section > *",
        "all => all.map(e => e.getBoundingClientRect())"
        ".map(r => [r.left, r.top, r.right, r.bottom])",
    )
    for left, upper, right, lower in boxes:
        assert left >= 0
        assert right <= width
        assert upper >= top
        assert lower <= foot
