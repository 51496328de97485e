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


def test_no_name_stands_for_two_columns() -> None:
    for sheet in SHEETS:
        names = [name for one in sheet.columns for name in (one.name, *one.also)]
        assert len(names) == len(set(names)), sheet.name
    assert set(columns.KEYS_ALSO.values()) <= set(columns.KEYS)
