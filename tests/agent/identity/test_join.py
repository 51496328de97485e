"""One line typed on a new kiosk: once, twice, wrongly, with the office away."""

import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.config import load
from agent.identity import join
from agent.identity.renew import DONE, LATER, MUST_ACT
from agent.identity.slots import Slots
from controller import policies
from controller.people.audit import By
from controller.store.engine import writing
from tests.agent.identity.conftest import HURRY
from tests.agent.identity.played_door import KIOSK, PlayedDoor
from tests.support.door import Door
from tests.support.signing import Ceremony
from wire.invitation import Invitation
from wire.policy import SignedPolicy


class Machine:
    """A kiosk that somebody types at."""

    def __init__(self, folder: Path) -> None:
        self.config, self.state = folder / "etc" / "agent.toml", folder / "state"
        self.slots = Slots(self.state)

    def type(self, url: str, invitation: Invitation | str, *more: str) -> int:
        code = invitation if isinstance(invitation, str) else invitation.code
        where = ("--config", str(self.config), "--state", str(self.state))
        return join.main([url, code, *where, *more])

    @property
    def serial(self) -> str:
        slot = self.slots.current()
        assert slot is not None
        return slot.about.serial


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_new_kiosk_joins_with_one_line_at_a_real_door(
    machine: Machine, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.type(door.url, door.invite("bdg-sukasari-1")) == DONE
    assert "Anjungan ini sekarang bdg-sukasari-1" in capsys.readouterr().out
    config = load(machine.config)
    assert (config.kiosk, config.broker.host, config.broker.port) == (
        "bdg-sukasari-1",
        "localhost",
        8883,
    )
    assert Path(config.broker.key).is_file()
    assert Path(config.broker.ca).read_text("ascii").split() == door.authority.split()
    (row,) = door.certificates("bdg-sukasari-1")
    assert (row.state, row.serial) == ("current", machine.serial)


def test_a_kiosk_that_joins_is_told_who_may_command_it(
    machine: Machine, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    invitation = door.invite("bdg-sukasari-1")
    assert machine.type(door.url, invitation) == DONE
    assert "belum menerima perintah" in capsys.readouterr().out
    signed = Ceremony().signed_policy()
    with writing(door.engine) as conn:
        policies.store(conn, signed, By("root"), 5)
    assert machine.type(door.url, invitation) == DONE
    assert "perintah" not in capsys.readouterr().out
    slot = machine.slots.current()
    assert slot is not None
    assert msgspec.json.decode(slot.policy.read_bytes(), type=SignedPolicy) == signed


def test_the_same_line_again_is_harmless(machine: Machine, door: Door) -> None:
    invitation = door.invite("bdg-sukasari-1")
    assert machine.type(door.url, invitation) == DONE
    before, written = machine.serial, machine.config.read_text()
    assert machine.type(door.url, invitation) == DONE
    assert (machine.serial, machine.config.read_text()) == (before, written)


def test_a_kiosk_that_works_is_replaced_only_by_force(
    machine: Machine, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.type(door.url, door.invite("bdg-sukasari-1")) == DONE
    first = machine.serial
    second = door.invite("bdg-sukasari-1")
    assert machine.type(door.url, second) == MUST_ACT
    assert "--force" in capsys.readouterr().err
    assert machine.serial == first
    assert machine.type(door.url, second, "--force") == DONE
    assert machine.serial != first
    states = {row.serial: row.state for row in door.certificates("bdg-sukasari-1")}
    assert states == {first: "superseded", machine.serial: "current"}


def test_a_kiosk_that_needs_a_new_code_takes_it_without_force(
    machine: Machine, played: PlayedDoor
) -> None:
    assert machine.type(played.url, played.invite()) == DONE
    noted = machine.slots.state()
    machine.slots.note(type(noted)(used=noted.used, needs_code=True))
    assert machine.type(played.url, played.invite()) == DONE
    assert not machine.slots.state().needs_code


def test_what_a_technician_configured_is_kept(machine: Machine, played: PlayedDoor) -> None:
    machine.config.parent.mkdir()
    machine.config.write_text(
        '# ours\n[broker]\nhost = "a"\nkeepalive_s = 30\n[probes]\nqueue = {}\n'
    )
    machine.config.write_text(
        machine.config.read_text().replace("queue", "screen").replace("{}", "false")
    )
    assert machine.type(played.url, played.invite()) == DONE
    text = machine.config.read_text()
    assert text.startswith("# ours")
    assert load(machine.config).broker.keepalive_s == 30
    assert tomllib.loads(text)["probes"] == {"screen": False}


def test_where_the_kiosk_keeps_its_memory_is_kept(tmp_path: Path, played: PlayedDoor) -> None:
    config = tmp_path / "agent.toml"
    config.write_text(f'state_dir = "{tmp_path / "elsewhere"}"\n')
    assert join.main([played.url, played.invite().code, "--config", str(config)]) == DONE
    assert Slots(tmp_path / "elsewhere").current()


def test_a_broker_without_tls_is_only_one_of_this_machine(
    machine: Machine, played: PlayedDoor
) -> None:
    played.broker = type(played.broker)("127.0.0.1", 1883, tls=False)
    assert machine.type(played.url, played.invite()) == DONE
    assert load(machine.config).broker.ca == ""
    played.broker = type(played.broker)("office.example", 1883, tls=False)
    assert machine.type(played.url, played.invite(), "--force") == MUST_ACT


@pytest.mark.parametrize("spoilt", [lambda code: code[:-1], lambda code: "Z" + code[1:]])
def test_row_40_a_mistyped_code_is_told_before_anybody_is_asked(
    machine: Machine, played: PlayedDoor, spoilt: object, capsys: pytest.CaptureFixture[str]
) -> None:
    assert callable(spoilt)
    assert machine.type(played.url, spoilt(played.invite().code)) == MUST_ACT
    assert "type it again" in capsys.readouterr().err
    assert played.seen == []


def test_row_40_a_used_code_is_refused_with_who_must_act(
    tmp_path: Path, door: Door, capsys: pytest.CaptureFixture[str]
) -> None:
    invitation = door.invite("bdg-sukasari-1")
    first, second = Machine(tmp_path / "one"), Machine(tmp_path / "two")
    assert first.type(door.url, invitation) == DONE
    assert second.type(door.url, invitation) == MUST_ACT
    assert "token_used" in (said := capsys.readouterr().err)
    assert "teknisi" in said
    assert second.slots.current() is None
    assert not second.config.exists()


def test_row_32_a_fake_door_gets_no_code_and_gives_no_identity(
    machine: Machine, door: Door, played: PlayedDoor, capsys: pytest.CaptureFixture[str]
) -> None:
    assert machine.type(played.url, door.invite("bdg-sukasari-1")) == MUST_ACT
    assert "is not our office" in capsys.readouterr().err
    assert [path for _, path in played.seen] == ["/v1/authority"]
    assert machine.slots.current() is None


def test_a_code_may_be_typed_in_groups(machine: Machine, played: PlayedDoor) -> None:
    groups = played.invite().code.lower().split("-")
    assert machine.type(played.url, groups[0], *groups[1:]) == DONE


def test_an_address_that_is_none_is_said(machine: Machine, played: PlayedDoor) -> None:
    assert machine.type("http://office", played.invite()) == MUST_ACT


def test_an_office_that_is_away_is_waited_for_and_the_same_line_goes_on(
    machine: Machine, played: PlayedDoor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(join, "Patience", lambda: HURRY)
    invitation = played.invite()
    played.plan = ["", *["lose"] * 50]
    assert machine.type(played.url, invitation) == LATER
    played.plan = []
    assert machine.type(played.url, invitation) == DONE
    assert len(played.issued) == 1
    assert load(machine.config).kiosk == KIOSK


@pytest.fixture
def kiosk() -> Iterator[Machine]:
    """As installed: the state folder is the agent's account's, the settings are root's."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    one = Machine(folder)
    one.state.mkdir(0o700)
    if os.geteuid() == 0:
        os.chown(one.state, 1234, 1234)
    yield one
    shutil.rmtree(folder)


def test_joined_by_root_the_identity_is_the_agents_and_the_settings_are_not(
    kiosk: Machine, door: Door
) -> None:
    # In a process of its own: as whom it works is a matter of the whole process.
    line = (door.url, door.invite("bdg-sukasari-9").code)
    where = ("--config", str(kiosk.config), "--state", str(kiosk.state))
    # What is imported late is imported before: this machine's Python may be in root's own folder.
    early = "encodings.ascii, encodings.idna, http.client, ssl, sys, threading"
    early += ", cryptography.hazmat.backends.openssl"
    program = f"import {early}; from agent.identity import join; sys.exit(join.main(sys.argv[1:]))"
    command = [sys.executable, "-c", program, *line, *where]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == DONE, done.stderr
    owner = kiosk.state.stat().st_uid
    files = [*kiosk.slots.folder.rglob("*")]
    assert {path.lstat().st_uid for path in files} == {owner}
    assert all(path.stat().st_mode & 0o077 == 0 for path in files if not path.is_symlink())
    assert kiosk.config.stat().st_uid == os.geteuid()
    assert kiosk.config.stat().st_mode & 0o777 == 0o644


@pytest.mark.parametrize("mode", [0o600, 0o640])
def test_settings_stay_as_open_as_they_were(machine: Machine, door: Door, mode: int) -> None:
    machine.config.parent.mkdir()
    machine.config.write_text("")
    machine.config.chmod(mode)
    if os.geteuid() == 0:
        os.chown(machine.config, 0, 1234)
    before = machine.config.stat()
    assert machine.type(door.url, door.invite("bdg-sukasari-8")) == DONE
    after = machine.config.stat()
    assert (after.st_mode, after.st_gid) == (before.st_mode, before.st_gid)
    assert after.st_ino != before.st_ino


def test_what_a_cut_or_somebody_else_left_beside_the_settings_is_not_written_into(
    machine: Machine, door: Door
) -> None:
    theirs = machine.config.parent.parent / "theirs"
    theirs.write_text("not ours")
    machine.config.parent.mkdir()
    (machine.config.parent / "agent.toml.tmp").symlink_to(theirs)
    assert machine.type(door.url, door.invite("bdg-sukasari-7")) == DONE
    assert theirs.read_text() == "not ours"
    assert not machine.config.is_symlink()
