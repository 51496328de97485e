"""A page that is well, and those that real browsers show wrongly or not at all."""

import json
from pathlib import Path

import pytest

from portal import words
from portal.content import NOTHING, Release
from provisioning.players.devices.page import Seen, seen
from tests.support.installing import page

PNG = b"\x89PNG\r\n\x1a\n..."


def shown(folder: Path, look: str = "", banner: bytes = b"") -> Release:
    """Release 4 as the portal has read it."""
    more = {"look.css": look.encode(), "banner.png": banner}
    named = {name: file for name, file in more.items() if file}
    keys = {"look.css": "look", "banner.png": "banner"}
    tree = page("Selamat datang", named, **{keys[name]: name for name in named})
    for name, body in tree.items():
        (folder / name).write_bytes(body)
    assert json.loads(tree["content.json"])["v"] == 1
    return Release(4, words.parse(tree["content.json"], tree), folder, {})


def test_what_is_built_in_is_well() -> None:
    assert seen(NOTHING) == Seen()


def test_a_release_that_is_well_shows_its_number_and_its_words(tmp_path: Path) -> None:
    found = seen(shown(tmp_path, "body { color: navy } .x { display: none }", PNG))
    assert (found.release, found.blank, found.bad) == (4, False, ())


@pytest.mark.parametrize(
    "look",
    [
        "body { display: none }",
        "*{visibility:hidden}",
        ".a{color:red} html, body { margin: 0; opacity: 0; }",
        "body{opacity:0}",
    ],
)
def test_a_look_that_hides_all_leaves_the_page_blank(tmp_path: Path, look: str) -> None:
    assert seen(shown(tmp_path, look)).blank


@pytest.mark.parametrize("look", ["body{opacity:0.9}", "p{display:none}", "/* body */"])
def test_a_look_that_hides_little_does_not(tmp_path: Path, look: str) -> None:
    assert not seen(shown(tmp_path, look)).blank


def test_a_banner_that_is_no_picture_is_missed(tmp_path: Path) -> None:
    assert seen(shown(tmp_path, banner=b"not found")).bad == ("/content/banner.png",)


def test_a_file_that_has_gone_is_no_crash(tmp_path: Path) -> None:
    release = shown(tmp_path, "body{}", PNG)
    (tmp_path / "banner.png").unlink()
    assert seen(release).bad
