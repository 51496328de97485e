"""Texts that a ceremony came before; test_clerk.py walks the whole way of two of them."""

from controller.releases import metadata, overtaken, renewals, signing
from tests.support.press import WHO, Press


def overtake(press: Press) -> None:
    """The next content list by the holders of its keys, without the office."""
    made = metadata.following(press.releases, "content", press.now)
    metadata.put(
        press.releases, f"{made.version}.content", metadata.signed_with(metadata.text_of(made), {})
    )


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
