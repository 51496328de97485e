"""A service pack as a workbook, for whoever would rather work in a spreadsheet.

Every cell is text and stays text: what begins like a formula is none. The first row is fixed, the
types are offered as a list, and the last sheet explains the others.
"""

import io
from collections.abc import Iterator, Mapping
from typing import Any, Final, get_args

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from controller.services import columns
from controller.services.columns import Column, Sheet
from controller.services.shaped import shaped
from controller.services.sheet_read import got
from wire.service.document import FieldKind

GUIDE: Final = (
    ("Lembar kerja ini adalah satu paket layanan.", "This workbook is one service pack."),
    ("Baris pertama setiap lembar jangan diubah.", "Leave the first row of each sheet as it is."),
    ("Rumus dan makro tidak dipakai.", "Formulas and macros are not taken."),
    ("isian: satu baris satu pertanyaan; kolom type menentukan jenisnya.",
     "isian: one row a question; the column type says of what kind."),
    ("Pilihan: tulis select_one NAMA di isian, lalu isi daftar NAMA di lembar pilihan.",
     "Choices: write select_one NAME in isian, and fill the list NAME on the sheet pilihan."),
    ("Kolom Basa Sunda dan English boleh kosong: yang tampil bahasa Indonesia.",
     "Sundanese and English may stay empty: then Indonesian is shown."),
    ("prosedur: langkah yang dibaca warga; alur: status, oleh siapa, berapa hari kerja, ke mana.",
     "prosedur: steps citizens read; alur: status, by whom, how many working days, where to."),
    ("Setelah selesai, unggah di konsol: Layanan, lalu Unggah.",
     "When you are done, upload it in the console: Services, then Upload."),
)  # fmt: skip
_HEAD: Final = PatternFill("solid", fgColor="0A5A78")
_WRAP: Final = Alignment(wrap_text=True, vertical="top")
_CHOSEN: Final = {"choice": "select_one", "choices": "select_multiple"}
_ROWS_OFFERED: Final = 200


def write(document: Mapping[str, Any]) -> bytes:
    """Of a document that may lack things; those stay empty, and so does what is of a wrong kind."""
    document = shaped(document)
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in columns.SHEETS:
        _fill(book.create_sheet(sheet.name), sheet, document)
    guide = book.create_sheet("petunjuk")
    for row in GUIDE:
        _append(guide, row)
    _width(guide, (70, 70))
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _fill(page: Worksheet, sheet: Sheet, document: Mapping[str, Any]) -> None:
    named = [(column, *head) for column in sheet.columns for head in columns.headers(column)]
    _append(page, [head for _, head, _ in named])
    for cell in page[1]:
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
    page.freeze_panes = "A2"
    for item in _items(sheet, document):
        _append(page, [_cell(column, language, item) for column, _, language in named])
    _width(page, [46 if column.meant == "words" else 24 for column, _, _ in named])
    if sheet is columns.SURVEY:
        _offer(page, [name for _, name, _ in named])


def _items(sheet: Sheet, document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    if sheet is columns.SETTINGS:
        yield from _settings(document)
    elif sheet is columns.CHOICES:
        yield from _choices(document)
    elif sheet is columns.PRINT:
        for name, path in columns.RECEIPTS.items():
            if got(document, path):
                yield {"name": name, "template": got(document, path)}
    else:
        for item in got(document, sheet.path) or ():
            yield _field(item) if sheet is columns.SURVEY else item


def _settings(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for key, (path, meant) in columns.KEYS.items():
        value = got(document, path)
        if meant == "lines":
            yield from ({"name": key, "label": {"id": one}} for one in value or ("",))
        elif meant == "words":
            yield {"name": key, "label": value or {}}
        else:
            said = ", ".join(value or ()) if meant == "list" else value
            yield {"name": key, "label": {"id": "" if said is None else str(said)}}


def _choices(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for field in document.get("fields", ()):
        for option in field.get("options", ()):
            yield {"list": field.get("name", ""), **option}


def _field(item: Mapping[str, Any]) -> Mapping[str, Any]:
    kind = item.get("kind", "")
    chosen = f"{_CHOSEN[kind]} {item.get('name', '')}" if kind in _CHOSEN else kind
    return {"required": True, **item, "kind": chosen}


def _cell(column: Column, language: str, item: Mapping[str, Any]) -> str:
    value = got(item, column.path) if column.path else item
    if language:
        return str(value.get(language, "")) if isinstance(value, Mapping) else ""
    if column.meant == "flag":
        return "" if value is None else "yes" if value else "no"
    if column.meant == "list":
        return ", ".join(value or ())
    return "" if value is None else str(value)


def _append(page: Worksheet, texts: Any) -> None:
    row = page.max_row + 1 if page.max_row > 1 or page["A1"].value is not None else 1
    for at, text in enumerate(texts, 1):
        cell = page.cell(row, at)
        if text and isinstance(cell, Cell):
            cell.value = ILLEGAL_CHARACTERS_RE.sub("", text)  # a sheet cannot hold these
            cell.data_type = "s"  # also what begins with =
            cell.alignment = _WRAP


def _width(page: Worksheet, widths: Any) -> None:
    for at, width in enumerate(widths, 1):
        page.column_dimensions[get_column_letter(at)].width = width


def _offer(page: Worksheet, names: list[str]) -> None:
    """A list to choose from; other words may still be typed, such as `select_one NAME`."""
    kinds = ",".join(one for one in get_args(FieldKind) if one not in _CHOSEN)
    for name, said in (("type", kinds), ("required", "yes,no"), ("secret", "yes,no")):
        letter = get_column_letter(names.index(name) + 1)
        offered = DataValidation(
            type="list", formula1=f'"{said}"', allow_blank=True, showErrorMessage=False
        )
        offered.add(f"{letter}2:{letter}{_ROWS_OFFERED}")
        page.add_data_validation(offered)
