"""What the agent's account may ask of a kiosk: the rule itself is run, by a real script engine."""

import json
import os
import subprocess
import tomllib
from pathlib import Path

import pytest

from provisioning.files.rows import File
from provisioning.kiosk_files.settings import Settings
from provisioning.kiosk_files.table import rows

UNITS = "org.freedesktop.systemd1.manage-units"
REBOOT = "org.freedesktop.login1.reboot"
PLAYED = """
let rule;
const polkit = {addRule: (one) => { rule = one; },
                Result: {YES: "yes", NO: "no", NOT_HANDLED: "other"}};
%s
const [id, user, unit, verb] = %s;
const lookup = (name) => ({unit, verb})[name];
console.log(rule({id, lookup}, {user}));
"""


def text(name: str) -> str:
    (found,) = [r.text for r in rows(Settings()) if isinstance(r, File) and r.path.endswith(name)]
    return found


def asked(*what: str) -> str:
    script = PLAYED % (text("50-anjungan.rules"), json.dumps([*what, "", ""][:4]))
    done = subprocess.run(
        ["node", "-e", script], capture_output=True, text=True, check=True, timeout=30
    )
    return done.stdout.strip()


@pytest.mark.parametrize(("verb", "unit"), [
    ("restart", "anjungan-browser.service"),
    ("restart", "anjungan-portal.service"),
    ("restart", "anjungan-agent.service"),
    ("start", "anjungan-queue-clear@kiosk.service"),
    ("start", "anjungan-queue-resume@struk-2.service"),
    ("start", "anjungan-brightness@70.service"),
    ("start", "anjungan-wipe.service"),
])  # fmt: skip
def test_the_agent_may_do_its_few_things(verb: str, unit: str) -> None:
    assert asked(UNITS, "anjungan", unit, verb) == "yes"


@pytest.mark.parametrize(("verb", "unit"), [
    ("stop", "anjungan-browser.service"),
    ("stop", "anjungan-agent.service"),
    ("restart", "anjungan-agent-guard.timer"),
    ("restart", "ssh.service"),
    ("start", "anjungan-queue-clear@-x.service"),
    ("start", "anjungan-queue-clear@a b.service"),
    ("start", "anjungan-brightness@70.service\nx"),
    ("start", "debug-shell.service"),
])  # fmt: skip
def test_and_no_other_thing(verb: str, unit: str) -> None:
    assert asked(UNITS, "anjungan", unit, verb) == "no"


def test_a_reboot_is_the_agents_and_power_off_nobodys() -> None:
    assert asked(REBOOT, "anjungan") == "yes"
    assert asked("org.freedesktop.login1.power-off", "anjungan") == "no"


@pytest.mark.parametrize("user", ["kiosk", "anjungan-portal", "root", ""])
def test_of_others_the_rule_says_nothing(user: str) -> None:
    assert asked(REBOOT, user) == "other"


def test_every_unit_that_the_settings_name_is_there_and_allowed() -> None:
    table = {Path(r.path).name for r in rows(Settings()) if isinstance(r, File)}
    actions = tomllib.loads(text("agent.toml"))["actions"]
    named = [one["run"][-2:] for one in actions.values() if "run" in one]
    for verb, unit in (words for words in named if words[-1] != "reboot"):
        filled = unit.replace("{queue}", "kiosk").replace("{percent}", "55")
        assert asked(UNITS, "anjungan", filled, verb) == "yes"
        assert unit.replace("{queue}", "").replace("{percent}", "") in table
    assert len(named) >= 5


@pytest.mark.parametrize(("percent", "light"), [("50", "128"), ("1", "3"), ("100", "255")])
def test_the_light_is_set(tmp_path: Path, percent: str, light: str) -> None:
    assert brightness(tmp_path, percent) == (0, light)


@pytest.mark.parametrize("percent", ["0", "101", "1000", "", "-1", "5;reboot", "$(id)"])
def test_no_light_is_set_to_nonsense(tmp_path: Path, percent: str) -> None:
    assert brightness(tmp_path, percent) == (2, "9")


def brightness(folder: Path, percent: str) -> tuple[int, str]:
    panel = folder / "class/backlight/intel"
    panel.mkdir(parents=True)
    (panel / "max_brightness").write_text("255\n")
    (panel / "brightness").write_text("9\n")
    program = folder / "brightness"
    program.write_text(text("/anjungan/brightness"))
    done = subprocess.run(
        ["sh", str(program), percent],
        env={**os.environ, "SYS": str(folder)}, check=False, timeout=20,
    )  # fmt: skip
    return done.returncode, (panel / "brightness").read_text().strip()
