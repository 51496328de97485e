"""Files of the portal: whole under their name, for their owner alone."""

import resource
import signal
from pathlib import Path

import pytest

from portal import durable


def test_a_file_is_replaced_whole_and_nobody_else_may_read_it(tmp_path: Path) -> None:
    path = tmp_path / "one"
    for text in (b"first", b"2"):
        durable.write(path, text)
        assert path.read_bytes() == text
    assert path.stat().st_mode & 0o777 == 0o600
    durable.write(path, b"3", durable.SHARED)
    assert path.stat().st_mode & 0o777 == 0o640
    assert [one.name for one in tmp_path.iterdir()] == ["one"]


def test_a_link_that_somebody_laid_there_is_not_written_through(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("kept")
    (tmp_path / ".one.new").symlink_to("other")
    with pytest.raises(OSError, match="symbolic"):
        durable.write(tmp_path / "one", b"x")
    (tmp_path / "two").symlink_to("other")
    with pytest.raises(OSError, match="symbolic"):
        durable.append(tmp_path / "two", b"x")
    assert (tmp_path / "other").read_text() == "kept"


def test_lines_are_appended(tmp_path: Path) -> None:
    durable.append(tmp_path / "lines", b"a\n")
    durable.append(tmp_path / "lines", b"b\n")
    assert (tmp_path / "lines").read_bytes() == b"a\nb\n"


def test_a_torn_last_line_takes_no_other_with_it(tmp_path: Path) -> None:
    (tmp_path / "lines").write_bytes(b"a\nhal")
    durable.append(tmp_path / "lines", b"b\n")
    assert (tmp_path / "lines").read_bytes() == b"a\nhal\nb\n"


def test_what_a_disk_takes_only_half_of_leaves_nothing_behind(tmp_path: Path) -> None:
    least = resource.getrlimit(resource.RLIMIT_FSIZE)
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4_096, least[1]))
    try:
        with pytest.raises(OSError, match="too large"):
            durable.write(tmp_path / "one", bytes(10_000))
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, least)
        signal.signal(signal.SIGXFSZ, before)
    assert [*tmp_path.iterdir()] == []


def test_a_folder_that_is_there_keeps_its_mode(tmp_path: Path) -> None:
    durable.folder(tmp_path / "a" / "b", 0o700)
    (tmp_path / "a" / "b").chmod(0o750)
    durable.folder(tmp_path / "a" / "b", 0o700)
    assert (tmp_path / "a" / "b").stat().st_mode & 0o777 == 0o750
