"""Talking to systemd, over a socket as systemd opens it."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.notify import Notify


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(5)
        yield sock


def test_a_state_reaches_systemd(systemd: socket.socket) -> None:
    Notify({"NOTIFY_SOCKET": systemd.getsockname()})("READY=1")
    assert systemd.recv(100) == b"READY=1"


def test_without_systemd_nothing_happens(tmp_path: Path) -> None:
    Notify({})("READY=1")
    Notify({"NOTIFY_SOCKET": str(tmp_path / "gone")})("READY=1")


def test_the_watchdog_is_fed_only_when_it_is_ours() -> None:
    asked = {"WATCHDOG_USEC": "60000000"}
    assert Notify(asked).watchdog_s == 60
    assert Notify(asked | {"WATCHDOG_PID": str(os.getpid())}).watchdog_s == 60
    assert Notify(asked | {"WATCHDOG_PID": "1"}).watchdog_s is None
    assert Notify({"WATCHDOG_USEC": "soon"}).watchdog_s is None
