"""Tables for spreadsheets: what looks like a formula is text, and reads back as it was."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.api.export import MOST_CELL, CsvResponse, cell, table

STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


@pytest.mark.parametrize(
    "text", ["=cmd()", "+1", "-1+1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\x1b=1", "\x00@x", "＝1"]
)
def test_row_67_a_cell_that_begins_like_a_formula_gets_an_apostrophe(text: str) -> None:
    assert str(cell(text)).startswith("'")


@pytest.mark.parametrize("text", ["k-000001", "Kecamatan Coblong", "a=b", "<script>"])
def test_other_text_is_as_it_was(text: str) -> None:
    assert cell(text) == text


def test_numbers_stay_numbers_and_nothing_is_empty() -> None:
    assert (cell(-5), cell(1.5), cell(None)) == (-5, 1.5, "")


def test_row_67_endless_text_is_cut() -> None:
    assert len(str(cell("x" * 1_000_000))) == MOST_CELL


@given(st.lists(st.lists(st.text(max_size=50), min_size=2, max_size=2), max_size=5))
def test_row_67_no_cell_of_any_table_starts_a_formula_and_rows_stay_rows(
    rows: list[list[str]],
) -> None:
    text = table(("a", "b"), rows)
    back = list(csv.reader(io.StringIO(text, newline="")))
    assert len(back) == len(rows) + 1
    for row in back:
        assert len(row) == 2
        assert not any(value.lstrip(" ").startswith(STARTS) for value in row)


def test_a_table_is_a_file_to_be_saved() -> None:
    answer = CsvResponse("a")
    assert answer.headers["content-disposition"] == 'attachment; filename="kiosks.csv"'
