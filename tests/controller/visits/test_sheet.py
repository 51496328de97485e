"""The calendar as a workbook: what is taken, and what each wrong row is told."""

import io
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from controller.services.said import Unreadable
from controller.visits import sheet
from wire.service import days
from wire.service.tenant import Places, Tenant

HEAD = tuple(sheet.COLUMNS)
GOOD = sheet.EXAMPLE


def book(*rows: Sequence[object]) -> bytes:
    made = Workbook()
    for row in rows:
        made.worksheets[0].append(list(row))
    out = io.BytesIO()
    made.save(out)
    return out.getvalue()


def refusal(body: bytes, tenant: Tenant, places: Places) -> str:
    with pytest.raises(Unreadable) as refused:
        sheet.read(body, tenant, places)
    return " ".join(f"{one.where}: {one.id}" for one in refused.value.complaints)


def test_the_example_that_is_given_out_can_be_handed_in(tenant: Tenant, places: Places) -> None:
    (visit,) = sheet.read(sheet.blank(), tenant, places)
    assert days.iso(days.from_millis(visit.starts, 420)) == "2026-12-01"
    assert (days.clock(visit.starts, 420), days.clock(visit.ends, 420)) == ("08:00", "12:00")
    assert (visit.district, visit.quota) == ("32.73.02", 60)
    assert visit.services == ("KTP-el", "KK", "KIA")
    assert visit.village.startswith("32.73.02.")


def test_the_same_table_twice_names_the_same_visits(tenant: Tenant, places: Places) -> None:
    again = book(HEAD, ("1/12/2026", "8.00", *GOOD[2:]))
    assert sheet.read(sheet.blank(), tenant, places) == sheet.read(again, tenant, places)


def test_headings_may_stand_in_any_order_and_in_english(tenant: Tenant, places: Places) -> None:
    order = ("Place", "Date", "Start", "End", "District", "Services")
    row = ("Aula", "2026-12-01", "08:00", "12:00", "Coblong", "KTP-el; KK")
    (visit,) = sheet.read(book(order, row), tenant, places)
    assert (visit.place, visit.services, visit.quota) == ("Aula", ("KTP-el", "KK"), 0)


@pytest.mark.parametrize(
    ("at", "cell", "says"),
    [
        (0, "besok", "Tanggal 'besok' tidak dapat dibaca"),
        (0, "2026-02-30", "tidak dapat dibaca"),
        (1, "delapan", "Tulis 08:00"),
        (2, "07:00", "sesudah jam mulai"),
        (3, "Entah", "tidak dikenal"),
        (4, "Entah", "tidak ada di kecamatan itu"),
        (5, "", "Kolom tempat kosong"),
        (6, " , ", "1 sampai 40 layanan"),
        (7, "-3", "Kuota harus bilangan"),
        (7, "1e9", "Kuota harus bilangan"),
    ],
)
def test_a_wrong_row_is_named_with_what_to_write(
    tenant: Tenant, places: Places, at: int, cell: str, says: str
) -> None:
    wrong = (*GOOD[:at], cell, *GOOD[at + 1 :])
    told = refusal(book(HEAD, GOOD, wrong), tenant, places)
    assert "baris 3" in told
    assert says in told


def test_every_wrong_row_is_told_at_once(tenant: Tenant, places: Places) -> None:
    told = refusal(book(HEAD, ("x", *GOOD[1:]), GOOD, (*GOOD[:7], "x", "")), tenant, places)
    assert "baris 2" in told
    assert "baris 4" in told


def test_a_row_that_stands_twice_is_told(tenant: Tenant, places: Places) -> None:
    assert "sama dengan baris" in refusal(book(HEAD, GOOD, GOOD), tenant, places)


def test_what_is_no_table_of_visits_says_so(tenant: Tenant, places: Places) -> None:
    assert "kosong" in refusal(book(), tenant, places)
    assert "Kolom tidak ditemukan" in refusal(book(("nama", "alamat")), tenant, places)
    assert "tidak dapat dibuka" in refusal(b"PK\x03\x04 no archive", tenant, places)


def test_a_formula_is_no_date(tenant: Tenant, places: Places) -> None:
    assert "Rumus" in refusal(book(HEAD, ("=TODAY()", *GOOD[1:])), tenant, places)


def test_what_is_written_begins_no_formula(tenant: Tenant, places: Places) -> None:
    page = load_workbook(io.BytesIO(sheet.blank())).worksheets[0]
    assert {cell.data_type for row in page.iter_rows() for cell in row} == {"s"}
    assert sheet.read(sheet.blank(), tenant, places)


LETTERS = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs")), max_size=20)


@given(row=st.lists(LETTERS.filter(lambda cell: not cell.startswith("=")), max_size=9))
def test_any_row_is_taken_or_told(tenant: Tenant, places: Places, row: list[str]) -> None:
    try:
        found = sheet.read(book(HEAD, row), tenant, places)
    except Unreadable as refused:
        told = [one.id and one.en for one in refused.complaints]
    else:
        told = []
        assert len(found) <= 1
    assert all(told)
