"""How far releases have come, whatever is cut."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.content.journal import MOST_FAILED, Journal
from agent.content.reports import Reports
from wire.lifecycle import IllegalMove
from wire.wants import Want


def journal(folder: Path, taken: int = 0) -> Journal:
    return Journal(folder / "install.json", Reports(folder / "reports"), taken)


def want(seq: int, number: int = 1, attempt: int = 1) -> Want:
    return Want(bundle="layanan", seq=seq, number=number, attempt=attempt)


def test_every_move_is_there_after_a_start(tmp_path: Path) -> None:
    row = journal(tmp_path).begin(want(2), now=5)
    for event in ("begin", "fetched", "whole"):
        book = journal(tmp_path)
        assert book.row("layanan") == row
        row = book.move(row, event)
    assert row.state == "staged"
    assert journal(tmp_path).unsettled() == ["layanan"]


def test_what_is_not_in_the_table_is_an_error(tmp_path: Path) -> None:
    book = journal(tmp_path)
    row = book.begin(want(2), now=5)
    with pytest.raises(IllegalMove):
        book.move(row, "confirm")


def test_nothing_takes_the_place_of_what_was_switched(tmp_path: Path) -> None:
    book = journal(tmp_path)
    row = book.begin(want(2), now=5)
    for event in ("begin", "fetched", "whole", "switch"):
        row = book.move(row, event)
    with pytest.raises(IllegalMove):
        book.begin(want(3, number=2), now=6)


def test_an_end_is_reported_once_and_numbers_grow_for_ever(tmp_path: Path) -> None:
    for number in (1, 2, 3):
        book = journal(tmp_path)
        row = book.begin(want(number, number=number), now=5)
        book.settle(row, "give_up", 0, 9, code="unfit", why="too new")
        (tmp_path / "reports" / f"{number}.json").unlink()
    assert journal(tmp_path, taken=3).row("layanan") is not None
    assert not list((tmp_path / "reports").iterdir())


def test_a_cut_before_the_file_of_a_report_writes_it_at_the_next_start(tmp_path: Path) -> None:
    book = journal(tmp_path)
    row = book.begin(want(2), now=5)
    (tmp_path / "reports").write_text("no folder: the disk refuses")
    with pytest.raises(OSError, match="reports"):
        book.settle(row, "give_up", 0, 9)
    (tmp_path / "reports").unlink()
    again = journal(tmp_path)
    found = again.row("layanan")
    assert found is not None
    assert found.state == "failed"
    report = Reports(tmp_path / "reports").read(1)
    assert report is not None
    assert (report.seq, report.state) == (2, "failed")


def test_a_number_that_was_taken_is_not_used_again(tmp_path: Path) -> None:
    book = journal(tmp_path, taken=41)
    book.settle(book.begin(want(2), now=5), "give_up", 0, 9)
    assert Reports(tmp_path / "reports").numbers() == [42]


def test_what_failed_is_remembered_by_attempt_and_not_without_end(tmp_path: Path) -> None:
    book = journal(tmp_path)
    for seq in range(1, MOST_FAILED + 2):
        book.settle(book.begin(want(seq, number=seq, attempt=2), now=5), "give_up", 0, 9)
    book = journal(tmp_path)
    assert book.has_failed("layanan", MOST_FAILED, 2)
    assert book.has_failed("layanan", MOST_FAILED, 1)
    assert not book.has_failed("layanan", MOST_FAILED, 3)
    assert not book.has_failed("layanan", 1, 1)
    assert not book.has_failed("portal", 2, 1)


def test_a_release_that_fails_again_and_again_drives_out_no_other(tmp_path: Path) -> None:
    book = journal(tmp_path)
    for number in range(2 * MOST_FAILED):
        seq = 1 if number == 0 else 2
        book.settle(book.begin(want(seq, number=number), now=5), "give_up", 0, 9)
    assert book.has_failed("layanan", 1, 1)


def test_papers_are_remembered_as_long_as_they_are_kept(tmp_path: Path) -> None:
    book = journal(tmp_path)
    book.keep_papers("layanan", 1, "aa")
    book.keep_papers("layanan", 2, "bb")
    book.forget_papers("layanan", {2})
    assert (journal(tmp_path).papers("layanan", 1), book.papers("layanan", 2)) == ("", "bb")


@given(content=st.binary(max_size=200))
def test_any_bytes_are_a_journal_or_an_empty_one(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    folder = tmp_path_factory.mktemp("journal")
    (folder / "install.json").write_bytes(content)
    assert journal(folder).row("layanan") is None


def test_why_something_failed_is_told_so_that_a_message_can_hold_it(tmp_path: Path) -> None:
    book = journal(tmp_path)
    row = book.begin(want(2), now=5)
    book.settle(row, "give_up", 0, 9, code="unfit", why="it says \0")
    report = Reports(tmp_path / "reports").read(1)
    assert report is not None
    assert report.why == "it says ?"
