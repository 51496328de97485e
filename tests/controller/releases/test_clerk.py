"""What the office publishes alone, when, and what it never does."""

import os
from pathlib import Path

import pytest
from tuf.api.exceptions import (
    BadVersionNumberError,
    ExpiredMetadataError,
    RepositoryError,
    UnsignedMetadataError,
)
from tuf.api.metadata import Metadata, Timestamp

from controller.releases import clerk, metadata, offers, renewals, signing
from controller.releases.clerk import RENEW_MS, TIMESTAMP_MS, Held
from provisioning.policy import keys
from provisioning.release.drafts import Changes
from tests.support.press import DAY, WHO, Press
from tests.support.release_keys import id_of

TREE = {"a.txt": b"a" * 3000}
SHORT = 60_000


def stamp(press: Press) -> Timestamp:
    signed: Timestamp = metadata.read(press.releases, "timestamp").signed
    return signed


def test_after_the_ceremony_the_first_news_are_published_and_then_it_rests(press: Press) -> None:
    assert press.tick()
    assert not press.tick()
    press.client(press.home / "k").refresh()


def test_the_timestamp_is_signed_anew_every_six_hours(press: Press) -> None:
    press.tick()
    press.tick()
    before = stamp(press)
    press.now += RENEW_MS - 1
    assert not press.tick()
    press.now += 1
    assert press.tick()
    after = stamp(press)
    assert after.version > before.version
    assert after.snapshot_meta == before.snapshot_meta
    assert after.unrecognized_fields["signed_at"] == press.now
    assert after.expires == metadata.moment(press.now + TIMESTAMP_MS)


def test_the_snapshot_is_signed_anew_before_it_ends(press: Press) -> None:
    press.tick()
    first = metadata.newest(press.releases, "snapshot")
    for _ in range(20):
        press.now += DAY
        press.tick()
        press.client(press.home / "k").refresh()
    assert metadata.newest(press.releases, "snapshot") > first


def test_an_office_that_was_off_for_a_month_makes_its_news_fresh_at_once(press: Press) -> None:
    press.publish(TREE)
    press.now += 40 * DAY
    with pytest.raises(ExpiredMetadataError):
        press.client(press.home / "k").refresh()
    assert press.tick()
    assert press.fetched(press.home / "k", "video", 1) is not None


def test_the_timestamp_is_written_last(press: Press, monkeypatch: pytest.MonkeyPatch) -> None:
    press.tick()
    wrote: list[str] = []
    put = metadata.put

    def noted(releases: object, name: str, one: object) -> bytes:
        wrote.append(name.rpartition(".")[2])
        return put(releases, name, one)  # type: ignore[arg-type]

    monkeypatch.setattr(metadata, "put", noted)
    press.publish(TREE)
    assert wrote == ["content", "snapshot", "timestamp"]


