"""A machine is put right once, and nobody's own change is lost."""

from pathlib import Path

import pytest

from provisioning.files.apply import KEPT, NEW, apply
from provisioning.files.compare import differences
from provisioning.files.ledger import Ledger
from provisioning.files.place import Place
from provisioning.files.rows import File, Folder, Link, Row

OLD: list[Row] = [File("/etc/a", "one\n", "why", 0o600), Link("/etc/l", "a", "why")]
ROWS: list[Row] = [File("/etc/a", "two\n", "why", 0o640), Link("/etc/l", "b", "why")]


class Machine:
    def __init__(self, root: Path) -> None:
        self.root = root
        self.place = Place(root, chown=False)

    def apply(self, rows: list[Row], *, force: bool = False) -> tuple[list[str], list[str]]:
        done, left = apply(rows, self.place, self.ledger, force=force)
        assert all(str(one) for one in [*done, *left])
        return [one.path for one in done], [one.path for one in left]

    @property
    def ledger(self) -> Ledger:
        """Read anew, as the next run of the command does."""
        return Ledger(self.root / "ledger.json")

    def text(self, path: str) -> str:
        return (self.root / path.lstrip("/")).read_text()

    def everything(self) -> dict[Path, tuple[int, int]]:
        every = self.root.rglob("*")
        return {p: (p.lstat().st_ino, p.lstat().st_mtime_ns) for p in every}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


def test_a_second_run_touches_nothing(machine: Machine) -> None:
    rows = [*ROWS, Folder("/var/x", "why", 0o711)]
    machine.apply(rows)
    before = machine.everything()
    assert machine.apply(rows) == ([], [])
    assert machine.everything() == before
    assert differences(rows, machine.place, machine.ledger) == []


def test_our_older_text_is_replaced_with_mode_and_link(machine: Machine) -> None:
    machine.apply(OLD)
    assert machine.apply(ROWS)[1] == []
    assert machine.text("/etc/a") == "two\n"
    assert (machine.root / "etc/a").stat().st_mode & 0o7777 == 0o640
    assert (machine.root / "etc/l").readlink() == Path("b")


def test_a_change_by_hand_stays_and_our_text_is_laid_aside(machine: Machine) -> None:
    machine.apply(OLD)
    (machine.root / "etc/a").write_text("mine\n")
    assert machine.apply(ROWS)[1] == ["/etc/a"]
    assert machine.text("/etc/a") == "mine\n"
    assert machine.text(f"{NEW}/etc/a") == "two\n"
    before = machine.everything()
    assert machine.apply(ROWS) == ([], ["/etc/a"])
    assert machine.everything() == before


def test_a_file_that_was_there_before_us_is_somebody_elses(machine: Machine) -> None:
    (machine.root / "etc").mkdir()
    (machine.root / "etc/a").write_text("of a package\n")
    assert machine.apply(ROWS[:1])[1] == ["/etc/a"]
    assert machine.text("/etc/a") == "of a package\n"


def test_force_replaces_it_and_keeps_a_copy(machine: Machine) -> None:
    machine.apply(OLD)
    (machine.root / "etc/a").write_text("mine\n")
    (machine.root / "etc/l").unlink()
    (machine.root / "etc/l").symlink_to("mine")
    assert machine.apply(ROWS, force=True)[1] == []
    assert machine.text("/etc/a") == "two\n"
    assert machine.text(f"{KEPT}/etc/a") == "mine\n"
    assert (machine.root / f"{KEPT}/etc/l".lstrip("/")).readlink() == Path("mine")


def test_a_change_that_agrees_with_us_takes_the_proposal_away(machine: Machine) -> None:
    machine.apply(OLD)
    (machine.root / "etc/a").write_text("mine\n")
    machine.apply(ROWS)
    (machine.root / "etc/a").write_text("two\n")
    machine.apply(ROWS)
    assert not (machine.root / f"{NEW}/etc/a".lstrip("/")).exists()


def test_what_is_no_longer_needed_goes_unless_it_was_changed(machine: Machine) -> None:
    machine.apply(OLD)
    assert machine.apply([])[1] == []
    assert not (machine.root / "etc/a").exists()
    machine.apply(OLD)
    (machine.root / "etc/a").write_text("mine\n")
    assert machine.apply([])[1] == ["/etc/a"]
    assert machine.text("/etc/a") == "mine\n"


def test_a_folder_in_the_way_is_left_to_a_person_even_with_force(machine: Machine) -> None:
    (machine.root / "etc/a").mkdir(parents=True)
    assert machine.apply(ROWS[:1], force=True) == ([], ["/etc/a"])


def test_a_seed_is_written_once(machine: Machine) -> None:
    seed: list[Row] = [File("/etc/s", "first\n", "why", seed=True)]
    machine.apply(seed)
    (machine.root / "etc/s").write_text("mine\n")
    assert machine.apply([File("/etc/s", "second\n", "why", seed=True)]) == ([], [])
    assert machine.text("/etc/s") == "mine\n"


def test_a_folder_whose_account_is_missing_is_left_with_its_mode(tmp_path: Path) -> None:
    rows: list[Row] = [Folder("/x", "why", 0o700, "nobody-here", "nobody-here")]
    done, left = apply(rows, Place(tmp_path, chown=True), Ledger(tmp_path / "l.json"))
    assert (done, [one.path for one in left]) == ([], ["/x"])
    assert (tmp_path / "x").stat().st_mode & 0o7777 == 0o700
