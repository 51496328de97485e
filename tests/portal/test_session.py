"""The last word of the page, and how long it counts."""

from portal.session import LEASE_S, Session


def test_it_is_unknown_until_the_page_has_said_a_word() -> None:
    assert Session(lambda: 0.0).word == "unknown"


def test_a_session_that_is_said_again_goes_on() -> None:
    now = [0.0]
    session = Session(lambda: now[0])
    for _ in range(10):
        session.say("open")
        now[0] += LEASE_S
        assert session.word == "open"


def test_a_page_that_has_hung_keeps_nobody_waiting_for_ever() -> None:
    now = [0.0]
    session = Session(lambda: now[0])
    session.say("open")
    now[0] = LEASE_S + 1
    assert session.word == "unknown"
    session.say("closed")
    now[0] += 10 * LEASE_S
    assert session.word == "closed"
