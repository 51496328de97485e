"""Pictures of a real page: small, and none of a citizen's form or a dark screen."""

import hashlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from agent.actions import attaching, screenshot
from agent.actions.base import Failed
from agent.actions.screenshot import size_of
from tests.agent.actions.browsers import KioskBrowser
from tests.agent.actions.conftest import Bench
from wire.messages import Attachment

NOISE = """(() => {
  const canvas = document.createElement("canvas");
  canvas.width = innerWidth; canvas.height = innerHeight;
  const brush = canvas.getContext("2d"), all = brush.createImageData(canvas.width, canvas.height);
  let seed = 1;
  for (let at = 0; at < all.data.length; at++)
    all.data[at] = at % 4 == 3 ? 255 : (seed = seed * 48271 % 2147483647) & 255;
  brush.putImageData(all, 0, 0);
  document.body.replaceChildren(canvas);
  document.body.style.margin = "0";
  return true;
})()"""


@pytest.fixture(autouse=True)
def taken(monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """What would be handed in; the door itself is played where it is the subject."""
    pictures: list[bytes] = []

    def attach(_: Any, content: bytes, kind: str) -> Attachment:
        pictures.append(content)
        digest = hashlib.sha256(content).hexdigest()
        return Attachment(sha256=digest, size=len(content), type=kind)

    monkeypatch.setattr(screenshot, "attach", attach)
    assert attaching
    return pictures


def test_a_picture_is_a_jpeg_of_half_the_size(
    bench: Bench, browser: KioskBrowser, taken: list[bytes]
) -> None:
    ended = bench.run("screenshot")
    width, height = browser.evaluate("[innerWidth, innerHeight]")
    assert ended.state == "succeeded"
    assert abs(int(str(ended.facts["width"])) - width / 2) <= 1
    assert abs(int(str(ended.facts["height"])) - height / 2) <= 1
    assert ended.facts["page"] == browser.url
    assert ended.attachment is not None
    assert ended.attachment.size == ended.facts["bytes"] == len(taken[0]) <= 100_000


def test_a_picture_full_of_noise_is_made_to_fit(
    bench: Bench, browser: KioskBrowser, taken: list[bytes]
) -> None:
    assert browser.evaluate(NOISE)
    assert bench.run("screenshot").state == "succeeded"
    assert 10_000 < len(taken[0]) <= 100_000


def test_no_picture_of_a_citizens_form(
    bench: Bench, browser: KioskBrowser, taken: list[bytes]
) -> None:
    browser.evaluate("document.querySelector('#name').value = 'Siti'")
    assert bench.run("screenshot").code == "citizen"
    assert taken == []


def test_a_citizen_who_begins_while_it_is_taken_is_not_on_it(
    browser: KioskBrowser,
) -> None:
    browser.evaluate("document.documentElement.dataset.session = 'open'")
    with pytest.raises(Failed) as failed:
        screenshot._capture(browser.place, 50, {"width": 100, "height": 100, "scale": 0.5})
    assert failed.value.code == "citizen"


def test_a_dark_screen_is_not_woken(bench: Bench, tmp_path: Path) -> None:
    bench.settings["probes"]["browser"] = {"port": 9, "expected": "http://127.0.0.1/"}
    folder = tmp_path / "sys/class/drm/card0-HDMI-A-1"
    folder.mkdir(parents=True)
    for name, text in {"status": "connected", "enabled": "disabled", "dpms": "Off"}.items():
        (folder / name).write_text(text)
    screen = {"root": str(tmp_path), "display": "", "wayland": ""}
    bench.settings["probes"]["screen"] = screen
    assert bench.run("screenshot").code == "dark"


def session_said(bench: Bench, portal: Any, word: str) -> None:
    bench.settings["probes"]["portal"] = {"port": portal.server_port}
    portal.said.say(word)


def test_a_hung_page_gives_the_displays_picture_when_nobody_was_there(
    bench: Bench, browser: KioskBrowser, program: Callable[[str, str], str],
    a_portal: Any, taken: list[bytes],
) -> None:  # fmt: skip
    tmp_path = bench.folder
    bench.run("screenshot")
    (tmp_path / "seen.jpg").write_bytes(taken[0])
    grab = program("grab", f'echo "$@" > {tmp_path}/asked; cat {tmp_path}/seen.jpg')
    bench.settings["actions"]["screenshot"] = {"display": [grab, "{quality}", "{scale}"]}
    session_said(bench, a_portal, "closed")
    browser.hang()
    ended = bench.run("screenshot")
    assert (ended.state, ended.facts["of"]) == ("succeeded", "display")
    assert (tmp_path / "asked").read_text() == "50 0.5\n"


@pytest.mark.parametrize("word", ["open", "unknown"])
def test_a_hung_page_gives_none_when_somebody_may_be_there(
    bench: Bench, browser: KioskBrowser, a_portal: Any, taken: list[bytes], word: str
) -> None:
    session_said(bench, a_portal, word)
    browser.hang()
    assert bench.run("screenshot").code == "not_answering"
    assert taken == []


def test_the_program_is_that_of_the_display_server(bench: Bench) -> None:
    bench.settings["probes"]["screen"] = {"wayland": "wayland-1", "runtime_dir": "/run/x"}
    words, environment = screenshot.display_program(bench.context("screenshot"))
    assert words[0] == "grim"
    assert environment == {"WAYLAND_DISPLAY": "wayland-1", "XDG_RUNTIME_DIR": "/run/x"}


@pytest.mark.parametrize("bad", [b"", b"\xff\xd8", b"\x89PNG", b"\xff\xd8\xff\xc0\x00"])
def test_what_is_no_picture_is_not_sent(bad: bytes) -> None:
    with pytest.raises(Failed):
        size_of(bad)
