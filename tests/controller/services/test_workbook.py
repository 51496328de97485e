"""Workbooks as rows of text; hostile ones are refused with a sentence, before they cost."""

import io
import zipfile
from collections.abc import Callable
from contextlib import suppress
from datetime import time, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from controller.services import workbook
from controller.services.said import Unreadable


def made(fill: Callable[[Any], None]) -> bytes:
    book = Workbook()
    fill(book.worksheets[0])
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(body: bytes, name: str, content: bytes = b"x") -> bytes:
    out = io.BytesIO(body)
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return out.getvalue()


def put(sheet: Any, **cells: Any) -> None:
    for at, value in cells.items():
        sheet[at] = value


EMPTY = made(lambda sheet: put(sheet, A1="name"))


def test_cells_are_text_whatever_they_were() -> None:
    body = made(lambda sheet: put(sheet, A1=12, B1=1.0, C1=True, D1="  x ", A3=2.5))
    (rows,) = workbook.read(body).values()
    assert [(row.number, dict(row.cells)) for row in rows] == [
        (1, {0: "12", 1: "1", 2: "ya", 3: "x"}),
        (3, {0: "2.5"}),
    ]


def test_a_formula_is_refused_where_it_stands() -> None:
    body = made(lambda sheet: put(sheet, A1="name", A2="=1+1"))
    with pytest.raises(Unreadable, match="Formulas") as refused:
        workbook.read(body)
    assert refused.value.complaints[0].where == "Sheet, baris 2"


def test_macros_are_refused() -> None:
    with pytest.raises(Unreadable, match="macros"):
        workbook.read(with_part(EMPTY, "xl/vbaProject.bin"))


def test_links_to_other_files_are_refused() -> None:
    with pytest.raises(Unreadable, match="other files"):
        workbook.read(with_part(EMPTY, "xl/externalLinks/externalLink1.xml"))


def test_what_unfolds_to_gigabytes_is_weighed_before() -> None:
    bomb = with_part(EMPTY, "xl/worksheets/sheet9.xml", bytes(workbook.MOST_UNPACKED))
    assert len(bomb) < 100_000
    with pytest.raises(Unreadable, match="too large once opened"):
        workbook.read(bomb)


@pytest.mark.parametrize(
    ("part", "of"),
    [
        ("xl/styles.xml", b'<xf numFmtId="0"/>'),
        ("xl/sharedStrings.xml", b"<si><t>a</t></si>"),
        ("xl/worksheets/sheet9.xml", b"<c/>"),
    ],
)
def test_styles_and_texts_by_the_million_are_counted_before_anything_is_built(
    part: str, of: bytes
) -> None:
    bomb = with_part(EMPTY, part, of * 200_000)
    assert len(bomb) < 100_000
    with pytest.raises(Unreadable, match="too large once opened"):
        workbook.read(bomb)


def test_the_longest_sheet_a_clerk_fills_in_stays_far_below_that() -> None:
    def fill(sheet: Any) -> None:
        for _ in range(workbook.MOST_ROWS):
            sheet.append(["teks"] * 12)

    (rows,) = workbook.read(made(fill)).values()
    assert len(rows) == workbook.MOST_ROWS


def test_hours_are_hours_however_the_cell_counts_them() -> None:
    body = made(lambda sheet: put(sheet, A1=timedelta(hours=8), B1=time(12, 30)))
    (rows,) = workbook.read(body).values()
    assert dict(rows[0].cells) == {0: "08:00", 1: "12:30:00"}


def test_a_million_rows_are_not_walked() -> None:
    def fill(sheet: Any) -> None:
        put(sheet, A1="name")
        sheet.cell(1_000_000, 1).value = "jauh"

    with pytest.raises(Unreadable, match="More than 1000 rows"):
        workbook.read(made(fill))


def test_a_page_pasted_into_a_cell_is_refused() -> None:
    with pytest.raises(Unreadable, match="One cell"):
        workbook.read(made(lambda sheet: put(sheet, A1="x" * 5_000)))


@given(st.binary(max_size=300))
def test_any_bytes_are_refused(body: bytes) -> None:
    with pytest.raises(Unreadable):
        workbook.read(body)


@given(st.integers(0, len(EMPTY) - 1), st.binary(min_size=1, max_size=4))
def test_a_spoilt_workbook_is_read_or_refused(at: int, with_: bytes) -> None:
    body = EMPTY[:at] + with_ + EMPTY[at + len(with_) :]
    with suppress(Unreadable):
        workbook.read(body)
