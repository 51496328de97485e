"""Door and console ask over the socket, and learn who must act when there is no answer."""

import socket
import threading

import pytest

from controller.registrar import protocol
from controller.registrar.client import CannotOpen, Registrar
from controller.registrar.sockets import listen
from controller.store.citizen_tables import opening, submission
from tests.support.registrar import NAME, PLANTED, Registry
from wire.submission import pad


def test_everything_there_is_to_ask_is_answered(any_registry: Registry) -> None:
    body = any_registry.portal().record()
    row = any_registry.arrive(body)
    with any_registry.listening() as client:
        client.ping()
        ack = client.judge(row)
        assert ack is not None
        assert any_registry.read(ack).outcome == "accepted"
        (made,) = any_registry.rows(submission)
        who = any_registry.person("petugas", ("officer", "32.73"))
        assert client.open(made.id, who, "open").fields["nik"] == PLANTED
        assert client.photos(made.id, who) == ()
        sealed, key = client.seal_note(made.id, who, "catatan")
        assert key in any_registry.ring.seals
        assert b"catatan" not in sealed
        assert client.notes(made.id, who) == {}
        assert client.knows_tail(NAME, made.number, "4321")
        assert not client.knows_tail(NAME, made.number, "4322")
        assert not client.knows_tail("bdg-sukasari-2", made.number, "4321")
        assert len(client.seal_photo("0" * 64, b"x")[0]) > len(pad(b"x"))
        assert client.judge(99) is None


def test_a_refusal_has_its_code_and_says_who_must_act(registry: Registry) -> None:
    with registry.listening() as client, pytest.raises(CannotOpen) as refused:
        client.open(1, 1, "open")
    assert refused.value.code == "unknown"


def test_a_registrar_that_is_not_there_is_away(registry: Registry) -> None:
    client = Registrar(registry.socket)
    with pytest.raises(CannotOpen, match="does not answer") as refused:
        client.ping()
    assert refused.value.code == "away"
    with registry.listening() as again:
        again.ping()
    with pytest.raises(CannotOpen):
        client.ping()


@pytest.mark.parametrize("said", [b"", b"\0\0\0\1", b"\xff" * 8, b"\0\0\0\1\xc0", b"\0\0\0\0"])
def test_a_registrar_that_says_nonsense_is_away(registry: Registry, said: bytes) -> None:
    line = listen(registry.socket)

    def speak() -> None:
        talk, _ = line.accept()
        with talk:
            talk.recv(4096)
            talk.sendall(said)
            talk.shutdown(socket.SHUT_WR)

    other = threading.Thread(target=speak)
    other.start()
    with pytest.raises(CannotOpen) as refused:
        Registrar(registry.socket).ping()
    other.join()
    line.close()
    assert refused.value.code == "away"


def test_another_answer_than_was_asked_for_is_none(registry: Registry) -> None:
    line = listen(registry.socket)

    def speak() -> None:
        talk, _ = line.accept()
        with talk:
            talk.recv(4096)
            talk.sendall(protocol.frame(protocol.Judged(ack=None)))

    other = threading.Thread(target=speak)
    other.start()
    with pytest.raises(CannotOpen, match="another version"):
        Registrar(registry.socket).ping()
    other.join()
    line.close()


def test_row_61_whoever_takes_the_door_over_opens_nothing_in_anybodys_name(
    registry: Registry,
) -> None:
    number = registry.accepted(registry.portal().record())
    who = registry.person("petugas", ("officer", "32.73"))
    door = Registrar(registry.socket)
    with registry.listening() as console:
        for ask in (
            lambda: door.open(number, who, "open"),
            lambda: door.photos(number, who),
            lambda: door.notes(number, who),
            lambda: door.seal_note(number, who, "palsu"),
        ):
            with pytest.raises(CannotOpen) as refused:
                ask()
            assert refused.value.code == "denied"
        assert registry.rows(opening) == []
        door.ping()
        assert console.open(number, who, "open").fields["nik"] == PLANTED
