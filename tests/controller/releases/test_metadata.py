"""Signed lists as they stand in the folder: read, judged, and what the next one says."""

from typing import Any

import pytest
from tuf.api.metadata import Targets

from controller.releases import metadata
from controller.releases.metadata import Held
from tests.support.press import Press
from wire.content import About, about_of


def about(bundle: str, seq: int) -> About:
    return About(
        bundle=bundle, seq=seq, unpacked=1, files=1, chunks=1, index_size=2, built_at=1, note="é"
    )


def test_row_11_sets_that_a_kiosk_would_refuse_are_named(press: Press) -> None:
    found = metadata.present(press.releases)
    assert found is not None
    assert metadata.trouble(found) == ""
    every: dict[str, Any] = {"root": found.root, "targets": found.targets, **found.roles}
    for role, one in every.items():
        kept = dict(one.signatures)
        one.signatures.pop(next(iter(kept)))
        assert role in metadata.trouble(found)
        one.signatures.update(kept)
    assert metadata.trouble(found) == ""


def test_the_next_list_has_the_releases_of_the_last_and_another_year(press: Press) -> None:
    press.publish({"a.txt": b"a"})
    made = metadata.following(press.releases, "content", press.now)
    assert made.version == metadata.newest(press.releases, "content") + 1
    assert list(made.targets) == ["content/video-1.idx"]
    assert made.expires == metadata.moment(press.now) + metadata.LIFE


def test_an_offered_release_takes_the_place_of_the_oldest_of_its_bundle_alone() -> None:
    made = Targets()
    metadata.offer(made, metadata.target("peta", 1, b"x", about("peta", 1)))
    for seq in range(1, metadata.KEEP + 3):
        metadata.offer(made, metadata.target("video", seq, b"x", about("video", seq)))
    assert len(made.targets) == metadata.KEEP + 1
    assert "content/peta-1.idx" in made.targets
    assert "content/video-2.idx" not in made.targets


def test_what_people_sign_says_all_of_a_release_and_comes_back_the_same() -> None:
    made = Targets()
    metadata.offer(made, metadata.target("video", 1, b"x", about("video", 1)))
    again = metadata.from_text(metadata.text_of(made))
    assert about_of(again.targets["content/video-1.idx"].custom) == about("video", 1)


def test_broken_files_are_told_to_a_person(press: Press) -> None:
    for body in (b"", b"{", b"[]", b"{}", b'{"signed":{}}', b"[" * 100_000, b"\xff"):
        (press.releases.metadata / "1.root.json").write_bytes(body)
        with pytest.raises(Held, match="restore"):
            metadata.present(press.releases)
    (press.releases.metadata / "1.content.json").write_bytes(b"{")
    with pytest.raises(Held):
        metadata.read_version(press.releases, "content", 1)
    with pytest.raises(FileNotFoundError):
        metadata.read_version(press.releases, "content", 7)


def test_names_that_are_no_lists_are_not_counted(press: Press) -> None:
    for name in ("0.root.json", "2.root.json.part", ".2.root.json", "2.Root.json", "x.root.json"):
        (press.releases.metadata / name).write_bytes(b"")
    assert metadata.versions(press.releases, "root") == [1]


def test_an_index_that_has_rotted_is_told_to_a_person(press: Press) -> None:
    press.publish({"a.txt": b"a"})
    entry = metadata.offered(metadata.present(press.releases), "video")[1]
    path = press.releases.index("video", 1, entry.hashes["sha256"])
    assert metadata.index_of(press.releases, entry).files[0].path == "a.txt"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(Held, match="restore"):
        metadata.index_of(press.releases, entry)
    path.unlink()
    with pytest.raises(Held, match="restore"):
        metadata.index_of(press.releases, entry)
