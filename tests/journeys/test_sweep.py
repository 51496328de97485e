"""The sweep itself: it stops at every call, of every process, and misses none."""

import os
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.agent.identity.cuts import NoPower, PowerDisk
from tests.support import sweep


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[PowerDisk | NoPower]:
    made = PowerDisk(tmp_path) if os.geteuid() == 0 else NoPower(tmp_path)
    yield made
    made.close()


def test_every_call_that_changes_something_is_counted_from_the_arming(tmp_path: Path) -> None:
    def flow(arm: Callable[[], None]) -> None:
        (tmp_path / "before").write_text("not counted")
        arm()
        (tmp_path / "before").read_text()
        with (tmp_path / "file").open("wb", buffering=0) as file:
            file.write(b"text")
            os.fsync(file.fileno())
        (tmp_path / "file").rename(tmp_path / "other")

    done = sweep.run(flow)
    assert done == (False, ("openat", "write", "fsync", "rename", "exit_group"))
    assert sweep.run(flow, 4).killed
    assert (tmp_path / "file").exists()


def _rows(path: Path) -> int:
    rows: int = sqlite3.connect(path).execute("SELECT count(*) FROM t").fetchone()[0]
    return rows


def test_what_the_flow_has_started_is_counted_and_ended_with_it(tmp_path: Path) -> None:
    ran = tmp_path / "ran"

    def flow(arm: Callable[[], None]) -> None:
        arm()
        subprocess.run(["sh", "-c", f"echo one >> {ran}; sleep 60 & wait"], check=True)

    calls = 0
    while not ran.exists() or not ran.read_text():
        calls += 1
        assert sweep.run(flow, calls).killed
    assert "write" in sweep.run(flow, calls).calls[-2]  # by the shell, just before
    assert not [p for p in Path("/proc").glob("[0-9]*/cmdline") if f"{ran}" in _text(p)]


def _text(path: Path) -> str:
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except OSError:
        return ""


def test_a_flow_that_fails_is_no_cut(tmp_path: Path) -> None:
    def flow(arm: Callable[[], None]) -> None:
        arm()
        (tmp_path / "none" / "file").write_text("")

    with pytest.raises(AssertionError, match="itself failed"):
        sweep.run(flow)


@pytest.mark.parametrize("synchronous", ["FULL", "OFF"])
def test_a_database_that_does_not_sync_is_found_and_one_that_does_is_whole(
    disk: PowerDisk | NoPower, synchronous: str, tmp_path: Path
) -> None:
    acknowledged = tmp_path / "acknowledged"  # not on the disk that is cut

    def flow(n: int, arm: Callable[[], None]) -> None:
        db = sqlite3.connect(disk.folder / f"{n}.db", isolation_level=None)
        db.execute("PRAGMA journal_mode=WAL")
        db.execute("CREATE TABLE t (n INTEGER)")
        db.execute(f"PRAGMA synchronous={synchronous}")
        disk.sync()
        arm()
        db.execute("INSERT INTO t VALUES (1)")
        acknowledged.write_text("said")

    def check(n: int, _: sweep.Run) -> tuple[bool, bool]:
        disk.cut_power()
        kept = sweep.told(lambda: _rows(disk.folder / f"{n}.db")) == 1
        said = acknowledged.exists() and bool(acknowledged.read_text())
        acknowledged.unlink(missing_ok=True)
        return said, kept

    found = set(sweep.each(flow, check))
    assert found >= {(False, False)}
    assert ((True, False) in found) == (synchronous == "OFF" and isinstance(disk, PowerDisk))
