"""The voice of the commands: answers to standard output at once, refusals with their name."""

import argparse
import io
import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from provisioning import terminal


def test_the_time_is_in_milliseconds() -> None:
    before = time.time() * 1000
    assert before - 1 <= terminal.now() <= time.time() * 1000 + 1


def test_an_answer_is_read_as_it_comes(capfd: pytest.CaptureFixture[str]) -> None:
    terminal.say("3 of 4 answered")
    assert capfd.readouterr() == ("3 of 4 answered\n", "")


def test_a_refusal_names_the_command_and_gives_the_code(capfd: pytest.CaptureFixture[str]) -> None:
    assert terminal.fail("people", "there is no such login", code=3) == 3
    assert capfd.readouterr() == ("", "people: there is no such login\n")


def test_database_and_folder_of_releases_come_by_option_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("ANJUNGAN_DATABASE", "ANJUNGAN_RELEASES"):
        monkeypatch.delenv(name, raising=False)
    parser = argparse.ArgumentParser()
    terminal.add_database(parser)
    terminal.add_releases(parser)
    nothing = parser.parse_args([])
    with pytest.raises(ValueError, match="--database URL or ANJUNGAN_DATABASE"):
        terminal.database(nothing).__enter__()
    with pytest.raises(ValueError, match="--releases DIR or ANJUNGAN_RELEASES"):
        terminal.releases(nothing)
    said = parser.parse_args(["--database", "sqlite://", "--releases", str(tmp_path)])
    assert terminal.releases(said) == tmp_path
    before = os.umask(0o022)
    tmp_path.chmod(0o2770)
    terminal.releases(said)
    assert os.umask(before) == 0o007, "what is made there is the group's"
    with terminal.database(said) as engine:
        assert engine.dialect.name == "sqlite"


def test_what_is_refused_ends_with_two_and_one_line(capfd: pytest.CaptureFixture[str]) -> None:
    def refuse() -> int:
        raise ValueError("no")

    assert terminal.told("x", lambda: 5, (ValueError,)) == 5
    assert terminal.told("x", refuse, (ValueError,)) == 2
    assert capfd.readouterr() == ("", "x: no\n")


def test_commands_of_a_kiosk_need_no_database() -> None:
    without = "import sys; sys.modules['sqlalchemy'] = None; import provisioning.kiosk_files.table"
    more = "; import provisioning.files.command; import provisioning.kiosk_files.__main__"
    subprocess.run([sys.executable, "-c", without + more], check=True)


@pytest.mark.parametrize(("answer", "yes"), [("yes\n", True), ("YA\n", True), ("", False)])
def test_only_a_yes_is_a_yes(answer: str, yes: bool) -> None:  # noqa: FBT001 - a table
    said: list[str] = []
    assert terminal.agreed("Sign it?", io.StringIO(answer), said.append) is yes
    assert said[0] == "Sign it? Type yes:"
    assert (said[-1] == "nothing was signed") is not yes


def test_a_word_is_served_by_the_module_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    served = {"build": ("provisioning.release.software", "what it makes")}
    with pytest.raises(SystemExit):
        terminal.by_word("software", "Makes.", served, ["build", "--help"])
    assert "anjungan software" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        terminal.by_word("software", "Makes.", served, ["--help"])
    assert "what it makes" in capsys.readouterr().out
