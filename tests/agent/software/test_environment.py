"""A release runs with what it brings itself, and with nothing of what lies beside it."""

import json
import platform
import subprocess
from pathlib import Path

import pytest

from agent.software import environment
from agent.software.environment import ABOUT, VERSION, Unfit
from tests.agent.software.programs import program


def asked(python: Path, code: str) -> str:
    """Where nothing else of that name lies."""
    argv = [str(python), "-I", "-c", code]
    return str(subprocess.check_output(argv, text=True, cwd=python.parent)).strip()


def test_a_release_finds_itself_and_not_what_was_installed_by_hand(tmp_path: Path) -> None:
    program(tmp_path, 3, "print('three')")
    python = environment.interpreter(tmp_path, 3)
    assert asked(python, "import agent; print(agent.__file__)") == str(
        tmp_path / "slots" / "3" / "agent" / "__init__.py"
    )
    found = "import importlib.util as u; print(u.find_spec('msgspec'), u.find_spec('pytest'))"
    assert asked(python, found) == "None None"


def test_its_children_find_it_too(tmp_path: Path) -> None:
    program(tmp_path, 3, "print('three')")
    python = environment.interpreter(tmp_path, 3)
    child = "import subprocess, sys; subprocess.run([sys.executable, '-m', 'agent'], check=True)"
    assert asked(python, child) == "three"


def test_compiled_copies_never_lie_in_the_slot(tmp_path: Path) -> None:
    program(tmp_path, 3, "print('three')")
    environment.compile_ahead(tmp_path, 3)
    assert not [*(tmp_path / "slots").rglob("*.pyc")]
    assert [*(tmp_path / "envs" / "3" / "pycache").rglob("*.opt-2.pyc")]


@pytest.mark.parametrize(
    "about",
    [
        None,
        "nonsense",
        {"module": "agent"},
        {"module": "portal", "python": VERSION, "machine": platform.machine()},
        {"module": "agent", "python": "2.7", "machine": platform.machine()},
        {"module": "agent", "python": VERSION, "machine": "abacus"},
    ],
)
def test_a_release_for_another_kiosk_is_unfit(tmp_path: Path, about: object) -> None:
    slot = program(tmp_path, 3, "")
    if about is None:
        (slot / ABOUT).unlink()
    else:
        (slot / ABOUT).write_text(json.dumps(about))
    with pytest.raises(Unfit):
        environment.check(slot, "agent")


def test_environments_of_releases_that_are_gone_go_too(tmp_path: Path) -> None:
    for seq in (3, 4, 5):
        program(tmp_path, seq, "")
        environment.interpreter(tmp_path, seq)
    environment.prune(tmp_path, {4, 5})
    assert sorted(path.name for path in (tmp_path / "envs").iterdir()) == ["4", "5"]
    environment.prune(tmp_path / "nothing", set())
