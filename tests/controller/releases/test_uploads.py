"""Files of a draft on their way in."""

import os
from pathlib import Path

import pytest

from controller.jobs.refused import Refused
from controller.releases import uploads
from controller.releases.folder import Releases


@pytest.fixture
def shop(tmp_path: Path) -> Releases:
    made = Releases(tmp_path / "releases")
    made.make()
    uploads.clear(made, 1)
    return made


def put(shop: Releases, path: str, body: bytes, size: int | None = None, number: int = 1) -> None:
    with uploads.incoming(shop, number, path, len(body) if size is None else size) as sink:
        for at in range(0, len(body), 3):
            sink.write(body[at : at + 3])


def code(shop: Releases, path: str, body: bytes, size: int | None = None, number: int = 1) -> str:
    with pytest.raises(Refused) as refused:
        put(shop, path, body, size, number)
    return refused.value.code


def left(shop: Releases) -> list[str]:
    return sorted(one.name for one in shop.draft(1).rglob("*") if one.is_file())


def test_pieces_become_a_file_and_the_last_word_counts(shop: Releases) -> None:
    put(shop, "a/b.txt", b"first words")
    put(shop, "a/b.txt", b"second")
    assert (shop.draft(1) / "a/b.txt").read_bytes() == b"second"


def test_row_18_paths_that_climb_are_refused(shop: Releases) -> None:
    for path in ("../x", "/etc/x", "a/../../x", "a//b", ".", "", "a\0b", "x" * 300, "a\\b"):
        assert code(shop, path, b"x") == "path"
    assert left(shop) == []


def test_what_is_shorter_or_longer_than_it_said_is_not_kept(shop: Releases) -> None:
    assert code(shop, "a.txt", b"12345", size=4) == "too_large"
    assert code(shop, "a.txt", b"12345", size=6) == "short"
    assert code(shop, "a.txt", b"", size=-1) == "too_large"
    assert left(shop) == []


def test_what_would_fill_the_offices_disk_is_refused_before_it_comes(shop: Releases) -> None:
    assert code(shop, "a.txt", b"", size=10**18) == "too_large"
    with pytest.raises(Refused) as refused:
        uploads.check_space(shop, 10**18)
    assert refused.value.code == "full"


def test_a_file_where_a_folder_is_and_the_reverse_are_refused(shop: Releases) -> None:
    put(shop, "a/b.txt", b"x")
    assert code(shop, "a", b"x") == "path"
    assert code(shop, "a/b.txt/c.txt", b"x") == "path"


def test_without_a_draft_nothing_is_taken(shop: Releases) -> None:
    assert code(shop, "a.txt", b"x", number=2) == "unknown"


def test_what_a_broken_line_left_is_swept_away(shop: Releases) -> None:
    (shop.draft(1) / ".part-0000").write_bytes(b"half")
    put(shop, "a.txt", b"x")
    uploads.sweep(shop, 1)
    assert left(shop) == ["a.txt"]


def test_a_whole_tree_is_brought_unless_it_has_problems(shop: Releases, tmp_path: Path) -> None:
    tree = tmp_path / "tree"
    (tree / "a").mkdir(parents=True)
    (tree / "a/b.txt").write_bytes(b"x")
    put(shop, "old.txt", b"x")
    assert uploads.bring(shop, 1, tree, "video").problems == ()
    assert left(shop) == ["b.txt"]
    os.mkfifo(tree / "pipe")
    assert uploads.bring(shop, 1, tree, "video").problems
    assert left(shop) == ["b.txt"]
    uploads.forget(shop, 1)
    uploads.forget(shop, 1)
    assert not shop.draft(1).exists()
