"""The agent as systemd runs it: a process, a signal, an exit code."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.wiping import MARKER, Wiping
from tests.agent.commands.played import lay_policy
from tests.agent.mqtt_office import MqttOffice
from tests.support.broker import ProgramBroker
from tests.support.signing import Ceremony
from tests.support.wait import until
from wire.messages import Birth, Death, Fetching, Result
from wire.wants import Want

CONFIG = """
kiosk = "bdg-andir-01"
state_dir = "{state}"
[broker]
host = "127.0.0.1"
port = {port}
"""


def config(folder: Path, port: int = 1, more: str = "") -> Path:
    path = folder / "agent.toml"
    path.write_text(CONFIG.format(state=folder / "state", port=port) + more)
    return path


def agent(*arguments: object, **environ: str) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "agent", *map(str, arguments)],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)} | environ,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
        sock.bind(str(tmp_path / "notify"))
        sock.settimeout(20)
        yield sock


def test_it_is_ready_feeds_the_watchdog_and_says_farewell_when_told_to_stop(
    mosquitto: ProgramBroker, systemd: socket.socket, tmp_path: Path
) -> None:
    office = MqttOffice(mosquitto.host, mosquitto.port)
    notify = {"NOTIFY_SOCKET": systemd.getsockname(), "WATCHDOG_USEC": "400000"}
    process = agent("--config", config(tmp_path, mosquitto.port), **notify)
    assert systemd.recv(100) == b"READY=1"
    assert systemd.recv(100) == b"WATCHDOG=1"
    until(lambda: office.of(Birth), 10)
    process.send_signal(signal.SIGTERM)
    assert process.wait(20) == 0
    (death,) = until(lambda: office.of(Death), 20)
    assert death.planned
    office.close()


@pytest.mark.parametrize(
    ("more", "named"),
    [("keepalive_s = 0", "$.broker.keepalive_s"), ("[probes.toaster]", "there is no such probe")],
)
def test_a_mistake_in_the_file_is_said_in_one_line_and_not_retried(
    tmp_path: Path, more: str, named: str
) -> None:
    process = agent("--config", config(tmp_path, more=more))
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert named in said
    assert said.count("\n") == 1


def test_a_file_can_be_checked_without_starting(tmp_path: Path) -> None:
    process = agent("--check", "--config", config(tmp_path))
    assert process.wait(20) == 0
    assert not (tmp_path / "state").exists()


def test_asking_for_help_is_no_mistake() -> None:
    process = agent("--help")
    _, said = process.communicate(timeout=20)
    assert process.returncode == 0
    assert said == ""


@pytest.mark.parametrize("words", [(), ("--config",), ("--config", "a", "b"), ("-x", "a")])
def test_words_that_are_not_understood_are_answered_with_the_usage(words: tuple[str, ...]) -> None:
    process = agent(*words)
    _, said = process.communicate(timeout=20)
    assert process.returncode == 2
    assert said.startswith("usage: anjungan agent --config")


def test_the_file_may_be_named_in_one_word(tmp_path: Path) -> None:
    process = agent(f"--config={config(tmp_path)}", "--check")
    assert process.wait(20) == 0


def test_the_agent_that_stays_imports_no_action() -> None:
    asked = "import agent.__main__, sys; print([n for n in sys.modules if 'agent.actions' in n])"
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environ, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_the_agent_that_stays_knows_nothing_of_what_a_release_is_made_of() -> None:
    asked = "import agent.__main__, sys; print(*sys.modules)"
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", asked], env=environ, capture_output=True, text=True, check=True
    )
    heavy = {"tuf", "zstandard", "shutil", "subprocess", "wire.content"}
    heavy |= {f"agent.content.{name}" for name in ("install", "fetch", "trust", "slots", "journal")}
    assert heavy & {*done.stdout.split()} == set()


def test_launcher_and_agent_mean_the_same_word_by_which_release_runs() -> None:
    asked = (
        "import agent.__main__ as m; from agent.software import launch;"
        "raise SystemExit(m.RELEASE != launch.RELEASE)"
    )
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", asked], env=environ, check=True)


def test_what_the_office_desires_is_kept_and_a_child_sees_to_it(
    mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    ceremony, office = Ceremony(), MqttOffice(mosquitto.host, mosquitto.port)
    content = f'[content]\nfolder = "{tmp_path / "releases"}"\nurl = "http://127.0.0.1:1"\n'
    path = config(tmp_path, mosquitto.port, content)
    lay_policy(tmp_path / "state", ceremony)
    process = agent("--config", path)
    birth = until(lambda: office.of(Birth), 30)[-1]
    want = Want(bundle="layanan", seq=2, number=5)
    office.say("bdg-andir-01", ceremony.desired("bdg-andir-01", birth.nonce, want))
    (heard, *_) = until(lambda: office.of(Fetching), 30)
    assert (heard.release, heard.state) == (2, "pending")
    until((tmp_path / "state" / "content" / "status.json").exists, 30)
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    office.close()


def test_a_command_starts_the_agent_anew_and_the_next_one_proves_it(
    mosquitto: ProgramBroker, tmp_path: Path
) -> None:
    ceremony, office = Ceremony(), MqttOffice(mosquitto.host, mosquitto.port)
    path = config(tmp_path, mosquitto.port)
    lay_policy(tmp_path / "state", ceremony)
    process = agent("--config", path)
    birth = until(lambda: office.of(Birth), 30)[-1]
    one = ceremony.envelope("bdg-andir-01", "restart_agent")
    office.say("bdg-andir-01", ceremony.orders("bdg-andir-01", birth.nonce, one))
    assert process.wait(30) == 1  # systemd starts it again
    process = agent("--config", path)
    (result,) = until(lambda: office.of(Result), 30)
    assert (result.command, result.state) == (one.command, "succeeded")
    process.send_signal(signal.SIGTERM)
    assert process.wait(30) == 0
    office.close()


def test_what_is_left_of_a_wipe_goes_when_nothing_more_is_to_be_told(tmp_path: Path) -> None:
    """As after a cut in its very end: the memory is gone, and the marker is not."""
    state = tmp_path / "state"
    (state / "identity").mkdir(parents=True)
    told = Wiping("bdg-andir-01", "0" * 32, data_gone=True)
    (state / MARKER).write_bytes(msgspec.json.encode(told))
    process = agent("--config", config(tmp_path), WATCHDOG_USEC="200000")
    assert process.wait(30) == 0
    assert list(state.iterdir()) == [] or list(state.iterdir()) == [state / "identity"]
