"""Releases within a signed list: entered, kept, and read again."""

import pytest
from tuf.api.metadata import Targets

from controller.releases import metadata, offers
from controller.releases.metadata import Held
from tests.support.press import Press
from wire.content import About, about_of


def about(bundle: str, seq: int) -> About:
    return About(
        bundle=bundle, seq=seq, unpacked=1, files=1, chunks=1, index_size=2, built_at=1, note="é"
    )


def test_an_offered_release_takes_the_place_of_the_oldest_of_its_bundle_alone() -> None:
    made = Targets()
    offers.offer(made, offers.target("peta", 1, b"x", about("peta", 1)))
    for seq in range(1, offers.KEEP + 3):
        offers.offer(made, offers.target("video", seq, b"x", about("video", seq)))
    assert len(made.targets) == offers.KEEP + 1
    assert "content/peta-1.idx" in made.targets
    assert "content/video-2.idx" not in made.targets


def test_what_people_sign_says_all_of_a_release_and_comes_back_the_same() -> None:
    made = Targets()
    offers.offer(made, offers.target("video", 1, b"x", about("video", 1)))
    again = metadata.from_text(metadata.text_of(made))
    assert about_of(again.targets["content/video-1.idx"].custom) == about("video", 1)


def test_an_index_that_has_rotted_is_told_to_a_person(press: Press) -> None:
    press.publish({"a.txt": b"a"})
    entry = offers.offered(metadata.present(press.releases), "video")[1]
    path = press.releases.index("video", 1, entry.hashes["sha256"])
    assert offers.index_of(press.releases, entry).files[0].path == "a.txt"
    path.write_bytes(path.read_bytes()[:-3])
    with pytest.raises(Held, match="restore"):
        offers.index_of(press.releases, entry)
    path.unlink()
    with pytest.raises(Held, match="restore"):
        offers.index_of(press.releases, entry)
