"""Texts that a ceremony came before; test_clerk.py walks the whole way of two of them."""

import pytest
from sqlalchemy import insert, update
from tuf.api.metadata import TargetFile

from controller.releases import drafts, metadata, overtaken, renewals, signing
from controller.releases.metadata import Held
from controller.store.release_tables import signing as signing_
from controller.store.release_tables import signing_word
from tests.support.press import WHO, Press
from tests.support.release_keys import id_of


def overtake(press: Press) -> None:
    """The next content list by the holders of its keys, without the office."""
    made = metadata.following(press.releases, "content", press.now)
    text = metadata.text_of(made)
    words = {id_of(key): key.sign(text.encode()).hex() for key in press.held.at_hand.content}
    metadata.put(press.releases, f"{made.version}.content", metadata.signed_with(text, words))


def test_what_was_to_be_withdrawn_still_is(press: Press) -> None:
    made = press.publish({"a.txt": b"a"})
    with press.writing() as conn:
        number = renewals.withdraw(conn, press.releases, made.id, WHO, press.now)
    overtake(press)
    with press.writing() as conn:
        assert overtaken.restate(conn, press.releases, press.now)
        assert not overtaken.restate(conn, press.releases, press.now)
    one = press.read(lambda conn: signing.find(conn, number))
    assert one.version == metadata.newest(press.releases, "content") + 1
    assert metadata.from_text(one.text).targets == {}


def test_what_is_published_under_its_number_is_left_alone(press: Press) -> None:
    _, done = press.waiting({"a.txt": b"a"})
    press.sign(done.signing_id)
    press.tick()
    with press.writing() as conn:
        assert not overtaken.restate(conn, press.releases, press.now)
    one = press.read(lambda conn: overtaken.newest_done(conn, "content"))
    assert overtaken.is_published(press.releases, one)
    assert not overtaken.is_published(press.releases, one._replace(version=99))
    assert press.read(lambda conn: overtaken.newest_done(conn, "software")) is None


def forged(press: Press, **more: object) -> str:
    """A list that offers what nobody has signed, at the next number."""
    made = metadata.following(press.releases, "content", press.now)
    made.targets["content/video-66.idx"] = TargetFile(9, {"sha256": "ab" * 32}, "x", dict(more))
    return metadata.text_of(made)


def test_a_list_that_only_the_books_call_signed_is_not_published(press: Press) -> None:
    """Whoever writes into the database has no key: neither kiosks nor signers are misled."""
    made = press.publish({"a.txt": b"a"})
    before = metadata.newest(press.releases, "content")
    values = {"role": "content", "version": before + 1, "text": forged(press), "threshold": 2}
    values |= {"what": "renew", "state": "done", "made_at": 1, "made_by": "siti"}
    with press.writing() as conn:
        one = conn.execute(insert(signing_).values(values).returning(signing_.c.id)).scalar_one()
        for key in press.held.at_hand.content:
            word = {"signing_id": one, "key_id": id_of(key), "signature": "ab" * 64}
            conn.execute(insert(signing_word).values(**word, by="siti", at=1))
    press.tick()
    assert metadata.newest(press.releases, "content") == before
    again = press.read(lambda conn: signing.find(conn, one))
    assert again.state == "open", "people are asked"
    assert "video-66" not in again.text, "for what they have signed before, and no more"
    assert press.read(lambda conn: signing.words(conn, one)) == []
    assert press.fetched(press.home / "k", "video", made.seq) is not None


def test_what_is_no_list_at_all_is_given_up_and_news_stay_fresh(press: Press) -> None:
    made, done = press.waiting({"a.txt": b"a"})
    press.sign(done.signing_id)
    with press.writing() as conn:
        conn.execute(update(signing_).values(text="[" * 9))
    press.tick()
    assert press.read(lambda conn: signing.find(conn, done.signing_id)).state == "dropped"
    press.client(press.home / "k").refresh()
    with press.writing() as conn:
        drafts.drop(conn, press.releases, made.id, WHO, press.now)
    assert press.state(made.id) == "dropped"


def test_a_release_that_must_be_signed_again_can_be_given_up(press: Press) -> None:
    made, done = press.waiting({"a.txt": b"a"})
    press.sign(done.signing_id)
    overtake(press)
    press.tick()
    assert press.state(made.id) == "waiting"
    with press.writing() as conn:
        drafts.drop(conn, press.releases, made.id, WHO, press.now)
    press.publish({"a.txt": b"b"})


def test_nothing_is_put_to_people_on_top_of_a_list_that_nobody_signed(press: Press) -> None:
    press.publish({"a.txt": b"a"})
    number = metadata.newest(press.releases, "content") + 1
    unsigned = metadata.signed_with(forged(press), {})
    metadata.put(press.releases, f"{number}.content", unsigned)
    with pytest.raises(Held, match="not signed by the keys in force"):
        metadata.following(press.releases, "content", press.now)


def test_a_folder_put_back_from_a_copy_gets_the_lists_that_people_have_signed(press: Press) -> None:
    first = press.publish({"a.txt": b"a"})
    number = metadata.newest(press.releases, "content")
    second = press.publish({"a.txt": b"b"})
    third = press.publish({"a.txt": b"c"})
    for more in (1, 2):
        (press.releases.metadata / f"{number + more}.content.json").unlink()
    press.tick()
    assert metadata.newest(press.releases, "content") == number + 2
    for made in (first, second, third):
        assert press.fetched(press.home / "k", "video", made.seq) is not None
