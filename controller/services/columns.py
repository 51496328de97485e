"""The sheets and columns of a service pack as a workbook: one visible table. Pure.

Named as XLSForm names them, so that whoever knows that knows this; each also goes by an Indonesian
word. A column says where in the document its cells go and how they are meant.
"""

import re
from collections.abc import Mapping
from typing import Final, Literal, NamedTuple

Meant = Literal["text", "words", "flag", "number", "list", "lines", "options", "condition"]
LANGUAGES: Final = {"id": "Bahasa (id)", "su": "Basa Sunda (su)", "en": "English (en)"}


class Column(NamedTuple):
    """`path`: within one row's part of the document. `blank`: what an empty cell means."""

    name: str
    path: str
    meant: Meant = "text"
    also: tuple[str, ...] = ()
    blank: object = None


class Sheet(NamedTuple):
    """`path`: the list of the document whose items are its rows; "" for settings and choices."""

    name: str
    also: tuple[str, ...]
    path: str
    columns: tuple[Column, ...]


_LABEL: Final = ("judul", "nama")
_WHEN: Final = ("syarat_tampil", "tampil_jika", "when")
SETTINGS: Final = Sheet("layanan", ("settings", "service"), "", (
    Column("name", "name", also=("kunci", "key")),
    Column("label", "label", "words", ("isi", "value", *_LABEL)),
))  # fmt: skip
CHOICES: Final = Sheet("pilihan", ("choices",), "", (
    Column("list_name", "list", also=("daftar", "list name")),
    Column("name", "value", also=("kode", "value")),
    Column("label", "label", "words", _LABEL),
))  # fmt: skip
SURVEY: Final = Sheet("isian", ("survey", "fields"), "fields", (
    Column("type", "kind", also=("jenis",)),
    Column("name", "name", also=("kode", "kolom")),
    Column("label", "label", "words", _LABEL),
    Column("hint", "hint", "words", ("petunjuk",)),
    Column("required", "required", "flag", ("wajib",), blank=False),
    Column("relevant", "when", "condition", _WHEN),
    Column("constraint", "check", "condition", ("periksa", "check")),
    Column("constraint_message", "check_says", "words", ("pesan_periksa",)),
    Column("secret", "secret", "flag", ("rahasia",)),
    Column("most", "most", "number", ("maks", "paling_banyak")),
    Column("page", "page", also=("halaman", "group")),
))  # fmt: skip
LISTS: Final = (
    SURVEY,
    Sheet("syarat", ("requirements",), "standard.requirements", (
        Column("name", "code", also=("kode", "code")),
        Column("label", "name", "words", _LABEL),
        Column("how", "how", also=("cara",)),
        Column("required", "required", "flag", ("wajib",)),
        Column("relevant", "when", "condition", _WHEN),
    )),
    Sheet("prosedur", ("procedure",), "standard.procedure", (
        Column("label", "", "words", ("langkah", *_LABEL)),
    )),
    Sheet("alur", ("steps", "workflow"), "steps", (
        Column("state", "state", also=("status",)),
        Column("by", "by", also=("oleh",)),
        Column("days", "days", "number", ("hari",)),
        Column("to", "to", "list", ("ke",)),
    )),
    Sheet("biaya", ("fees",), "standard.fees", (
        Column("label", "name", "words", _LABEL),
        Column("rupiah", "rupiah", "number", ("tarif",)),
        Column("note", "note", "words", ("catatan",)),
        Column("relevant", "when", "condition", _WHEN),
    )),
    Sheet("rujukan", ("handover",), "handover", (
        Column("label", "name", "words", _LABEL),
        Column("url", "url", also=("alamat",)),
        Column("bring", "bring", "words", ("siapkan",)),
    )),
)  # fmt: skip
PRINT: Final = Sheet("cetak", ("print", "receipt"), "", (
    Column("name", "name", also=("jenis", "kunci")),
    Column("template", "template", also=("isi", "teks")),
))  # fmt: skip
SHEETS: Final = (SETTINGS, *LISTS, CHOICES, PRINT)

