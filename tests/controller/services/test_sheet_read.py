"""Rows into a document: aliases, choices, what a blank means, and where each complaint stands."""

import pytest

from controller.services import sheet_read
from controller.services.said import Complaint, Unreadable
from controller.services.workbook import Row, Sheets


def rows(*lines: list[str]) -> list[Row]:
    return [
        Row(n, {at: text for at, text in enumerate(line) if text})
        for n, line in enumerate(lines, 1)
    ]


def sheets(**more: list[Row]) -> Sheets:
    settings = rows(["kunci", "isi"], ["kode", "KEC-A-1"], ["hari_kerja", "1"])
    return {"layanan": settings, **more}


def test_indonesian_names_are_as_good_as_xlsforms() -> None:
    survey = rows(
        ["jenis", "kode", "judul", "label::English (en)", "wajib", "tampil_jika"],
        ["teks", "nama", "Nama", "Name", "ya", ""],
        ["select_one perlu", "untuk", "Untuk", "", "", "nama == 'x'"],
    )
    choices = rows(["daftar", "kode", "judul"], ["perlu", "sekolah", "Sekolah"])
    found = sheet_read.read(sheets(isian=survey, pilihan=choices))
    assert found.document["code"] == "KEC-A-1"
    assert found.document["standard"]["duration"]["working_days"] == 1
    first, second = found.document["fields"]
    assert first["label"] == {"id": "Nama", "en": "Name"}
    assert (first["kind"], first["required"]) == ("text", True)
    assert (second["kind"], second["required"]) == ("choice", False)
    assert second["options"] == [{"value": "sekolah", "label": {"id": "Sekolah"}}]
    assert found.places["fields[1]"] == "isian, baris 3"


def test_a_condition_may_be_written_as_xlsform_writes_it() -> None:
    survey = rows(["type", "name", "relevant"], ["text", "a", "${untuk} = 'sekolah'"])
    found = sheet_read.read(sheets(isian=survey))
    assert found.document["fields"][0]["when"] == "untuk = 'sekolah'"


def test_thousands_may_have_dots() -> None:
    fees = rows(["label", "rupiah"], ["Retribusi", "1.250.000"], ["Lain", ""])
    found = sheet_read.read(sheets(biaya=fees))
    assert [one["rupiah"] for one in found.document["standard"]["fees"]] == [1_250_000, None]


@pytest.mark.parametrize(
    ("sheet", "lines", "said"),
    [
        ("isian", (["warna"], ["x"]), "column 'warna'"),
        ("isian", (["type", "name"], ["select_one tak_ada", "x"]), "no list 'tak_ada'"),
        ("isian", (["name", "wajib"], ["x", "mungkin"]), "yes or no"),
        ("biaya", (["label", "rupiah"], ["x", "7.5"]), "whole number"),
        ("cetak", (["name", "template"], ["a5", "x"]), "thermal, page"),
    ],
)
def test_what_is_wrong_with_a_row_is_said_with_its_number(
    sheet: str, lines: tuple[list[str], ...], said: str
) -> None:
    with pytest.raises(Unreadable, match=said) as refused:
        sheet_read.read(sheets(**{sheet: rows(*lines)}))
    assert refused.value.complaints[0].where.startswith(f"{sheet}, baris")


def test_a_workbook_without_its_first_sheet_is_refused() -> None:
    with pytest.raises(Unreadable, match="layanan"):
        sheet_read.read({"Sheet1": rows(["x"])})


def test_a_key_nobody_knows_is_not_dropped_in_silence() -> None:
    with pytest.raises(Unreadable, match="'warna'"):
        sheet_read.read({"layanan": rows(["kunci", "isi"], ["warna", "merah"])})


def test_a_complaint_is_told_by_its_row() -> None:
    places = {"fields[1]": "isian, baris 3", "code": "layanan, baris 2"}
    given = tuple(Complaint(path, "", "") for path in ("fields[1].label.id", "code", "steps[0].by"))
    told = [one.where for one in sheet_read.placed(given, places)]
    assert told == ["isian, baris 3, label::Bahasa (id)", "layanan, baris 2", "steps[0].by"]
