"""An .xlsx file as rows of plain text, or a sentence that says why it is not taken.

A workbook is a hostile archive: it is weighed before it is read, has no macros, no links to other
files and no formulas, and as many rows as a service can have. The library builds an object of each
element, also of styles and of texts no cell shows: a small file may hold a minute's work of them,
so they are counted first. Knows nothing of services.
"""

import io
import zipfile
from collections.abc import Iterator, Mapping
from datetime import timedelta
from typing import Any, Final, NamedTuple

from controller.services.said import Unreadable, unreadable

MOST_BYTES: Final = 1024 * 1024
MOST_UNPACKED: Final = 16 * 1024 * 1024
MOST_ELEMENTS: Final = 150_000  # in all parts; opening and closing tags
MOST_FILES: Final = 200
MOST_ROWS: Final = 1_000
MOST_COLUMNS: Final = 80
MOST_SHEETS: Final = 30
MOST_CELL: Final = 4_000
_PIECE: Final = 64 * 1024
_MACROS: Final = ("vbaproject", "macrosheets", "activex", "vbadata")
_LINKS: Final = ("externallinks", "embeddings", "connections.xml", "querytables")


class Row(NamedTuple):
    """`number` as the program that made it counts: the header is 1."""

    number: int
    cells: Mapping[int, str]  # column from 0 -> what stands there, never empty


Sheets = Mapping[str, list[Row]]


def read(body: bytes) -> Sheets:
    """Title of each sheet -> its rows that say something. Raises Unreadable."""
    try:
        _weigh(body)
        return _read(body)
    except Unreadable:
        raise
    except Exception as error:  # of a spoilt archive the library raises anything
        raise _broken() from error


def _read(body: bytes) -> Sheets:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to load, rarely asked

    book = load_workbook(io.BytesIO(body), read_only=True, data_only=False, keep_links=False)
    try:
        if len(book.sheetnames) > MOST_SHEETS:
            raise unreadable(
                f"Ada {len(book.sheetnames)} lembar; paling banyak {MOST_SHEETS}.",
                f"There are {len(book.sheetnames)} sheets; at most {MOST_SHEETS}.",
            )
        return {one.title: list(_rows(one)) for one in book.worksheets}
    finally:
        book.close()


def _weigh(body: bytes) -> None:
    if len(body) > MOST_BYTES:
        raise unreadable(
            f"Berkas {len(body) // 1024} kB; paling besar {MOST_BYTES // 1024} kB.",
            f"The file has {len(body) // 1024} kB; at most {MOST_BYTES // 1024} kB.",
        )
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        parts = archive.infolist()
        large = len(parts) > MOST_FILES or sum(one.file_size for one in parts) > MOST_UNPACKED
        large = large or _elements(archive) > MOST_ELEMENTS
    names = [one.filename.lower() for one in parts]
    if any(word in name for name in names for word in _MACROS):
        raise unreadable(
            "Berkas ini berisi makro. Simpan ulang sebagai .xlsx biasa, tanpa makro.",
            "This file has macros. Save it again as a plain .xlsx, without macros.",
        )
    if any(word in name for name in names for word in _LINKS):
        raise unreadable(
            "Berkas ini mengambil isi dari berkas lain. Salin isinya sebagai nilai saja.",
            "This file takes content from other files. Paste it as values.",
        )
    if large:
        raise unreadable(
            "Isi berkas ini terlalu besar setelah dibuka. Hapus lembar dan baris yang tidak "
            "dipakai, lalu simpan ulang.",
            "This file is too large once opened. Delete sheets and rows that are not used, and "
            "save it again.",
        )


def _elements(archive: zipfile.ZipFile) -> int:
    """Piece by piece: a part says itself how large it is, and is read no further than that."""
    found = 0
    for one in archive.infolist():
        with archive.open(one) as part:
            found += sum(piece.count(b"<") for piece in iter(lambda: part.read(_PIECE), b""))
    return found


def _rows(sheet: Any) -> Iterator[Row]:
    """Formulas and endless sheets are refused where they are met."""
    sheet.reset_dimensions()
    for n, cells in enumerate(sheet.iter_rows(max_col=MOST_COLUMNS), 1):
        if n > MOST_ROWS:
            raise unreadable(
                f"Lebih dari {MOST_ROWS} baris. Hapus baris kosong di bawah, lalu simpan ulang.",
                f"More than {MOST_ROWS} rows. Delete the empty rows below, and save it again.",
                sheet.title,
            )
        said = {at: _text(sheet.title, n, cell) for at, cell in enumerate(cells)}
        told = {at: text for at, text in said.items() if text}
        if told:
            yield Row(n, told)


def _text(title: str, row: int, cell: Any) -> str:
    value = cell.value
    if value is None:
        return ""
    if cell.data_type == "f" or not isinstance(value, str | bool | int | float):
        where = f"{title}, baris {row}"
        if isinstance(value, timedelta):  # hours in a cell that counts beyond a day: [h]:mm
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60:02}:{minutes % 60:02}"
        if cell.data_type == "d" or hasattr(value, "isoformat"):
            return str(value.isoformat())[:10]
        raise unreadable(
            "Rumus tidak dipakai di sini. Tulis hasilnya saja (Salin, lalu Tempel Nilai).",
            "Formulas are not taken here. Write what they give (Copy, then Paste Values).",
            where,
        )
    if isinstance(value, bool):
        return "ya" if value else "tidak"
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = str(value).replace("\r\n", "\n").strip()
    if len(text) > MOST_CELL:
        raise unreadable(
            f"Satu sel berisi {len(text)} huruf; paling banyak {MOST_CELL}.",
            f"One cell has {len(text)} characters; at most {MOST_CELL}.",
            f"{title}, baris {row}",
        )
    return text


def _broken() -> Unreadable:
    return unreadable(
        "Berkas ini tidak dapat dibuka sebagai .xlsx. Simpan ulang dari aplikasi lembar kerja.",
        "This file cannot be opened as .xlsx. Save it again from your spreadsheet program.",
    )
