"""The tray: whole records under names that sort by age, and a ring for each."""

import os
from pathlib import Path

import pytest

from portal.tray import Full, TrayFolder
from wire.local import OUT, REFUSED, RING, made_at_of
from wire.submission import Tray


def test_a_record_is_there_whole_counted_and_rung_for(tmp_path: Path) -> None:
    tray = TrayFolder(tmp_path / "tray")
    assert tray.state() == Tray(records=0, size=0, oldest=0)
    tray.put(1_700_000_000_001, "b" * 32, b"later")
    tray.put(1_700_000_000_000, "a" * 32, b"first")
    assert tray.state() == Tray(records=2, size=10, oldest=1_700_000_000_000)
    first, later = sorted((tmp_path / "tray" / OUT).iterdir())
    assert (first.read_bytes(), later.read_bytes()) == (b"first", b"later")
    assert made_at_of(first.name) == 1_700_000_000_000
    assert (tmp_path / "tray" / RING).exists()


def test_each_record_rings_anew(tmp_path: Path) -> None:
    tray = TrayFolder(tmp_path)
    tray.put(1_700_000_000_000, "a" * 32, b"x")
    os.utime(tmp_path / RING, (1, 1))
    tray.put(1_700_000_000_000, "b" * 32, b"x")
    assert (tmp_path / RING).stat().st_mtime > 1


def test_row_63_nothing_comes_in_beyond_the_number_or_the_size_that_fit(tmp_path: Path) -> None:
    tray = TrayFolder(tmp_path, most=2, most_bytes=10)
    tray.put(1_700_000_000_000, "a" * 32, b"x" * 6)
    with pytest.raises(Full):
        tray.put(1_700_000_000_001, "b" * 32, b"x" * 5)
    tray.put(1_700_000_000_002, "c" * 32, b"x" * 4)
    with pytest.raises(Full):
        tray.put(1_700_000_000_003, "d" * 32, b"")
    assert tray.state().records == 2


def test_what_is_no_record_counts_for_nothing_and_torn_ones_go_at_a_start(tmp_path: Path) -> None:
    tray = TrayFolder(tmp_path)
    (tmp_path / OUT / f".{'1' * 13}-{'a' * 32}.rec.new").write_bytes(b"half")
    (tmp_path / OUT / "note.txt").write_bytes(b"?")
    (tmp_path / REFUSED / f"{'1' * 13}-{'a' * 32}.rec").write_bytes(b"no")
    assert TrayFolder(tmp_path).state() == Tray(records=0, size=0, oldest=0, refused=1)
    assert [path.name for path in (tmp_path / OUT).iterdir()] == ["note.txt"]
    assert tray.state().records == 0
