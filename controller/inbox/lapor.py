"""Complaints as the table that is typed into SP4N-LAPOR: one row a complaint, in its form's order.

LAPOR publishes no way in for programs: an administrator of the city carries the rows over. The
columns are those of its form. Who wants to stay secret or unnamed has no name and no telephone
here. Pure: rows in, rows out; every cell is text and never a formula.
"""

import csv
import io
import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Final, NamedTuple

from controller.inbox.known import Known
from controller.inbox.shapes import Row
from wire.submission import Content

COLUMNS: Final = (
    "Nomor", "Klasifikasi", "Judul Laporan", "Isi Laporan", "Tanggal Laporan", "Lokasi Kejadian",
    "Koordinat", "Instansi Tujuan", "Kategori", "Anonim", "Rahasia", "Nama", "Telepon",
)  # fmt: skip
CLASSES: Final = {
    "complaint": "Pengaduan", "wish": "Aspirasi", "question": "Permintaan Informasi",
}  # fmt: skip
MOST_TITLE: Final = 150
MOST: Final = 200  # at once: each is opened, and each look is written down
_MOST_CELL: Final = 32_000
_FORMULA: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
Line = tuple[str, ...]


class Opened(NamedTuple):
    row: Row
    content: Content


def line(one: Opened, names: Known) -> Line:
    """One complaint. Raises nothing: what is missing is an empty cell."""
    row, content = one
    contact, point = content.contact, content.point
    named = contact.anonymity == "named"
    text = _text(content, "text")
    category = names.categories.get((row.tenant, row.category))
    agency = names.agencies.get((row.tenant, row.agency))
    where = ", ".join(filter(None, (_text(content, "where"), names.place(row.place))))
    return (
        row.number,
        CLASSES.get(row.class_, CLASSES["complaint"]),
        _title(text),
        text,
        _day(row.arrived_at, names.calendar(row.tenant).offset_min),
        where,
        f"{point.lat:.5f}, {point.lng:.5f}" if point else "",
        agency.id if agency else row.agency,
        category.name.id if category else row.category,
        _yes(contact.anonymity == "anonymous"),
        _yes(contact.anonymity == "secret"),
        contact.name if named else "",
        contact.phone if named else "",
    )


def as_csv(lines: Iterable[Line]) -> bytes:
    """With the mark by which Excel knows UTF-8; what begins like a formula is quoted."""
    made = io.StringIO()
    writer = csv.writer(made)
    writer.writerow(COLUMNS)
    writer.writerows([_tame(cell) for cell in one] for one in lines)
    return made.getvalue().encode("utf-8-sig", "replace")


def as_xlsx(lines: Iterable[Line]) -> bytes:
    """A workbook whose every cell is text."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to load, rarely asked

    book = Workbook(write_only=False)
    sheet = book.active
    assert sheet is not None
    sheet.title = "laporan"
    for number, one in enumerate((COLUMNS, *lines), 1):
        for column, text in enumerate(one, 1):
            cell: Any = sheet.cell(number, column)
            cell.value = _plain(text)[:_MOST_CELL]
            cell.data_type = "s"  # also what begins like a formula
    sheet.freeze_panes = "A2"
    made = io.BytesIO()
    book.save(made)
    return made.getvalue()


def _title(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= MOST_TITLE else f"{first[: MOST_TITLE - 1]}…"


def _text(content: Content, name: str) -> str:
    found = content.fields.get(name, "")
    return found if isinstance(found, str) else ""


def _day(moment: int, offset_min: int) -> str:
    zone = timezone(timedelta(minutes=offset_min)) if offset_min else UTC
    return datetime.fromtimestamp(moment // 1_000, zone).strftime("%d-%m-%Y %H:%M")


def _yes(said: bool) -> str:  # noqa: FBT001 - its only word
    return "Ya" if said else "Tidak"


def _tame(cell: str) -> str:
    text = _plain(cell)
    return f"'{text}" if text.lstrip().startswith(_FORMULA) or text[:1] == "\t" else text


def _plain(text: str) -> str:
    """Without what no workbook can hold: control characters, halves of characters."""
    return _UNFIT.sub("", text)
