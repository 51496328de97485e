"""What of the status is worth a write."""

from pathlib import Path

import pytest

from agent.content import status
from agent.content.board import Board
from agent.content.journal import Row
from agent.content.status import Status

ROW = Row(bundle="layanan", seq=2, attempt=1, number=5, state="downloading")


def said(folder: Path) -> Status:
    found = status.read(folder / "status.json")
    assert found is not None
    return found


def test_bytes_are_told_once_a_second_and_a_new_state_at_once(tmp_path: Path) -> None:
    clock = [0.0]
    board = Board(tmp_path / "status.json", lambda: 7, lambda: clock[0])
    board.at(ROW, done=1, total=10)
    board.at(ROW, done=2, total=10)
    assert said(tmp_path).installs[0].done == 1
    clock[0] = 1.5
    board.at(ROW, done=3, total=10)
    assert said(tmp_path).installs[0].done == 3
    board.at(ROW, done=3, total=10, note="quiet hours")
    assert said(tmp_path).installs[0].note == "quiet hours"
    assert said(tmp_path).at == 7


def test_an_old_fault_stands_until_the_run_is_over(tmp_path: Path) -> None:
    first = Board(tmp_path / "status.json", lambda: 1, lambda: 0.0)
    first.fault("content.failing", "the line is down")
    first.end({}, 60.0)
    second = Board(tmp_path / "status.json", lambda: 2, lambda: 9.0)
    second.at(ROW)
    assert said(tmp_path).codes == ["content.failing"]
    second.end({"layanan": 2}, None)
    assert (said(tmp_path).codes, said(tmp_path).why) == ([], "")
    assert said(tmp_path).releases == {"layanan": 2}


@pytest.mark.parametrize("place", ["file/status.json", "/proc/none/status.json"])
def test_a_disk_that_refuses_stops_nothing(tmp_path: Path, place: str) -> None:
    (tmp_path / "file").write_text("no folder")
    board = Board(tmp_path / place, lambda: 1, lambda: 0.0)
    board.at(ROW)
    board.end({}, None)


def test_whatever_a_server_or_a_page_says_leaves_a_status_that_can_be_read(tmp_path: Path) -> None:
    board = Board(tmp_path / "status.json", lambda: 1, lambda: 0.0)
    board.at(ROW, note="\0\ud800" * 400)
    board.fault("content.failing", "BadStatusLine: \0")
    board.end({}, None)
    assert (said(tmp_path).why, said(tmp_path).codes) == ("BadStatusLine: ?", ["content.failing"])
