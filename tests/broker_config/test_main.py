"""`python -m broker_config` as a person uses it: real process, real signals."""

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from broker_config.knock import answers, is_taken
from tests.support.broker import ProgramBroker
from tests.support.ports import free_port
from tests.support.wait import until


def command(state: Path, port: int, *more: str) -> list[str]:
    argv = [sys.executable, "-m", "broker_config", "--state", str(state), "--port", str(port)]
    return [*argv, *more]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT, signal.SIGHUP])
def test_serves_until_told_to_stop(tmp_path: Path, number: signal.Signals) -> None:
    port = free_port()
    with subprocess.Popen(command(tmp_path / "state", port), stderr=subprocess.PIPE) as broker:
        until(lambda: answers("127.0.0.1", port), 10)
        broker.send_signal(number)
        assert broker.wait(10) == 0
        assert broker.stderr is not None
        assert f"mosquitto on 127.0.0.1:{port}" in broker.stderr.read().decode()
    assert not is_taken("127.0.0.1", port)


def test_fallback_says_what_it_lacks(tmp_path: Path) -> None:
    port = free_port()
    argv = command(tmp_path / "state", port, "--fallback")
    with subprocess.Popen(argv, stderr=subprocess.PIPE, text=True) as broker:
        assert broker.stderr is not None
        said = [broker.stderr.readline() for _ in range(4)]
        broker.terminate()
        broker.wait(10)
    assert "fallback on" in said[0]
    assert "not Mosquitto" in said[1]
    assert "no access control" in said[2]


def test_a_taken_port_is_an_error_that_says_who_must_act(
    tmp_path: Path, mosquitto: ProgramBroker
) -> None:
    argv = command(tmp_path / "state", mosquitto.port)
    done = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_another_address_is_refused(tmp_path: Path) -> None:
    argv = command(tmp_path / "state", free_port(), "--bind", "0.0.0.0")
    done = subprocess.run(argv, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 2
    assert "identities" in done.stderr
