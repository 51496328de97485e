"""Signed lists as they stand in the folder: read, judged, and what the next one says."""

from typing import Any

import pytest

from controller.releases import metadata
from controller.releases.metadata import Held
from tests.support.press import Press


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
