"""`anjungan` finds the room for a word, and says what is missing in one line."""

import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from provisioning.__main__ import COMMANDS, Command, main


@pytest.mark.parametrize("command", COMMANDS.values(), ids=lambda one: one.module)
def test_every_word_has_a_room(command: Command) -> None:
    assert find_spec(command.module) is not None


def test_usage_names_every_word(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--help"]) == 0
    said = capsys.readouterr().out
    assert all(name in said for name in COMMANDS)


def test_no_word_and_a_wrong_word_end_with_2(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 2
    assert main(["fly"]) == 2
    assert "no command 'fly'" in capsys.readouterr().err


def test_the_rest_of_the_line_reaches_the_room(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        main(["kiosks", "--help"])
    assert left.value.code == 0
    assert "import" in capsys.readouterr().out


def test_a_missing_package_says_who_must_act(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sqlalchemy", None)
    for name in [name for name in sys.modules if name.startswith(("provisioning.kiosks",))]:
        monkeypatch.delitem(sys.modules, name)
    assert main(["kiosks", "list"]) == 2
    said = capsys.readouterr().err
    assert "sqlalchemy is not installed here" in said
    assert "anjungan[office]" in said


def test_an_agent_is_found_without_any_office_package() -> None:
    script = (
        "import sys\nfor name in ('sqlalchemy', 'fastapi', 'alembic', 'uvicorn', 'jinja2'):\n"
        "    sys.modules[name] = None\n"
        "from provisioning.__main__ import main\nsys.exit(main(['agent', '--help']))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()


def test_runs_as_a_module() -> None:
    argv = [sys.executable, "-m", "provisioning", "--help"]
    done = subprocess.run(argv, capture_output=True, text=True, check=False, cwd=Path.cwd())
    assert done.returncode == 0
    assert "usage: anjungan" in done.stdout
