"""What is told of a tray: its fullness, its age, what was refused."""

import shutil
from pathlib import Path

import msgspec
import pytest

from agent.config import parse
from agent.probes.submission import SubmissionProbe
from agent.table import make
from wire.local import CHILD, MOST_BYTES, MOST_RECORDS, OUT, REFUSED, ChildSays, name_of

NOW_S = 1_795_330_800.0
DAY_S = 86_400.0


@pytest.fixture
def tray(tmp_path: Path) -> Path:
    for folder in (OUT, REFUSED):
        (tmp_path / folder).mkdir()
    said = ChildSays(at=0, records=1, size=1, refused=0, oldest=0, reached=False, why="no line")
    (tmp_path / CHILD).write_bytes(msgspec.json.encode(said))
    return tmp_path


def lay(folder: Path, count: int = 1, age_s: float = 1.0, size: int = 0) -> None:
    for number in range(count):
        path = folder / name_of(int((NOW_S - age_s) * 1000), f"{number:032x}")
        with path.open("wb") as file:
            file.truncate(size)


def probe(tray: Path) -> SubmissionProbe:
    return SubmissionProbe(tray, lambda: NOW_S)


def test_a_kiosk_at_which_nothing_was_handed_in_is_well(tray: Path) -> None:
    assert probe(tray).observe().state == "ok"
    shutil.rmtree(tray)
    assert probe(tray).observe().facts == {"records": 0, "bytes": 0, "refused": 0, "oldest_s": 0}


def test_what_waits_for_a_moment_is_no_fault(tray: Path) -> None:
    lay(tray / OUT, 3, age_s=30, size=10)
    (tray / OUT / "note").touch()
    finding = probe(tray).observe()
    assert (finding.state, finding.why) == ("ok", "")
    assert finding.facts == {"records": 3, "bytes": 30, "refused": 0, "oldest_s": 30}


def test_row_63_technicians_are_told_at_four_fifths_and_when_it_is_full(tray: Path) -> None:
    lay(tray / OUT, 1, size=MOST_BYTES * 4 // 5 + 1)
    finding = probe(tray).observe()
    assert (finding.state, finding.codes, finding.why) == ("warn", ("submission.high",), "no line")
    lay(tray / OUT, MOST_RECORDS)
    assert probe(tray).observe().codes == ("submission.full",)


def test_a_record_older_than_a_day_and_one_that_was_refused_are_faults(tray: Path) -> None:
    lay(tray / OUT, age_s=DAY_S + 1)
    lay(tray / REFUSED)
    (tray / CHILD).write_bytes(b"{")
    finding = probe(tray).observe()
    assert finding.codes == ("submission.refused", "submission.late")
    assert finding.why == ""


def test_a_kiosk_with_citizens_has_this_probe_on(tray: Path) -> None:
    config = parse(
        {
            "kiosk": "bandung-coblong-01",
            "state_dir": str(tray),
            "broker": {"host": "127.0.0.1"},
            "citizens": {"tray": str(tray), "notices": str(tray), "asks": str(tray)},
        }
    )
    options = {"submission": config.options()["submission"]}
    assert [one.name for one in make(options)] == ["submission"]
