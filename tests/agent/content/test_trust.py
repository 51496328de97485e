"""What is signed is believed, and what was seen is not forgotten."""

import errno
import os
from dataclasses import replace
from pathlib import Path

import pytest
import tuf

from agent.content.floor import Clock, Floor
from agent.content.trouble import (
    Damaged,
    NotSigned,
    NotThere,
    StorageFailing,
    TooOld,
    Untrusted,
)
from agent.content.trust import Trust
from tests.support.fetching import BUNDLE, Fetcher
from tests.support.file_server import FileServer
from tests.support.signed_folder import NOW, SignedFolder

TREE = {"content.json": b"{}", "page.html": b"<p>Layanan</p>"}


def test_a_signed_release_is_given_with_its_index(releases: SignedFolder, fetcher: Fetcher) -> None:
    made = releases.publish(BUNDLE, 3, TREE)
    assert fetcher.trust().release(BUNDLE, 3) == made


def test_software_is_signed_by_other_people_under_the_same_roots(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    made = releases.publish("portal", 1, {"software.json": b"{}"})
    assert fetcher.trust().release("portal", 1) == made


def test_nothing_new_costs_two_questions_and_less_than_3_kb(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    server.asked.clear()
    line = fetcher.line()
    fetcher.trust(line).release(BUNDLE, 1)
    assert server.asked == ["/metadata/2.root.json", "/metadata/timestamp.json"]
    assert line.used.bytes < 3000


def test_what_is_not_signed_is_the_offices_business(fetcher: Fetcher) -> None:
    with pytest.raises(NotSigned) as caught:
        fetcher.trust().release(BUNDLE, 9)
    assert caught.value.who == "office"


def test_nothing_older_than_a_confirmed_release_allows_is_asked_for(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    fetcher.floor.confirm(BUNDLE, 2)
    with pytest.raises(TooOld):
        fetcher.trust().release(BUNDLE, 1)
    assert server.asked == []


def test_an_index_that_rotted_on_the_kiosk_is_fetched_again(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    made = releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    (kept,) = (fetcher.state / "index").iterdir()
    kept.write_bytes(kept.read_bytes()[:-1] + b"?")
    assert fetcher.trust().release(BUNDLE, 1) == made


def test_an_index_that_is_wrong_twice_is_refused(
    releases: SignedFolder, fetcher: Fetcher, server: FileServer
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    path = releases.index_file(BUNDLE, 1)
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(Damaged):
        fetcher.trust().release(BUNDLE, 1)
    assert [one.endswith(".idx") for one in server.asked].count(True) == 2
    assert list((fetcher.state / "index").iterdir()) == []


def test_only_the_index_of_the_last_release_is_kept(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    for seq in (1, 2):
        releases.publish(BUNDLE, seq, TREE | {"seq": str(seq).encode()})
        fetcher.trust().release(BUNDLE, seq)
    assert [one.name[65:] for one in (fetcher.state / "index").iterdir()] == ["layanan-2.idx"]


def test_a_release_signed_under_another_name_is_refused(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    about = releases.publish(BUNDLE, 1, TREE).about
    target = releases.roles["content"].targets[f"content/{BUNDLE}-1.idx"]
    target.unrecognized_fields["custom"] = {**target.custom, "seq": about.seq + 1}
    releases.next("content")
    releases.news()
    with pytest.raises(Exception, match=f"it is {BUNDLE} 2"):
        fetcher.trust().release(BUNDLE, 1)


def test_metadata_that_a_power_cut_emptied_is_fetched_again(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    made = releases.publish(BUNDLE, 1, TREE)
    fetcher.trust().release(BUNDLE, 1)
    for path in (fetcher.state / "tuf").rglob("*.json"):
        if not path.is_symlink():
            path.write_bytes(b"")
    assert fetcher.trust().release(BUNDLE, 1) == made


def test_a_first_root_that_is_none_is_said(fetcher: Fetcher) -> None:
    (fetcher.state / "root.json").write_bytes(b"{}")
    with pytest.raises(Untrusted):
        fetcher.trust().look()


def test_a_kiosk_without_a_first_root_says_where_it_comes_from(fetcher: Fetcher) -> None:
    (fetcher.state / "root.json").unlink()
    with pytest.raises(Untrusted, match="roots"):
        fetcher.trust().look()


def test_an_address_without_news_is_the_offices_business(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    (releases.path / "metadata" / "timestamp.json").unlink()
    with pytest.raises(NotThere) as caught:
        fetcher.trust().look()
    assert caught.value.who == "office"


def test_what_the_disk_did_not_take_is_not_acted_upon(
    releases: SignedFolder, fetcher: Fetcher, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = releases.publish(BUNDLE, 1, TREE)

    def refuse(_: int) -> None:
        raise OSError(errno.EIO, "Input/output error")

    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", refuse)
        for _ in range(2):
            with pytest.raises(StorageFailing):
                fetcher.trust().release(BUNDLE, 1)
        assert not (fetcher.state / "floor.json").exists()
    assert fetcher.trust().release(BUNDLE, 1) == made


def test_a_floor_that_cannot_be_written_stops_the_release(
    releases: SignedFolder, fetcher: Fetcher
) -> None:
    releases.publish(BUNDLE, 1, TREE)
    (fetcher.state / "floor.json.new").mkdir()
    with pytest.raises(StorageFailing) as caught:
        fetcher.trust().release(BUNDLE, 1)
    assert caught.value.who == "technician"


def test_the_clock_of_tufs_client_can_be_set(tmp_path: Path, fetcher: Fetcher) -> None:
    """By a way that is not public: another version of it has to be tried here first."""
    assert tuf.__version__ == "7.0.1"
    later = replace(fetcher, rtc=NOW + 6 * 86_400_000)
    later.trust().look()
    clock = Clock(lambda: later.rtc, lambda: None)
    trust = Trust(fetcher.state, fetcher.line(), clock, Floor(tmp_path / "floor.json"))
    trust.look()
    assert trust.moment is not None
    assert trust.moment.ms == later.rtc
