"""`anjungan door` starts where it is safe, and says what to do where it is not."""

import sys
from pathlib import Path

import pytest

from provisioning.door import Wrong, is_loopback, main, place, private
from tests.support.child import Child, free_port
from tests.support.door import Door


def arguments(door: Door, *more: str, broker: str = "broker.example:8883") -> list[str]:
    pair = ("--cert", str(door.certificate), "--key", str(door.key))
    trust = ("--server-ca", str(door.ca_file), "--broker", broker)
    return ["--database", door.database, *pair, *trust, *more]


def test_the_command_serves_kiosks(door: Door, tmp_path: Path) -> None:
    other = free_port()
    words = [sys.executable, "-m", "provisioning.door", *arguments(door, "--port", str(other))]
    child = Child(words, tmp_path / "door.log")
    try:
        child.wait_for_port(other, 60)
        caller = door.caller()
        caller.base_url = f"https://127.0.0.1:{other}"
        said = caller.take(caller.enrol(door.invite(caller.name)))
        assert said["broker"] == {"host": "broker.example", "port": 8883, "tls": True}
        assert caller.standing().json()["certificate"] == "current"
    finally:
        child.stop()
    assert (tmp_path / "door.log").read_text() == f"door: https://127.0.0.1:{other}\n"


@pytest.mark.parametrize("mode", [0o604, 0o644, 0o660, 0o620])
def test_a_key_that_others_may_read_is_refused(
    door: Door, mode: int, capsys: pytest.CaptureFixture[str]
) -> None:
    door.key.chmod(mode)
    assert main(arguments(door)) == 2
    assert "chmod 600" in capsys.readouterr().err


@pytest.mark.parametrize("mode", [0o400, 0o600, 0o640])
def test_a_key_for_its_owner_and_its_group_is_taken(door: Door, mode: int) -> None:
    door.key.chmod(mode)
    private(door.key)


@pytest.mark.parametrize(
    ("host", "ok"), [("127.0.0.1", True), ("[::1]", True), ("10.0.0.1", False)]
)
def test_a_broker_without_tls_is_for_this_machine_only(
    door: Door, host: str, *, ok: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = arguments(door, "--broker-plain", "--port", str(door.port), broker=f"{host}:1883")
    assert main(asked) == 2  # also when it is ok: the port is taken
    said = capsys.readouterr().err
    assert ("in use" in said) is ok
    assert ("--broker-plain" in said) is not ok


@pytest.mark.parametrize("wrong", ["database", "key", "ca", "broker", "proxy", "pair"])
def test_what_is_wrong_is_said(
    door: Door, tmp_path: Path, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = arguments(door, "--port", str(door.port))
    nonsense = tmp_path / "nonsense.pem"
    nonsense.write_text("nonsense")
    nonsense.chmod(0o600)
    change = {
        "database": ["--database", ""],
        "key": ["--key", str(tmp_path / "none.key")],
        "ca": ["--server-ca", str(nonsense)],
        "broker": ["--broker", "broker"],
        "proxy": ["--proxy", "proxy.example"],
        "pair": ["--key", str(nonsense)],
    }[wrong]
    assert main([*asked, *change]) == 2
    assert capsys.readouterr().err.startswith("door: ")


def test_two_authorities_are_not_one(door: Door, capsys: pytest.CaptureFixture[str]) -> None:
    door.ca_file.write_text(door.authority * 2)
    assert main(arguments(door)) == 2
    assert "exactly one" in capsys.readouterr().err


def test_places_and_loopbacks_are_read() -> None:
    assert place("[::1]:8883") == ("::1", 8883)
    assert place("broker.example:1") == ("broker.example", 1)
    for wrong in ("broker", ":1", "b:0", "b:65536", "b:x", "b:\u0661"):
        with pytest.raises(Wrong):
            place(wrong)
    assert is_loopback("localhost")
    assert is_loopback("127.8.0.1")
    assert not is_loopback("broker.example")
