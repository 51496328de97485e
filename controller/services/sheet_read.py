"""Rows of a workbook into the document of a service pack, remembering where each part stood. Pure.

What a column nobody knows says is not dropped in silence. Cells are text: what they mean the table
of columns says; whether it makes sense is asked of the document afterwards (examine.py).
"""

import re
from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.services import columns
from controller.services.columns import Column, Sheet
from controller.services.said import Complaint, Unreadable
from controller.services.workbook import Row, Sheets

Document = dict[str, Any]
YES: Final = frozenset({"yes", "ya", "true", "1", "y", "wajib", "benar"})
NO: Final = frozenset({"no", "tidak", "false", "0", "t", "n", "bukan"})
_NUMBER: Final = re.compile(r"-?([0-9]{1,15}|[0-9]{1,3}(\.[0-9]{3}){1,4})", re.ASCII)
_NAMED: Final = re.compile(r"\$\{\s*([A-Za-z]\w*)\s*\}")  # a field's name as XLSForm writes it
_CHOICE: Final = re.compile(r"^(select[_ ](?:one|multiple)|choices?|pilihan(?:_banyak)?)\s+(\S+)$")


class Taken(NamedTuple):
    """`places`: path of the document -> where it stands in the workbook."""

    document: Document
    places: Mapping[str, str]


def read(sheets: Sheets) -> Taken:
    """Raises Unreadable with everything that is wrong with the rows themselves."""
    reader = _Reader()
    known = [(columns.sheet_named(title), title, rows) for title, rows in sheets.items()]
    if not any(sheet is columns.SETTINGS for sheet, _, _ in known):
        raise Unreadable(Complaint(
            "", "Lembar 'layanan' tidak ada. Unduh contoh dari daftar layanan untuk memulai.",
            "There is no sheet 'layanan'. Download an example from the list to begin with.",
        ))  # fmt: skip
    for sheet, title, rows in known:
        if sheet is not None and rows:
            reader.sheet(sheet, title, rows)
    reader.join()
    if reader.wrong:
        raise Unreadable(*reader.wrong)
    return Taken(reader.document, reader.places)


def placed(found: tuple[Complaint, ...], places: Mapping[str, str]) -> tuple[Complaint, ...]:
    """The same complaints, each with its sheet and row instead of a path."""
    return tuple(one._replace(where=_place(one.where, places)) for one in found)


def _place(path: str, places: Mapping[str, str]) -> str:
    cut = path
    while cut:
        if cut in places:
            rest = path[len(cut) :].lstrip(".")
            return f"{places[cut]}, {columns.heading(cut, rest)}" if rest else places[cut]
        cut = re.sub(r"(\.[^.\[]*|\[\d+\])$", "", cut) if re.search(r"[.\[]", cut) else ""
    return path


