"""The table of sheets and columns: every name once, XLSForm's and Indonesian ones alike."""

import pytest

from controller.services import columns
from controller.services.columns import SHEETS, SURVEY


@pytest.mark.parametrize("name", ["isian", "Survey", " FIELDS "])
def test_a_sheet_goes_by_several_names(name: str) -> None:
    assert columns.sheet_named(name) is SURVEY


@pytest.mark.parametrize(
    ("header", "name", "language"),
    [
        ("label::Bahasa (id)", "label", "id"),
        ("Label::English (en)", "label", "en"),
        ("judul::Basa Sunda (su)", "label", "su"),
        ("label::Basa Sunda", "label", "su"),
        ("label", "label", "id"),
        ("tampil_jika", "relevant", "id"),
        ("jenis", "type", "id"),
    ],
)
def test_a_header_names_a_column_and_a_language(header: str, name: str, language: str) -> None:
    found = columns.column_of(SURVEY, header)
    assert found is not None
    assert (found[0].name, found[1]) == (name, language)


@pytest.mark.parametrize("header", ["warna", "label::Klingon", "", "::"])
def test_a_header_nobody_knows_names_none(header: str) -> None:
    assert columns.column_of(SURVEY, header) is None


@pytest.mark.parametrize(
    ("path", "rest", "heading"),
    [
        ("fields[1]", "kind", "type"),
        ("fields[1]", "label.su", "label::Basa Sunda (su)"),
        ("standard.requirements[0]", "when", "relevant"),
        ("standard.procedure[2]", "id", "label::Bahasa (id)"),
        ("name", "en", "label::English (en)"),
        ("fields[1]", "options[0]", "options[0]"),
    ],
)
def test_a_cell_is_named_by_the_heading_that_a_clerk_sees(
    path: str, rest: str, heading: str
) -> None:
    assert columns.heading(path, rest) == heading


def test_no_name_stands_for_two_columns() -> None:
    for sheet in SHEETS:
        names = [name for one in sheet.columns for name in (one.name, *one.also)]
        assert len(names) == len(set(names)), sheet.name
    assert set(columns.KEYS_ALSO.values()) <= set(columns.KEYS)
