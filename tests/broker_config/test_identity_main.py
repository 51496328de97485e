"""The command line of a broker with identities: what it needs, what it refuses."""

import fcntl
import os
import subprocess
import sys
from pathlib import Path

import pytest

from broker_config.__main__ import parser
from broker_config.identity_main import settings_of
from broker_config.settings import BrokerRefused
from tests.support.broker import ProgramBroker
from tests.support.pki import Pki
from tests.support.ports import free_port


def words(folder: Path, **changed: str) -> list[str]:
    options = {
        "state": str(folder / "state"),
        "identities": str(folder / "issued"),
        "exchange": str(folder / "exchange"),
        "kiosk-port": str(free_port()),
        "office-port": str(free_port()),
        **changed,
    }
    return [word for name, value in options.items() if value for word in (f"--{name}", value)]


def started(argv: list[str]) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "broker_config", *argv]
    return subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)


def test_the_kiosks_door_may_be_on_any_address(tmp_path: Path) -> None:
    settings = settings_of(parser().parse_args(words(tmp_path, **{"kiosk-bind": "0.0.0.0"})))
    assert settings.bind == "0.0.0.0"
    assert settings.identities is not None
    assert settings.identities.office_bind == "127.0.0.1"
    assert settings.identities.crl.parent == (tmp_path / "state" / "in-force").resolve()


@pytest.mark.parametrize("missing", ["exchange", "kiosk-port", "office-port"])
def test_what_is_missing_is_said(tmp_path: Path, missing: str) -> None:
    with pytest.raises(BrokerRefused, match="needs"):
        settings_of(parser().parse_args(words(tmp_path, **{missing: ""})))


def test_the_fallback_knows_no_identities(tmp_path: Path) -> None:
    with pytest.raises(BrokerRefused, match="mosquitto"):
        settings_of(parser().parse_args([*words(tmp_path), "--fallback"]))


def test_there_are_never_more_connections_than_files(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("resource.getrlimit", lambda _: (1024, 4096))
    settings = settings_of(parser().parse_args(words(tmp_path)))
    assert settings.identities is not None
    assert settings.identities.most_kiosks == 4096 - 500
    monkeypatch.setattr("resource.getrlimit", lambda _: (256, 256))
    with pytest.raises(BrokerRefused, match="administrator"):
        settings_of(parser().parse_args(words(tmp_path)))


def test_a_name_instead_of_an_address_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BrokerRefused, match="not an IP address"):
        settings_of(parser().parse_args(words(tmp_path, **{"kiosk-bind": "kiosks.example"})))


def test_a_port_in_use_is_said(tmp_path: Path, mosquitto: ProgramBroker) -> None:
    Pki(tmp_path)
    argv = words(tmp_path, **{"kiosk-port": str(mosquitto.port)})
    done = started(argv)
    assert done.returncode == 2
    assert "in use" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_second_keeper_in_the_same_folder_is_refused(tmp_path: Path) -> None:
    Pki(tmp_path)
    (tmp_path / "exchange").mkdir()
    handle = os.open(tmp_path / "exchange", os.O_RDONLY)
    fcntl.flock(handle, fcntl.LOCK_EX)
    done = started(words(tmp_path))
    os.close(handle)
    assert done.returncode == 2
    assert "another keeper" in done.stderr
