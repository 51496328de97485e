"""A knock tells a broker from silence, from another program and from half an answer."""

import socket
import threading
from collections.abc import Iterator

import mqtt5
import pytest

from broker_config.knock import CONNECT, answers, free_port, is_taken
from tests.support.broker import AnyBroker


def test_the_bytes_are_a_connect_of_mqtt_5() -> None:
    packet, size = mqtt5.read(memoryview(CONNECT))
    assert isinstance(packet, mqtt5.ConnectPacket)
    assert size == len(CONNECT)
    assert packet.clean_start
    assert packet.session_expiry_interval == 0


def test_a_broker_answers(any_broker: AnyBroker) -> None:
    assert answers(any_broker.host, any_broker.port)
    assert is_taken(any_broker.host, any_broker.port)


def test_a_free_port_is_silence() -> None:
    port = free_port()
    assert not answers("127.0.0.1", port)
    assert not is_taken("127.0.0.1", port)


@pytest.fixture
def program(request: pytest.FixtureRequest) -> Iterator[int]:
    """A program that is no broker: it says the parameter and closes."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve() -> None:
            door, _ = server.accept()
            with door:
                door.sendall(request.param)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield server.getsockname()[1]
        thread.join(2)


@pytest.mark.parametrize(
    "program",
    [b"", b"\x20", b"HTTP/1.1 400 Bad Request\r\n", b"\x20\x03\x00\x85\x00"],
    indirect=True,
)
def test_another_program_is_no_broker(program: int) -> None:
    assert not answers("127.0.0.1", program, timeout_s=0.5)
