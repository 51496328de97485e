"""What systemd starts: the current release, or the old one, and never nothing."""

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from agent.software import environment, launch, trial
from agent.software.trial import FACTORY, MOST_STARTS
from tests.agent.software.programs import launched, program, switch

SAYS = "import os, sys; print({!r}, os.environ['ANJUNGAN_RELEASE'], *sys.argv[1:])"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Of the agent's releases: 4 works, 5 ends at once."""
    made = tmp_path / "agent"
    program(made, 4, SAYS.format("four"))
    program(made, 5, "raise SystemExit(1)")
    switch(made, 4)
    return made


def test_it_becomes_the_current_release_with_the_words_that_were_given(folder: Path) -> None:
    run = launched(folder.parent, "--config", "agent.toml")
    assert (run.returncode, run.stdout.split()) == (0, ["four", "4", "--config", "agent.toml"])


def test_without_a_release_what_was_installed_by_hand_runs(tmp_path: Path) -> None:
    run = launched(tmp_path, "--help")
    assert run.stdout.startswith("usage: anjungan agent"), run.stderr


def test_a_release_that_ends_at_once_is_left_after_some_starts(folder: Path) -> None:
    trial.begin(folder, 5, 4, launch.now())
    switch(folder, 5)
    ends = [launched(folder.parent).returncode for _ in range(MOST_STARTS)]
    assert ends == [1] * MOST_STARTS
    assert launched(folder.parent).stdout.startswith("four 4")
    assert (gone := trial.taken_back(folder)) is not None
    assert (gone.seq, gone.before, gone.code) == (5, 4, "no_start")


def test_a_release_for_another_machine_goes_back_before_it_is_started(folder: Path) -> None:
    program(folder, 6, "print('six')", machine="abacus")
    trial.begin(folder, 6, 4, launch.now())
    switch(folder, 6)
    run = launched(folder.parent, "--help")
    assert run.stdout.startswith("usage: anjungan agent")
    assert "abacus" in run.stderr
    assert launched(folder.parent).stdout.startswith("four 4")


@contextmanager
def only_to_be_read(folder: Path) -> Iterator[None]:
    """As the portal's unit has it."""
    if os.geteuid():
        folder.chmod(0o555)
        yield
        folder.chmod(0o755)
        return
    subprocess.run(["mount", "--bind", folder, folder], check=True)
    subprocess.run(["mount", "-o", "remount,ro,bind", folder], check=True)
    try:
        yield
    finally:
        subprocess.run(["umount", folder], check=True)


def test_whoever_may_only_read_there_starts_what_is_current_and_counts_nothing(
    folder: Path,
) -> None:
    trial.begin(folder, 4, 3, launch.now(), window_s=0)
    environment.interpreter(folder, 4)
    with only_to_be_read(folder):
        run = launched(folder.parent)
    assert run.stdout.startswith("four 4"), run.stderr
    assert trial.read(folder) is not None


@pytest.mark.parametrize("link", ["slots/../../etc", "nowhere", "slots/4x", "/etc"])
def test_a_link_to_elsewhere_is_no_release(tmp_path: Path, link: str) -> None:
    (tmp_path / "current").symlink_to(link)
    assert launch.current(tmp_path) == FACTORY


def test_a_process_knows_the_release_it_runs_from(monkeypatch: pytest.MonkeyPatch) -> None:
    assert launch.running() == FACTORY
    monkeypatch.setenv(launch.RELEASE, "12")
    assert launch.running() == 12
    monkeypatch.setenv(launch.RELEASE, "twelve")
    assert launch.running() == FACTORY


@pytest.mark.parametrize("words", [[], ["folder"], ["folder", "sshd"]])
def test_nonsense_is_answered_with_the_usage(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert launch.main(words) == 2
    assert "usage" in capsys.readouterr().err