class _Reader:
    def __init__(self) -> None:
        self.document: Document = {}
        self.places: dict[str, str] = {}
        self.wrong: list[Complaint] = []
        self._choices: dict[str, list[dict[str, Any]]] = {}
        self._lists: dict[int, str] = {}  # field -> its list of choices

    def sheet(self, sheet: Sheet, title: str, rows: list[Row]) -> None:
        named = self._headers(sheet, title, rows[0])
        for row in rows[1:]:
            where = f"{title}, baris {row.number}"
            part = self._part(sheet, named, row, where)
            if not part:
                continue
            if sheet is columns.SETTINGS:
                self._setting(part, where)
            elif sheet is columns.PRINT:
                self._receipt(part, where)
            elif sheet is columns.CHOICES:
                name = str(part.pop("list", ""))
                self._choices.setdefault(name, []).append(part)
            else:
                self._item(sheet, part, where)

    def join(self) -> None:
        """Choices to the fields that name their list; a time nobody wrote is none laid down."""
        at(self.document, "standard.duration", {}).setdefault("working_days", None)
        for number, name in self._lists.items():
            if name in self._choices:
                self.document["fields"][number]["options"] = self._choices[name]
            else:
                self._complain(
                    self.places[f"fields[{number}]"],
                    f"Tidak ada daftar {name[:40]!r} di lembar pilihan.",
                    f"There is no list {name[:40]!r} on the sheet of choices.",
                )

    def _headers(self, sheet: Sheet, title: str, row: Row) -> dict[int, tuple[Column, str]]:
        named = {}
        for at, text in row.cells.items():
            found = columns.column_of(sheet, text)
            if found is not None:
                named[at] = found
                continue
            known = ", ".join(one.name for one in sheet.columns)
            self._complain(
                f"{title}, baris {row.number}",
                f"Kolom {text[:40]!r} tidak dikenal. Yang ada: {known}.",
                f"Nobody knows a column {text[:40]!r}. There are: {known}.",
            )
        return named

    def _part(
        self, sheet: Sheet, named: Mapping[int, tuple[Column, str]], row: Row, where: str
    ) -> dict[str, Any]:
        part: dict[str, Any] = {}
        for at, (column, language) in named.items():
            text = row.cells.get(at, "")
            if column.meant == "words":
                if text:
                    _words(part, column.path)[language] = text
            elif text:
                part[column.path] = self._value(column.meant, text, where)
        if part and sheet.path:
            blanks = {one.path: one.blank for one in sheet.columns if one.blank is not None}
            part = blanks | part
        return part

    def _setting(self, part: dict[str, Any], where: str) -> None:
        said = columns.folded(str(part.get("name", "")))
        key = columns.KEYS_ALSO.get(said, said)
        if key not in columns.KEYS:
            self._complain(
                where,
                f"Kunci {said[:40]!r} tidak dikenal.",
                f"Nobody knows a key {said[:40]!r}.",
            )
            return
        path, meant = columns.KEYS[key]
        words = part.get("label", {})
        self.places[path] = where
        if not words:
            return
        if meant == "words":
            put(self.document, path, words)
        elif meant == "lines":
            at(self.document, path, []).append(words.get("id", ""))
        else:
            put(self.document, path, self._value(meant, words.get("id", ""), where))

    def _receipt(self, part: dict[str, Any], where: str) -> None:
        path = columns.RECEIPTS.get(columns.folded(str(part.get("name", ""))))
        if path is None:
            known = ", ".join(columns.RECEIPTS)
            self._complain(where, f"Jenis cetak: {known}.", f"What can be printed: {known}.")
            return
        self.places[path] = where
        put(self.document, path, part.get("template", ""))

    def _item(self, sheet: Sheet, part: dict[str, Any], where: str) -> None:
        items = at(self.document, sheet.path, [])
        path = f"{sheet.path}[{len(items)}]"
        self.places[path] = where
        if sheet is columns.SURVEY:
            self._kind(part, len(items))
        if sheet.name == "biaya":
            part.setdefault("rupiah", None)
        items.append(part.pop("", part))

    def _kind(self, part: dict[str, Any], number: int) -> None:
        said = columns.folded(str(part.get("kind", "")))
        hit = _CHOICE.match(said)
        if hit:
            said, self._lists[number] = hit[1], str(part["kind"]).split()[-1]
        part["kind"] = columns.KINDS_ALSO.get(said, said)

    def _value(self, meant: str, text: str, where: str) -> Any:
        if meant == "number":
            return self._number(text, where)
        if meant == "flag":
            return self._flag(text, where)
        if meant == "condition":
            return _NAMED.sub(r"\1", text)
        if meant == "list":
            return [one.strip() for one in re.split(r"[,;\n]", text) if one.strip()]
        return text

    def _number(self, text: str, where: str) -> int | None:
        clean = text.removeprefix("Rp").strip()
        if _NUMBER.fullmatch(clean):
            return int(clean.replace(".", ""))
        self._complain(
            where, f"{text[:40]!r} bukan angka bulat.", f"{text[:40]!r} is no whole number."
        )
        return None

    def _flag(self, text: str, where: str) -> bool:
        word = columns.folded(text)
        if word not in YES | NO:
            self._complain(where, f"Tulis ya atau tidak, bukan {text[:40]!r}.",
                           f"Write yes or no, not {text[:40]!r}.")  # fmt: skip
        return word in YES

    def _complain(self, where: str, id_: str, en: str) -> None:
        self.wrong.append(Complaint(where, id_, en))


def put(document: Document, path: str, value: Any) -> None:
    """At a path of keys, making what is missing on the way."""
    *way, last = path.split(".")
    for key in way:
        document = document.setdefault(key, {})
    document[last] = value


def at(document: Document, path: str, default: Any) -> Any:
    *way, last = path.split(".")
    for key in way:
        document = document.setdefault(key, {})
    return document.setdefault(last, default)


def got(document: Any, path: str) -> Any:
    """None where nothing stands."""
    for key in path.split(".") if path else ():
        document = document.get(key) if isinstance(document, Mapping) else None
    return document


def _words(part: dict[str, Any], path: str) -> dict[str, str]:
    found: dict[str, str] = part.setdefault(path, {})
    return found
