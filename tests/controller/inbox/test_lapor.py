"""The table for SP4N-LAPOR: its columns, who is not named in it, and cells that stay text."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook
from sqlalchemy import Engine

from controller.inbox import known, lapor
from controller.inbox.lapor import COLUMNS, Line, Opened
from tests.support.inbox_desk import InboxDesk
from wire.submission import Contact, Content, Point

TEXT = "=HYPERLINK(1) Jalan berlubang di depan pasar. " * 5


def content(anonymity: str = "named") -> Content:
    contact = Contact(name="Warga Contoh", phone="081200004321", anonymity=anonymity)  # type: ignore[arg-type]
    return Content(
        id="a" * 32,
        number="261122-0001-K7Q3M-R",
        language="id",
        fields={"class": "wish", "text": TEXT, "where": "Depan pasar"},
        contact=contact,
        point=Point(lat=-6.8667, lng=107.5872),
    )


@pytest.fixture
def inbox(office_engine: Engine) -> InboxDesk:
    return InboxDesk(office_engine)


def lines(inbox: InboxDesk, anonymity: str = "named") -> dict[str, str]:
    row = inbox.row(inbox.complain(class_="wish"))
    with inbox.engine.connect() as conn:
        found = lapor.line(Opened(row, content(anonymity)), known.read(conn))
    return dict(zip(COLUMNS, found, strict=True))


def test_a_complaint_stands_in_the_columns_of_the_form(inbox: InboxDesk) -> None:
    found = lines(inbox)
    assert found["Klasifikasi"] == "Aspirasi"
    assert found["Lokasi Kejadian"].startswith("Depan pasar, ")
    assert (found["Isi Laporan"], len(found["Judul Laporan"])) == (TEXT, lapor.MOST_TITLE)
    assert found["Tanggal Laporan"].startswith("22-11-2026")
    assert (found["Nama"], found["Telepon"]) == ("Warga Contoh", "081200004321")
    assert (found["Anonim"], found["Rahasia"]) == ("Tidak", "Tidak")


def test_who_wants_to_stay_secret_or_unnamed_is_not_named(inbox: InboxDesk) -> None:
    for anonymity, column in (("secret", "Rahasia"), ("anonymous", "Anonim")):
        found = lines(inbox, anonymity)
        assert found[column] == "Ya"
        assert "Warga Contoh" not in found.values()
        assert "081200004321" not in found.values()


def test_no_cell_becomes_a_formula() -> None:
    row: Line = ("=1+1", "+62", "-5", "@x", "\tx", *[""] * (len(COLUMNS) - 5))
    read = list(csv.reader(io.StringIO(lapor.as_csv([row]).decode("utf-8-sig"))))
    assert all(one.startswith("'") for one in read[1][:5])
    sheet = load_workbook(io.BytesIO(lapor.as_xlsx([row])))["laporan"]
    assert {cell.data_type for cell in sheet[2] if cell.value is not None} == {"s"}


@given(st.text(st.characters(), max_size=200))
def test_whatever_citizens_type_can_be_written(text: str) -> None:
    row: Line = (text, *[""] * (len(COLUMNS) - 1))
    assert lapor.as_csv([row]).startswith(b"\xef\xbb\xbfNomor")
    assert lapor.as_xlsx([row])[:2] == b"PK"
