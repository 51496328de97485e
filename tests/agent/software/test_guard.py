"""The guard: takes back what lives on and reaches nobody, and starts the service anew."""

from pathlib import Path

import pytest

from agent.software import guard, launch, trial
from agent.software.trial import Moment
from tests.agent.software.programs import program, switch


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "agent"
    program(made, 4, "")
    program(made, 5, "")
    switch(made, 5)
    return made


def test_it_leaves_a_trial_alone_that_has_time(folder: Path) -> None:
    trial.begin(folder, 5, 4, launch.now())
    assert guard.main([str(folder.parent), "agent", "false"]) == 0
    assert launch.current(folder) == 5


def test_a_release_that_hangs_goes_back_and_its_service_is_started_anew(
    folder: Path, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    trial.begin(folder, 5, 4, launch.now(), window_s=0)
    marker = tmp_path / "restarted"
    assert guard.main([str(folder.parent), "agent", "touch", str(marker)]) == 0
    assert marker.exists()
    assert launch.current(folder) == 4
    assert "did not reach the office" in capfd.readouterr().err
    assert not guard.look(folder, launch.now()), "once"


def test_without_a_trial_there_is_nothing_to_do(folder: Path) -> None:
    assert not guard.look(folder, Moment("", 1e9))
    assert launch.current(folder) == 5


@pytest.mark.parametrize("words", [[], ["folder", "agent"], ["folder", "sshd", "true"]])
def test_nonsense_is_answered_with_the_usage(words: list[str]) -> None:
    assert guard.main(words) == 2
