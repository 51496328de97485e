"""The release in use, as the portal finds it on the disk."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.content import Content
from tests.support.shown import put, use

CARD = {"picture": "visit", "name": "Jemput Bola", "promise": "Jadwal", "soon": ""}


def words(opening: str, **more: object) -> bytes:
    return json.dumps({"v": 1, "opening": opening, "services": [CARD], **more}).encode()


def test_without_a_release_it_is_what_was_built_in(tmp_path: Path) -> None:
    for folder in (None, tmp_path / "none"):
        state = Content(folder).look()
        assert (state.seq, state.ok, state.shown.seq) == (0, True, 0)


def test_a_switch_is_seen_at_the_next_look(tmp_path: Path) -> None:
    content = Content(tmp_path)
    for seq in (1, 2):
        put(tmp_path, seq, {"content.json": words(f"Rilis {seq}")})
        state = content.look()
        assert (state.seq, state.ok) == (seq, True)
        assert state.shown.words is not None
        assert state.shown.words.opening == f"Rilis {seq}"


def test_who_has_waited_for_another_look_does_not_put_the_release_of_before_back(
    tmp_path: Path,
) -> None:
    for seq in (2, 1):
        put(tmp_path, seq, {"content.json": words(f"Rilis {seq}")})
    content = Content(tmp_path)

    @contextmanager
    def overtaken() -> Iterator[None]:
        use(tmp_path, 2)
        yield

    vars(content)["_lock"] = overtaken()
    assert content.look().seq == 2


@pytest.mark.parametrize(
    "tree",
    [
        {"content.json": b"{"},
        {"content.json": words("x", look="missing.css")},
        {"other.txt": b"no page at all"},
    ],
)
def test_row_23_what_cannot_be_shown_is_not_and_the_last_good_one_stays(
    tmp_path: Path, tree: dict[str, bytes]
) -> None:
    content = Content(tmp_path)
    put(tmp_path, 1, {"content.json": words("Baik")})
    content.look()
    put(tmp_path, 2, tree)
    state = content.look()
    assert (state.seq, state.ok, state.shown.seq) == (2, False, 1)
    assert state.why
    use(tmp_path, 1)
    assert content.look().ok


def test_only_files_of_the_index_whose_bytes_are_right_are_given_out(tmp_path: Path) -> None:
    put(tmp_path, 1, {"content.json": words("x"), "a.txt": b"aaa", "b.js": b"evil", "c.txt": b"c"})
    (tmp_path / "slots/1/extra.txt").write_text("not signed")
    (tmp_path / "slots/1/c.txt").write_text("C")
    content = Content(tmp_path)
    found = content.open("a.txt")
    assert found is not None
    with found.stream:
        assert (found.kind, found.stream.read()) == ("text/plain; charset=utf-8", b"aaa")
    for path in ("b.js", "c.txt", "extra.txt", "../1.idx", "/etc/passwd", "", "content.json/x"):
        assert content.open(path) is None


def test_a_file_that_rots_after_it_was_checked_is_not_given_out(tmp_path: Path) -> None:
    put(tmp_path, 1, {"content.json": words("x"), "a.txt": b"aaa"})
    content = Content(tmp_path)
    first = content.open("a.txt")
    assert first is not None
    first.stream.close()
    (tmp_path / "slots/1/a.txt").write_bytes(b"bbb")
    assert content.open("a.txt") is None


@pytest.mark.parametrize("link", ["slots/7", "elsewhere", "slots/x", "../1"])
def test_a_link_to_nowhere_shows_what_was_good(tmp_path: Path, link: str) -> None:
    put(tmp_path, 1, {"content.json": words("Baik")})
    content = Content(tmp_path)
    content.look()
    (tmp_path / "current").unlink()
    (tmp_path / "current").symlink_to(link)
    state = content.look()
    assert (state.ok, state.shown.seq) == (False, 1)


def test_a_rotten_index_shows_nothing_of_it(tmp_path: Path) -> None:
    put(tmp_path, 1, {"content.json": words("x")})
    index = tmp_path / "slots/1.idx"
    index.write_bytes(index.read_bytes().replace(b"content.json", b"../../../../x"[:12]))
    state = Content(tmp_path).look()
    assert (state.ok, state.shown.seq) == (False, 0)
