"""What is different between two releases, for people."""

from controller.releases import changes
from controller.releases.changes import Change, Changes, compare, restored, stored
from wire.content import File, Index


def file(path: str, *chunks: str) -> File:
    made = tuple((name * 64, 10) for name in chunks)
    return File(path=path, size=10 * len(chunks), sha256=(chunks or ("0",))[0] * 64, chunks=made)


def index(seq: int, *files: File) -> Index:
    return Index(bundle="video", seq=seq, files=files)


def test_files_are_added_changed_removed_and_the_same() -> None:
    old = index(1, file("a", "1"), file("b", "2", "3"), file("c", "4"))
    new = index(2, file("a", "1"), file("b", "5", "3"), file("d", "6", "6"))
    assert compare(old, new) == Changes(
        added=1,
        changed=1,
        removed=1,
        same=1,
        files=(
            Change("b", "changed", 20, 20, 10),
            Change("d", "added", 0, 20, 10),
            Change("c", "removed", 10, 0, 0),
        ),
    )


def test_a_renamed_file_brings_nothing_new() -> None:
    found = compare(index(1, file("a", "1")), index(2, file("b", "1")))
    assert [one.sent for one in found.files] == [0, 0]


def test_against_nothing_everything_is_new() -> None:
    assert compare(None, index(1, file("a", "1"), file("b"))).added == 2


def test_of_very_many_only_the_largest_are_named() -> None:
    many = [file(f"f{n}", "1") for n in range(changes.MOST + 5)]
    found = compare(None, index(1, *many, file("large", "2", "3")))
    assert (found.added, len(found.files)) == (changes.MOST + 6, changes.MOST)
    assert found.files[0].path == "large"


def test_what_is_stored_comes_back() -> None:
    found = compare(index(1, file("a", "1")), index(2, file("a", "2")))
    assert restored(stored(found) | {"update_bytes": 7}) == found
    assert restored({}) == Changes()
