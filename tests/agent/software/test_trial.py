"""A trial: counted starts, a time limit in any run of the machine, and a way back that survives."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.software import trial
from agent.software.launch import current
from agent.software.trial import MOST_STARTS, Moment
from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.support import sweep
from tests.support.swept_kiosk import disk_of_its_own

NOW = Moment("boot-1", 100.0)


def slots(folder: Path, *seqs: int) -> Path:
    """With the last one in use."""
    for seq in seqs:
        (folder / "slots" / str(seq)).mkdir(parents=True)
    (folder / "current").symlink_to(f"slots/{seqs[-1]}")
    return folder


def test_a_new_release_is_on_trial_until_the_office_hears_it(tmp_path: Path) -> None:
    slots(tmp_path, 4, 5)
    trial.begin(tmp_path, 5, 4, NOW)
    trial.start(tmp_path, NOW)
    assert not trial.confirm(tmp_path, 4), "another release runs: it proves nothing of this one"
    assert trial.confirm(tmp_path, 5)
    assert trial.read(tmp_path) is None
    assert current(tmp_path) == 5


def test_one_that_does_not_reach_the_office_in_time_goes_back(tmp_path: Path) -> None:
    slots(tmp_path, 4, 5)
    trial.begin(tmp_path, 5, 4, NOW, window_s=60)
    trial.start(tmp_path, NOW._replace(s=NOW.s + 61))
    assert current(tmp_path) == 4
    assert (gone := trial.taken_back(tmp_path)) is not None
    assert (gone.seq, gone.code) == (5, "no_office")
    trial.forget(tmp_path)
    assert trial.taken_back(tmp_path) is None


def test_one_that_does_not_stay_goes_back_after_some_starts(tmp_path: Path) -> None:
    slots(tmp_path, 4, 5)
    trial.begin(tmp_path, 5, 4, NOW)
    for _ in range(MOST_STARTS):
        trial.start(tmp_path, NOW)
        assert current(tmp_path) == 5
    trial.start(tmp_path, NOW)
    assert current(tmp_path) == 4
    assert (gone := trial.taken_back(tmp_path)) is not None
    assert gone.code == "no_start"


def test_the_first_release_goes_back_to_what_was_installed_by_hand(tmp_path: Path) -> None:
    slots(tmp_path, 1)
    trial.begin(tmp_path, 1, trial.FACTORY, NOW, window_s=0)
    trial.start(tmp_path, NOW)
    assert current(tmp_path) == trial.FACTORY


def test_after_a_boot_its_time_begins_anew_and_its_starts_do_not(tmp_path: Path) -> None:
    slots(tmp_path, 4, 5)
    trial.begin(tmp_path, 5, 4, NOW, window_s=60)
    trial.start(tmp_path, NOW)
    trial.start(tmp_path, Moment("boot-2", 3.0))
    found = trial.read(tmp_path)
    assert found is not None
    assert (found.boot, found.until_s, found.starts) == ("boot-2", 63.0, 2)


@given(content=st.binary(max_size=80) | st.just(b'{"seq": 1}') | st.just(b"[]"))
def test_a_file_that_cannot_be_read_is_no_trial(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("trial")
    (folder / trial.TRIAL).write_bytes(content)
    (folder / trial.BACK).write_bytes(content)
    assert trial.read(folder) is None
    assert trial.taken_back(folder) is None
    trial.start(folder, NOW)


@pytest.fixture
def disk() -> Iterator[PowerDisk | NoPower]:
    with disk_of_its_own() as made:
        yield made


@pytest.mark.parametrize("cut", ["kill", "power"])
def test_row_22_cut_anywhere_on_the_way_back_the_old_one_runs_in_the_end(
    disk: PowerDisk | NoPower, cut: str
) -> None:
    def flow(n: int, arm: Callable[[], None]) -> None:
        folder = slots(disk.folder / str(n), 4, 5)
        trial.begin(folder, 5, 4, NOW, window_s=0)
        disk.sync()
        arm()
        trial.start(folder, NOW)

    def check(n: int, _run: sweep.Run) -> int:
        if cut == "power":
            disk.cut_power()
        folder = disk.folder / str(n)
        assert current(folder) in (4, 5)
        trial.start(folder, NOW)
        assert current(folder) == 4
        assert trial.read(folder) is None
        gone = trial.taken_back(folder)
        assert gone is not None
        return gone.seq

    assert set(sweep.each(flow, check)) == {5}
