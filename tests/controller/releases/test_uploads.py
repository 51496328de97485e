"""Files of a draft on their way in."""

import io
import os
from contextlib import ExitStack
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


def test_nothing_is_put_into_a_draft_while_it_is_checked(shop: Releases) -> None:
    with uploads.alone(shop, 1):
        assert code(shop, "a.txt", b"x") == "state"
    put(shop, "a.txt", b"x")
    assert left(shop) == ["a.txt"]


def test_two_who_hand_in_files_do_not_wait_for_each_other(shop: Releases) -> None:
    with (
        uploads.incoming(shop, 1, "a.txt", 1) as first,
        uploads.incoming(shop, 1, "a.txt", 1) as second,
    ):
        first.write(b"1")
        second.write(b"2")
    assert (shop.draft(1) / "a.txt").read_bytes() == b"1", "who ended last"


def test_a_draft_that_was_dropped_meanwhile_is_not_made_again(shop: Releases) -> None:
    stack = ExitStack()
    stack.enter_context(uploads.incoming(shop, 1, "a/b.txt", 1)).write(b"x")
    uploads.forget(shop, 1)
    with pytest.raises(Refused) as refused:
        stack.close()
    assert refused.value.code == "unknown"
    assert not shop.draft(1).exists()


def test_names_that_would_be_swept_away_are_refused(shop: Releases) -> None:
    assert code(shop, ".part-0123", b"x") == "path"


def test_the_room_that_others_take_meanwhile_is_seen(
    shop: Releases, monkeypatch: pytest.MonkeyPatch
) -> None:
    sink = uploads.Sink(shop, io.BytesIO(), uploads.LOOK_AFTER + 2)
    monkeypatch.setattr(Releases, "free", lambda _: uploads.KEEP_FREE)
    sink.write(bytes(uploads.LOOK_AFTER))
    with pytest.raises(Refused) as refused:
        sink.write(b"1")
    assert refused.value.code == "full"


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
