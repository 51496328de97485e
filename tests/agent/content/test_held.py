"""Every chunk that is here is found, and none is believed."""

import hashlib
from pathlib import Path

import pytest

from agent.content.held import Held
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.signed_folder import SignedFolder, stand

PAGE = b"<p>Layanan</p>" * 30
NAME = hashlib.sha256(PAGE).hexdigest()


@pytest.fixture
def shelf(tmp_path: Path) -> Path:
    return tmp_path / "bundle" / "shelf"


def held_in(shelf: Path) -> Held:
    return Held(shelf.parent / "slots", shelf)


@pytest.fixture
def slot(releases: SignedFolder, shelf: Path) -> Path:
    """Of release 1, which has the page in two files."""
    made = releases.publish(BUNDLE, 1, {"a.html": PAGE, "b/c.html": PAGE})
    stand(shelf.parent, made, lambda _: PAGE)
    return shelf.parent / "slots" / "1"


def test_a_chunk_of_the_shelf_is_read_back(shelf: Path) -> None:
    held = held_in(shelf)
    assert not held.has(NAME)
    held.put(NAME, PAGE)
    assert held_in(shelf).read(NAME) == PAGE


@pytest.mark.parametrize("wreck", [b"", PAGE[:-1], PAGE + b"!", bytes(len(PAGE))])
def test_a_chunk_that_a_power_cut_spoilt_is_not_there(shelf: Path, wreck: bytes) -> None:
    held_in(shelf).put(NAME, PAGE)
    (shelf / NAME[:2] / NAME).write_bytes(wreck)
    assert held_in(shelf).read(NAME) is None


def test_a_chunk_in_a_file_of_a_release_is_read(slot: Path, shelf: Path) -> None:
    held = held_in(shelf)
    assert held.read(NAME) == PAGE
    assert held.releases == (1,)
    assert slot.is_dir()


def test_when_one_copy_has_rotted_the_other_is_read(slot: Path, shelf: Path) -> None:
    held = held_in(shelf)
    (slot / "a.html").write_bytes(b"?" * len(PAGE))
    assert held.read(NAME) == PAGE
    (slot / "b/c.html").unlink()
    assert held.read(NAME) is None
    held.put(NAME, PAGE)
    assert held.read(NAME) == PAGE


def test_a_link_in_a_release_is_not_followed(slot: Path, shelf: Path, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").write_bytes(PAGE)
    for path in (slot / "a.html", slot / "b/c.html"):
        path.unlink()
        path.symlink_to(tmp_path / "elsewhere")
    assert held_in(shelf).read(NAME) is None


@pytest.mark.parametrize("name", ["1.idx", "1.about.json"])
def test_a_release_whose_index_cannot_be_read_has_nothing(
    slot: Path, shelf: Path, name: str
) -> None:
    (slot.parent / name).write_bytes(b"{}")
    held = held_in(shelf)
    assert (held.releases, held.has(NAME)) == ((), False)


def test_what_another_release_left_on_the_way_is_taken_off_the_shelf(shelf: Path) -> None:
    held = held_in(shelf)
    other = hashlib.sha256(b"other").hexdigest()
    for name in (NAME, other):
        held.put(name, PAGE if name == NAME else b"other")
        held.part(name).write_bytes(b"half")
    held.keep_only({NAME})
    held.keep_parts({other})
    assert (held.has(NAME), held.has(other)) == (True, False)
    assert (held.begun(NAME), held.begun(other)) == (0, 4)


def test_an_empty_shelf_gives_its_room_back(shelf: Path) -> None:
    held = held_in(shelf)
    held.put(NAME, PAGE)
    held.clear()
    assert not shelf.exists()
    assert held.begun(NAME) == 0


def test_a_kiosk_without_a_release_has_nothing(fetcher: Fetcher) -> None:
    assert fetcher.held().releases == ()
