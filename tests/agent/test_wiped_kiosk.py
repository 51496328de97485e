"""A real agent is wiped over a real broker: told first, then gone; cut anywhere, still gone."""

import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec
import pytest

from agent.actions import wipe
from agent.config import load
from agent.wiping import MARKER, Wiping, is_cut
from tests.agent.commands.played import lay_policy
from tests.agent.identity.cuts import killed_at
from tests.agent.mqtt_office import MqttOffice
from tests.support.broker import ProgramBroker
from tests.support.signing import Ceremony
from tests.support.wait import until
from wire.envelope import Envelope
from wire.messages import Birth, Result

KIOSK = "bdg-andir-01"
NOW = 10**12
PATIENCE_S = 60
Start = Callable[[], "subprocess.Popen[bytes]"]


def settings(folder: Path, port: int, more: str = "") -> Path:
    (folder / "citizens").mkdir()
    (folder / "citizens/draft").touch()
    path = folder / "agent.toml"
    path.write_text(f"""
kiosk = "{KIOSK}"
state_dir = "{folder}/state"
[broker]
host = "127.0.0.1"
port = {port}
reconnect_max_s = 1
{more}
[actions.wipe]
folders = ["{folder}/citizens"]
""")
    return path


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    started: list[subprocess.Popen[bytes]] = []
    environ = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path), "WATCHDOG_USEC": "400000"}

    def begin() -> "subprocess.Popen[bytes]":
        words = (sys.executable, "-m", "agent", "--config", str(tmp_path / "agent.toml"))
        started.append(subprocess.Popen(words, env=environ))
        return started[-1]

    yield begin
    for process in started:
        process.kill()
        process.wait()


def order(ceremony: Ceremony) -> Envelope:
    agreed = {"siti": 1, "budi": 1}
    return ceremony.envelope(KIOSK, "wipe", {"kiosk": KIOSK}, approvals=agreed)


def left(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


@pytest.mark.parametrize("killed", [False, True])
def test_its_identity_goes_when_the_office_knows_and_until_then_it_takes_nothing_more(
    mosquitto: ProgramBroker,
    tmp_path: Path,
    start: Start,
    killed: bool,  # noqa: FBT001 - drawn
) -> None:
    ceremony, office = Ceremony("siti", "budi"), MqttOffice(mosquitto.host, mosquitto.port)
    settings(tmp_path, mosquitto.port)
    lay_policy(tmp_path / "state", ceremony)
    process = start()
    nonce = until(lambda: office.of(Birth), PATIENCE_S)[-1].nonce
    office.mute = True
    wanted, later = order(ceremony), ceremony.envelope(KIOSK, number=2_001)
    office.say(KIOSK, ceremony.orders(KIOSK, nonce, wanted, now=NOW))
    until(lambda: office.of(Result), PATIENCE_S)
    assert left(tmp_path / "citizens") == set()
    office.say(KIOSK, ceremony.orders(KIOSK, nonce, later, now=NOW + 1))
    until(lambda: office.of(Result, lambda one: one.code == "wiping"), PATIENCE_S)
    assert {MARKER, "agent.db", "identity"} <= left(tmp_path / "state")
    if killed:
        process.send_signal(signal.SIGKILL)
        process.wait(PATIENCE_S)
        process = start()
    office.mute = False
    if not killed:
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE_S) == 0
        process = start()  # says again what was not acknowledged
    assert process.wait(PATIENCE_S) == 0
    assert left(tmp_path / "state") == set()
    ended = {one.state for one in office.of(Result, lambda one: one.command == wanted.command)}
    assert ended == {"succeeded"}
    office.close()


def test_an_end_that_was_cut_is_gone_on_with_at_the_next_start(
    tmp_path: Path, start: Start
) -> None:
    """Nobody hears a kiosk of which a part of the identity is gone: it must not try for ever."""
    config = load(settings(tmp_path, 1, '[door]\nurl = "https://127.0.0.1:1"'))
    state, cuts = tmp_path / "state", 0
    for call in range(1, 100, 4):
        here = state / "identity" / "a"
        here.mkdir(parents=True)
        for name in ("server-ca.pem", "cert.pem", "key.pem"):
            (here / name).touch()
        (state / "identity" / "current").symlink_to("a")
        told = Wiping(KIOSK, "0" * 32, data_gone=True)
        (state / MARKER).write_bytes(msgspec.json.encode(told))
        if not killed_at(call, lambda: wipe.finish(config)):
            break
        cuts += 1
        if MARKER in left(state):
            assert start().wait(PATIENCE_S) == 0
        assert left(state) == set()
    assert cuts >= 3


def test_a_kiosk_that_is_not_wiped_or_has_its_papers_is_not_cut(tmp_path: Path) -> None:
    gone, here = str(tmp_path / "gone"), str(tmp_path)
    wiped = Wiping(KIOSK, "0" * 32, data_gone=True)
    assert is_cut(wiped, [here, gone])
    assert not is_cut(wiped, [here])
    assert not is_cut(None, [gone])
    assert not is_cut(Wiping(KIOSK, "0" * 32), [gone])
