"""A few words by hand are understood by a real broker, and its answers by us."""

import ssl
from pathlib import Path

import pytest

from broker_config.speak import NOT_AUTHORIZED, Door, Hung, Line
from tests.support.identity import IdentityBroker
from wire import topics

A = "bdg-coblong-1"


def door(broker: IdentityBroker, paper: Path, port: int) -> Door:
    return Door("127.0.0.1", port, broker.door(paper).tls)


@pytest.fixture
def office(identity_broker: IdentityBroker) -> Door:
    paper = identity_broker.pki.issued / "office"
    return door(identity_broker, paper, identity_broker.office_port)


@pytest.fixture
def kiosk(identity_broker: IdentityBroker) -> Door:
    identity_broker.make_kiosk(A)
    return door(identity_broker, identity_broker.pki.folder / A, identity_broker.port)


def test_what_is_published_is_heard_in_order(office: Door, kiosk: Door) -> None:
    with Line(office, "office") as hears, Line(kiosk, A) as speaks:
        hears.subscribe(["anjungan/v1/+/+/up/+"])
        for number in range(300):
            assert speaks.publish(topics.up(A, "reading"), b"%d " % number * 100) == 0
        hears.ping()
        while len(hears.heard) < 300:
            hears.listen()
    assert {topic for topic, _ in hears.heard} == {topics.up(A, "reading")}
    assert [body.split()[-1] for _, body in hears.heard] == [b"%d" % n for n in range(300)]


def test_a_refusal_is_told_from_a_yes(kiosk: Door) -> None:
    with Line(kiosk, A) as speaks:
        assert speaks.publish(topics.down(A, "command")) == NOT_AUTHORIZED
        assert speaks.publish(topics.up(A, "reading")) == 0x10


def test_being_taken_over_is_an_end(kiosk: Door) -> None:
    with Line(kiosk, A) as first, Line(kiosk, A) as second:
        with pytest.raises(OSError, match=r"closed|hung|EOF|reset"):
            first.ping()
        second.ping()


def test_no_session_stays_behind(office: Door) -> None:
    with Line(office, "office") as one:
        one.subscribe(["anjungan/v1/+/+/up/+"])
    with Line(office, "office") as again:
        again.ping()
        assert again.heard == []


def test_an_empty_name_is_refused_by_the_broker(office: Door) -> None:
    with pytest.raises(Hung, match="0x80"):
        Line(office, "")


def test_a_server_of_another_authority_is_not_spoken_to(identity_broker: IdentityBroker) -> None:
    with pytest.raises(ssl.SSLCertVerificationError):
        Line(Door("127.0.0.1", identity_broker.port, ssl.create_default_context()), A)