KEYS: Final[Mapping[str, tuple[str, Meant]]] = {  # of the sheet of settings -> path, meaning
    "code": ("code", "text"),
    "revision": ("revision", "number"),
    "tenant": ("tenant", "text"),
    "name": ("name", "words"),
    "summary": ("summary", "words"),
    "agency": ("agency", "text"),
    "group": ("group", "text"),
    "level": ("level", "text"),
    "regions": ("regions", "list"),
    "modes": ("modes", "list"),
    "decree": ("decree", "text"),
    "valid_since": ("valid.since", "text"),
    "valid_until": ("valid.until", "text"),
    "review": ("valid.review", "text"),
    "working_days": ("standard.duration.working_days", "number"),
    "duration_note": ("standard.duration.note", "words"),
    "product": ("standard.product", "words"),
    "complaints": ("standard.complaints", "words"),
    "legal_basis": ("standard.legal_basis", "lines"),
    "facilities": ("standard.facilities", "words"),
    "competence": ("standard.competence", "words"),
    "supervision": ("standard.supervision", "words"),
    "staff": ("standard.staff", "words"),
    "service_guarantee": ("standard.service_guarantee", "words"),
    "safety_guarantee": ("standard.safety_guarantee", "words"),
    "evaluation": ("standard.evaluation", "words"),
    "number": ("number", "text"),
    "retention_days": ("retention.days", "number"),
    "queue_letter": ("queue.letter", "text"),
    "queue_quota": ("queue.quota", "number"),
    "keywords": ("keywords", "list"),
    "videos": ("videos", "list"),
}
KEYS_ALSO: Final[Mapping[str, str]] = {
    "kode": "code", "revisi": "revision", "pemerintah": "tenant", "nama": "name",
    "ringkasan": "summary", "unit": "agency", "kelompok": "group", "tingkat": "level",
    "wilayah": "regions", "mode": "modes", "nomor_sk": "decree", "berlaku_mulai": "valid_since",
    "berlaku_sampai": "valid_until", "tinjau": "review", "hari_kerja": "working_days",
    "catatan_waktu": "duration_note", "produk": "product", "pengaduan": "complaints",
    "dasar_hukum": "legal_basis", "sarana": "facilities", "kompetensi": "competence",
    "pengawasan": "supervision", "pelaksana": "staff", "jaminan_pelayanan": "service_guarantee",
    "jaminan_keamanan": "safety_guarantee", "evaluasi": "evaluation", "format_nomor": "number",
    "simpan_hari": "retention_days", "huruf_antrian": "queue_letter",
    "kuota_antrian": "queue_quota", "kata_kunci": "keywords", "video": "videos",
}  # fmt: skip
RECEIPTS: Final = {"thermal": "receipt.thermal", "page": "receipt.page"}
KINDS_ALSO: Final[Mapping[str, str]] = {  # of XLSForm and of clerks -> of the document
    "teks": "text", "paragraf": "long_text", "string": "text", "angka": "integer",
    "int": "integer", "tanggal": "date", "select_one": "choice", "select one": "choice",
    "pilihan": "choice", "select_multiple": "choices", "select multiple": "choices",
    "pilihan_banyak": "choices", "image": "photo", "foto": "photo", "catatan": "note",
    "ya_tidak": "yes_no", "desa": "village", "kelurahan": "village", "telepon": "phone",
    "surel": "email",
}  # fmt: skip
_SPACE: Final = re.compile(r"\s+")


def folded(text: str) -> str:
    """A name as people mean it: capitals and spaces around it say nothing."""
    return _SPACE.sub(" ", text.strip().lower())


def sheet_named(title: str) -> Sheet | None:
    name = folded(title)
    return next((one for one in SHEETS if name == one.name or name in one.also), None)


def column_of(sheet: Sheet, header: str) -> tuple[Column, str] | None:
    """Which column a header names, and in which language: `label::English (en)`."""
    base, _, rest = folded(header).partition("::")
    found = [one for one in sheet.columns if base.strip() in (one.name, *one.also)]
    if not found:
        return None
    language = next((code for code in LANGUAGES if f"({code})" in rest), "")
    language = language or next((c for c, n in LANGUAGES.items() if rest and n.lower()
                                 .startswith(rest.strip())), "")  # fmt: skip
    if rest and not language:
        return None
    return found[0], language or "id"


def heading(path: str, rest: str) -> str:
    """What a clerk calls the column of a cell: `path` is of its row, `rest` of the cell within."""
    sheet = next((one for one in LISTS if path.startswith(f"{one.path}[")), None)
    name, _, language = rest.partition(".")
    column = next((one for one in sheet.columns if one.path == name), None) if sheet else None
    if rest in LANGUAGES:
        return f"label::{LANGUAGES[rest]}"
    if column is None:
        return rest
    return next((text for text, code in headers(column) if code == language), column.name)


def headers(column: Column) -> list[tuple[str, str]]:
    """(header, language) of a column as it is written."""
    if column.meant != "words":
        return [(column.name, "")]
    return [(f"{column.name}::{name}", code) for code, name in LANGUAGES.items()]
