"""What a process listens at is told by Linux, of this process alone."""

import os
import socket
import subprocess
import tempfile
from contextlib import closing

import pytest

from broker_config.sockets import Ear, ears


@pytest.mark.parametrize("address", ["127.0.0.1", "0.0.0.0", "::1", "::"])
def test_a_listener_is_seen_with_its_address(address: str) -> None:
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with socket.create_server((address, 0), family=family) as server:
        assert Ear("tcp", address, server.getsockname()[1]) in ears(os.getpid())


def test_a_connection_is_no_listener() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        before = ears(os.getpid())
        with socket.create_connection(server.getsockname()):
            assert ears(os.getpid()) == before


def test_datagrams_and_local_sockets_are_seen_too() -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)) as datagrams,
        closing(socket.socket(socket.AF_UNIX)) as local,
    ):
        datagrams.bind(("127.0.0.1", 0))
        local.bind(f"{folder}/s")
        local.listen()
        found = ears(os.getpid())
        assert Ear("udp", "127.0.0.1", datagrams.getsockname()[1]) in found
        assert Ear("unix", f"{folder}/s", 0) in found


def test_what_others_listen_at_is_not_its_own() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        ours = Ear("tcp", "127.0.0.1", server.getsockname()[1])
        assert ours in ears(os.getpid())
        with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as other:
            assert ears(other.pid) == frozenset()


def test_a_process_that_is_gone_cannot_be_asked() -> None:
    with pytest.raises(OSError, match="No such file"):
        ears(2**22 + 1)


def test_an_ear_is_said_as_a_person_reads_it() -> None:
    assert str(Ear("tcp", "0.0.0.0", 1883)) == "tcp 0.0.0.0:1883"
    assert str(Ear("unix", "/run/x", 0)) == "unix /run/x"
