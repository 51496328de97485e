"""Proof of light from a real browser."""

import json
from collections.abc import Callable, Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from agent.actions.page import Place
from agent.content.health import Unwell
from agent.content.light import Light
from agent.content.stop import Stop
from agent.content.trouble import plain_words
from portal.server import PortalServer
from tests.portal.test_content import words
from tests.support.child import free_port
from tests.support.chromium import RealChromium
from tests.support.installing import portal_of
from tests.support.shown import put

until = Stop().until


def test_a_browser_that_is_not_there_gives_no_light() -> None:
    light = Light(Place(free_port(), "http://127.0.0.1/"))
    assert not light.is_there()
    with pytest.raises(Unwell) as found:
        light.prove(1, until, 0)
    assert found.value.code == "browser_silent"


class Screen:
    """A portal with content, and a browser in front of it."""

    def __init__(self, folder: Path, portal: PortalServer, browser: RealChromium) -> None:
        self.folder = folder
        self.portal = portal
        self.light = Light(Place(browser.port, f"http://127.0.0.1:{portal.server_port}/"))

    def why_not(self, seq: int, within_s: float) -> str:
        with pytest.raises(Unwell) as found:
            self.light.prove(seq, until, within_s)
        return found.value.code


@pytest.fixture
def screen(tmp_path: Path, chromium: Callable[[str], RealChromium]) -> Iterator[Screen]:
    put(tmp_path, 1, {"content.json": words("Satu")})
    with portal_of(tmp_path) as portal:
        yield Screen(tmp_path, portal, chromium(f"http://127.0.0.1:{portal.server_port}/"))


def test_row_23_the_browser_itself_shows_whether_a_release_is_seen(screen: Screen) -> None:
    screen.light.prove(1, until, 60)
    assert screen.light.is_there()
    assert screen.why_not(2, 0) == "page_other"
    hidden = b"html { background: white !important } body { display: none !important }"
    put(screen.folder, 2, {"content.json": words("Dua", look="a.css"), "a.css": hidden})
    until(lambda: screen.why_not(2, 0) == "page_blank", 30)
    assert screen.why_not(2, 1) == "page_blank"
    white = b"body * { color: white !important; background: white !important; border: 0 !important;"
    white += b"stroke: white !important } html, body { background: white !important }"
    put(screen.folder, 3, {"content.json": words("Tiga", look="a.css"), "a.css": white})
    until(lambda: screen.why_not(3, 0) == "page_blank", 30)
    put(screen.folder, 4, {"content.json": words("Empat", banner="a.png"), "a.png": b"no picture"})
    until(lambda: screen.why_not(4, 0) == "page_broken", 30)
    put(screen.folder, 5, {"content.json": words("Lima")})
    screen.light.prove(5, until, 60)


@pytest.mark.parametrize(
    "odd",
    [
        {"release": "\ud800\0"},
        {"age": "x"},
        {"age": []},
        {"wide": None},
        {"wide": "x"},
        {"high": 10**400},
        {"bad": [[]]},
        {"bad": 7},
    ],
)
def test_row_23_whatever_a_page_answers_it_is_no_light_and_told(
    monkeypatch: pytest.MonkeyPatch, odd: dict[str, object]
) -> None:
    good = {"release": "1", "visible": True, "done": True, "words": 5, "bad": [], "age": 0.1}
    answer = json.dumps(good | {"wide": 10, "high": 10} | odd)

    class Talk:
        def evaluate(self, _script: str, _within_s: float) -> str:
            return answer

        def call(self, *_: object, **__: object) -> dict[str, object]:
            return {"data": "bm8gcGljdHVyZQ=="}

    monkeypatch.setattr("agent.content.light.session", lambda *_: nullcontext(Talk()))
    with pytest.raises(Unwell) as found:
        Light(Place(1, "http://127.0.0.1/")).prove(1, until, 0)
    assert found.value.why == plain_words(found.value.why)