def test_cut_before_each_writing_the_next_tick_ends_it(
    press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    press.tick()
    put = metadata.put
    for at in range(3):
        made, done = press.waiting({"a.txt": f"{at}".encode()})
        press.sign(done.signing_id)
        left = at

        def cut(releases: object, name: str, one: object) -> bytes:
            nonlocal left
            left -= 1
            if left < 0:
                raise OSError(5, "cut")
            return put(releases, name, one)  # type: ignore[arg-type]

        monkeypatch.setattr(metadata, "put", cut)
        with pytest.raises(OSError, match="cut"):
            press.tick()
        assert press.state(made.id) == "signed"
        press.client(press.home / f"k{at}").refresh()  # what stands there is whole
        monkeypatch.setattr(metadata, "put", put)
        press.tick()
        assert press.state(made.id) == "published"
        assert press.fetched(press.home / f"k{at}", "video", made.seq) is not None


def test_a_database_cut_after_publishing_is_brought_up_by_the_folder(press: Press) -> None:
    made, done = press.waiting(TREE)
    press.sign(done.signing_id)
    with press.writing() as conn:
        clerk.tick(conn, press.releases, press.online, press.now)
        conn.rollback()
    assert press.state(made.id) == "signed"
    press.tick()
    assert press.state(made.id) == "published"


def test_row_9_one_of_two_keys_and_the_online_key_publish_nothing(press: Press) -> None:
    press.tick()
    made, done = press.waiting(TREE)
    press.sign(done.signing_id, 1)
    press.tick()
    assert press.state(made.id) == "waiting"
    assert press.fetched(press.home / "k", "video", 1) is None
    # and a thief who writes it into the folder all the same
    one = press.read(lambda conn: signing.find(conn, done.signing_id))
    said = press.read(lambda conn: signing.words(conn, done.signing_id))
    thief = metadata.signed_with(one.text, {row.key_id: row.signature for row in said})
    metadata.put(press.releases, f"{one.version}.content", thief)
    with pytest.raises(Held, match="content"):
        press.tick()
    assert press.fetched(press.home / "k", "video", 1) is None


def test_row_9_a_forged_list_with_news_by_the_stolen_online_key_is_refused(press: Press) -> None:
    press.tick()
    forged = metadata.following(press.releases, "content", press.now)
    one = Metadata(forged)
    metadata.put(press.releases, f"{forged.version}.content", one)
    found = metadata.present(press.releases)
    assert found is not None
    clerk._publish(press.releases, found, press.online, press.now + SHORT)
    press.now += SHORT
    with pytest.raises(UnsignedMetadataError):
        press.fetched(press.home / "k", "video", 1)


def test_while_something_is_held_the_last_good_news_stay_fresh(press: Press) -> None:
    press.publish(TREE)
    one = Metadata(metadata.following(press.releases, "content", press.now))
    metadata.put(press.releases, f"{one.signed.version}.content", one)
    with pytest.raises(Held):
        press.tick()
    press.now += 8 * DAY
    assert press.tick()
    assert press.fetched(press.home / "k", "video", 1) is not None


def test_row_8_a_number_from_the_far_future_is_forgotten_with_the_key_that_signed_it(
    press: Press, tmp_path: Path
) -> None:
    press.publish(TREE)
    kiosk = press.home / "k"
    press.client(kiosk).refresh()
    stolen = stamp(press)
    stolen.version = 2**31 - 1
    metadata.put(press.releases, "timestamp", press.online.sign(stolen))
    press.client(kiosk).refresh()
    new = keys.make(tmp_path / "new.pem")
    press.held.admit(Changes(online=keys.public(new)), now=press.now)
    with pytest.raises(Held, match="this office's key"):
        press.tick()
    press.online = clerk.Online(tmp_path / "new.pem")
    assert press.tick()
    assert stamp(press).version < 2**31 - 1
    assert press.fetched(kiosk, "video", 1) is not None


def test_a_folder_put_back_from_a_copy_is_not_taken_for_a_rollback(press: Press) -> None:
    press.publish(TREE)
    old = {one: one.read_bytes() for one in press.releases.metadata.iterdir()}
    for _ in range(5):
        press.now += RENEW_MS
        press.tick()
    press.client(press.home / "k").refresh()
    for path, body in old.items():
        path.write_bytes(body)
    with pytest.raises(BadVersionNumberError):
        press.client(press.home / "k").refresh()
    press.now += RENEW_MS
    press.tick()
    press.client(press.home / "k").refresh()


def test_a_broken_timestamp_or_snapshot_is_replaced_and_a_broken_list_told(press: Press) -> None:
    press.publish(TREE)
    (press.releases.metadata / "timestamp.json").write_bytes(b"{")
    number = metadata.newest(press.releases, "snapshot")
    (press.releases.metadata / f"{number}.snapshot.json").write_bytes(b"")
    assert press.tick()
    assert press.fetched(press.home / "k", "video", 1) is not None
    number = metadata.newest(press.releases, "content")
    (press.releases.metadata / f"{number}.content.json").write_bytes(b"[]")
    with pytest.raises(Held, match="restore the folder"):
        press.tick()


def test_a_withdrawn_release_is_off_offer_and_others_stay(any_press: Press) -> None:
    press = any_press
    first, second = press.publish(TREE), press.publish({"a.txt": b"b"})
    with press.writing() as conn:
        number = renewals.withdraw(conn, press.releases, first.id, WHO, press.now)
    assert press.sign(number) == 0
    assert press.tick()
    assert (press.state(first.id), press.state(second.id)) == ("withdrawn", "published")
    assert press.fetched(press.home / "k", "video", 1) is None
    assert press.fetched(press.home / "k", "video", 2) is not None


def test_of_a_bundle_only_the_newest_releases_stay_on_offer(press: Press) -> None:
    made = [press.publish({"a.txt": f"{n}".encode()}) for n in range(offers.KEEP + 1)]
    assert press.state(made[0].id) == "withdrawn"
    assert press.state(made[1].id) == "published"


def test_old_snapshots_are_forgotten_and_the_last_ones_stay(press: Press) -> None:
    for n in range(clerk.KEEP_SNAPSHOTS + 2):
        press.publish({"a.txt": f"{n}".encode()})
    assert len(metadata.versions(press.releases, "snapshot")) == clerk.KEEP_SNAPSHOTS


def test_a_ceremony_between_two_signatures_has_the_text_written_anew(press: Press) -> None:
    press.tick()
    made, done = press.waiting(TREE)
    press.sign(done.signing_id, 1)
    old = press.read(lambda conn: signing.find(conn, done.signing_id).text)
    press.held.admit(Changes(renew=True), now=press.now)
    more = keys.make(press.home / "k3.pem")
    press.held.admit(
        Changes(
            add=(("content", keys.public(more), ""),),
            remove=(("content", id_of(press.held.at_hand.content[0])),),
        ),
        more,
        now=press.now,
    )
    press.tick()
    new = press.read(lambda conn: signing.find(conn, done.signing_id).text)
    assert press.read(lambda conn: signing.missing(conn, press.releases, done.signing_id)) == 2
    if new != old:
        press.held.at_hand.content[0] = more
    assert press.sign(done.signing_id) == 0
    press.tick()
    assert press.state(made.id) == "published"
    assert press.fetched(press.home / "k", "video", 1) is not None


def test_a_ceremony_after_the_last_signature_asks_for_them_again(press: Press) -> None:
    press.tick()
    made, done = press.waiting(TREE)
    press.sign(done.signing_id)
    # the same number, by people who did not know
    other = metadata.following(press.releases, "content", press.now)
    text = metadata.text_of(other)
    words = {id_of(key): key.sign(text.encode()).hex() for key in press.held.at_hand.content}
    metadata.put(press.releases, f"{other.version}.content", metadata.signed_with(text, words))
    press.tick()
    assert press.state(made.id) == "waiting"
    assert press.sign(done.signing_id) == 0
    press.tick()
    assert press.state(made.id) == "published"


def test_before_the_first_ceremony_there_is_nothing_to_do(press: Press) -> None:
    for file in press.releases.metadata.iterdir():
        file.unlink()
    assert not press.tick()


def test_every_byte_of_the_online_metadata_counts(press: Press) -> None:
    """Row 1, on the publisher's side: what was changed on the office's disk is not believed."""
    press.publish(TREE)
    path = press.releases.metadata / "timestamp.json"
    good = path.read_bytes()
    found = metadata.present(press.releases)
    assert found is not None
    for at in range(len(good)):
        path.write_bytes(good[:at] + bytes([good[at] ^ 1]) + good[at + 1 :])
        try:
            one = metadata.read(press.releases, "timestamp")
        except (Held, RepositoryError):
            continue
        same = metadata.text_of(one.signed) == metadata.text_of(Metadata.from_bytes(good).signed)
        assert same or not metadata.verified(found.root.signed, "timestamp", one)


def test_once_a_day_files_that_nobody_needs_are_forgotten(press: Press) -> None:
    press.publish(TREE)
    orphan = press.releases.chunk("ab" * 32)
    orphan.parent.mkdir(exist_ok=True)
    orphan.write_bytes(b"R")
    os.utime(orphan, (1, 1))
    press.now = press.now // DAY * DAY + DAY + 1
    press.tick()
    assert not orphan.exists()
    orphan.write_bytes(b"R")
    os.utime(orphan, (1, 1))
    press.now += RENEW_MS
    press.tick()
    assert orphan.exists()
