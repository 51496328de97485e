"""One question, however often it must be asked: lost answers, busy offices, strangers."""

import socket
import threading
from collections.abc import Iterator

import pytest

from agent.identity import trust
from agent.identity.asker import (
    Address,
    Asker,
    Patience,
    Question,
    Refused,
    Unreachable,
    WrongClock,
    address_of,
)
from tests.agent.identity.conftest import HURRY, Wall
from tests.agent.identity.played_door import PlayedDoor
from wire.door import AUTHORITY_PATH, TIME_PATH, Refusal

TIME = Question("GET", TIME_PATH)


def asker(played: PlayedDoor, patience: Patience = HURRY) -> Asker:
    authority = played.authority
    return Asker(address_of(played.url), lambda: trust.verified(authority=authority), patience)


@pytest.mark.parametrize("mishap", ["lose", "later", "busy"])
def test_a_question_is_asked_again_until_it_is_answered(played: PlayedDoor, mishap: str) -> None:
    played.plan = [mishap, mishap]
    assert asker(played)(lambda: TIME)
    assert len(played.seen) == 3


def test_every_try_is_a_question_of_its_own(played: PlayedDoor) -> None:
    played.plan = ["lose"]
    questions = iter([Question("GET", AUTHORITY_PATH), TIME])
    asker(played)(lambda: next(questions))
    assert played.seen == [("GET", AUTHORITY_PATH), ("GET", TIME_PATH)]


def test_a_request_said_to_be_a_copy_is_made_anew(played: PlayedDoor) -> None:
    played.plan = [(401, Refusal("replay", "kiosk", "came before"))]
    assert asker(played)(lambda: TIME)


def test_a_refusal_is_said_once_with_who_must_act(played: PlayedDoor) -> None:
    played.plan = [(403, Refusal("token_used", "technician", "ask for a new one"))]
    with pytest.raises(Refused, match=r"ask for a new one \(token_used; to act: technician\)"):
        asker(played)(lambda: TIME)
    assert len(played.seen) == 1


def test_a_clock_that_is_not_taken_says_what_time_it_is(played: PlayedDoor) -> None:
    played.plan = [(401, Refusal("clock", "kiosk", "set it", 42))]
    with pytest.raises(WrongClock) as wrong:
        asker(played)(lambda: TIME)
    assert wrong.value.office_ms == 42


def test_patience_ends_with_what_the_office_said_last(played: PlayedDoor) -> None:
    locked = (429, Refusal("locked_out", "technician", "too many wrong codes"))
    played.plan = [locked] * 99
    ticks = iter(range(99))
    brief = Patience(5, lambda _: None, lambda: float(next(ticks)))
    with pytest.raises(Refused, match="too many wrong codes"):
        asker(played, brief)(lambda: TIME)


@pytest.mark.parametrize("mishap", ["lose", "later"])
def test_an_office_that_never_answers_is_unreachable(played: PlayedDoor, mishap: str) -> None:
    played.plan = [mishap] * 99
    ticks = iter(range(99))
    brief = Patience(5, lambda _: None, lambda: float(next(ticks)))
    with pytest.raises(Unreachable, match="the network or the office must come back"):
        asker(played, brief)(lambda: TIME)


def test_nobody_there_is_unreachable_and_pauses_grow() -> None:
    pauses: list[float] = []
    patience = Patience(60, pauses.append, lambda: sum(pauses))
    nobody = Asker(Address("127.0.0.1", 1), trust.unverified, patience)
    with pytest.raises(Unreachable, match="refused"):
        nobody(lambda: TIME)
    assert 3 < len(pauses) < 9
    assert pauses[-1] > pauses[0]


def test_row_32_a_door_of_another_authority_is_refused_at_once(
    played: PlayedDoor, office_clock: Wall
) -> None:
    other = PlayedDoor(office_clock)
    try:
        context = trust.verified(authority=other.authority)
        with pytest.raises(Refused) as refused:
            Asker(address_of(played.url), lambda: context, HURRY)(lambda: TIME)
    finally:
        other.close()
    assert (refused.value.code, refused.value.who) == ("impostor", "technician")
    assert played.seen == []


@pytest.fixture
def endless() -> Iterator[int]:
    """Somebody who speaks no TLS and hangs up; the port."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            while True:
                try:
                    line, _ = server.accept()
                except OSError:
                    return
                with line:
                    line.sendall(b"HTTP/1.1 200 OK\r\n\r\n" * 9)

        threading.Thread(target=serve, daemon=True).start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)


def test_somebody_who_speaks_no_tls_is_nobody(endless: int) -> None:
    ticks = iter(range(99))
    patience = Patience(4, lambda _: None, lambda: float(next(ticks)))
    with pytest.raises(Unreachable):
        Asker(Address("127.0.0.1", endless), trust.unverified, patience)(lambda: TIME)


@pytest.mark.parametrize(
    ("url", "address"),
    [
        ("https://office.example:9443", ("office.example", 9443)),
        ("https://office.example/", ("office.example", 443)),
        ("https://[::1]:9443", ("::1", 9443)),
    ],
)
def test_an_address_is_read(url: str, address: tuple[str, int]) -> None:
    assert address_of(url) == address


@pytest.mark.parametrize(
    "url",
    [
        "",
        "office",
        "http://office",
        "https://",
        "https://a/b",
        "https://a:0x",
        "https://u@a",
        "https://a?b",
    ],
)
def test_what_is_no_address_is_said_with_what_one_is(url: str) -> None:
    with pytest.raises(ValueError, match="https://HOST:PORT"):
        address_of(url)
