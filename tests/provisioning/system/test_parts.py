"""Setting up the operating system's parts, with a package manager that only writes down."""

import os
import subprocess
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "provisioning" / "system" / "parts.sh"
NEEDED = "sh awk id cat rm tee chmod env dirname mkdir touch"
MANAGER = """#!/bin/sh
echo "$*" >> "$LOG"
[ -e "$POLICY_RC_D" ] && echo guarded >> "$LOG"
case "$*" in *"$REFUSED"*) exit 100 ;; *install*) touch "$BIN/grim"; chmod +x "$BIN/grim" ;; esac
"""


class Machine:
    """A machine with next to nothing on its path, run by whoever runs the test."""

    def __init__(self, folder: Path) -> None:
        self.bin = folder / "bin"
        self.log = folder / "log"
        self.guard = folder / "policy"
        self.bin.mkdir()
        self.log.touch()
        for name in NEEDED.split():
            (self.bin / name).symlink_to(f"/usr/bin/{name}")
        self.command("apt-get", MANAGER)
        self.command("sudo", '#!/bin/sh\nexec "$@"\n')

    def command(self, name: str, text: str = "#!/bin/sh\n") -> None:
        (self.bin / name).write_text(text)
        (self.bin / name).chmod(0o755)

    def parts(self, *arguments: str, refused: str = "nothing") -> int:
        env = {"PATH": str(self.bin), "BIN": str(self.bin), "LOG": str(self.log)}
        env |= {"POLICY_RC_D": str(self.guard), "REFUSED": refused}
        done = subprocess.run(["sh", SCRIPT, *arguments], env=env, check=False, timeout=20)
        assert not self.guard.exists()
        return done.returncode

    @property
    def asked(self) -> list[str]:
        return self.log.read_text().splitlines()


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_what_is_there_is_not_installed(machine: Machine) -> None:
    machine.command("grim")
    assert machine.parts("grim") == 0
    assert machine.asked == []


def test_only_what_is_missing_is_installed_and_no_service_may_start(machine: Machine) -> None:
    machine.command("sway")
    assert machine.parts("sway", "grim") == 0
    installs = [line for line in machine.asked if "install" in line]
    assert [line.split()[-1] for line in installs] == ["grim"]
    assert sum("update" in line for line in machine.asked) == 1
    assert "guarded" in machine.asked


def test_a_part_that_cannot_be_had_stops_the_work(machine: Machine) -> None:
    assert machine.parts("grim", refused="install") == 1


def test_an_optional_part_that_cannot_be_had_stops_nothing(machine: Machine) -> None:
    assert machine.parts("--optional", "grim", refused="install") == 0


def test_a_machine_without_a_package_manager_is_told_what_is_missing(machine: Machine) -> None:
    (machine.bin / "apt-get").unlink()
    assert machine.parts("grim") == 1
    assert machine.parts("--optional", "grim") == 0


def test_a_part_nobody_knows_is_a_mistake(machine: Machine) -> None:
    assert machine.parts("perpetuum-mobile") == 2


def test_a_guard_that_somebody_else_set_is_left_alone(machine: Machine) -> None:
    machine.guard.write_text("theirs")
    with pytest.raises(AssertionError):
        machine.parts("grim")
    assert machine.guard.read_text() == "theirs"
    assert os.access(machine.bin / "grim", os.X_OK)
