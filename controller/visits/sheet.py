"""The calendar of the mobile counter as a workbook: one row a visit, and an empty one to fill in.

Owns the columns. Rows are taken all or none: whoever hands in a table is told every row that is
wrong, with what to write instead. A visit's name is made of day, hour and place, so that the same
table handed in twice changes nothing and a corrected row corrects its visit.
"""

import hashlib
import io
import re
from collections.abc import Iterator, Mapping
from typing import Final, NamedTuple

from controller.services import workbook
from controller.services.said import MOST, Complaint, Unreadable, unreadable
from controller.services.workbook import Row
from controller.visits import named
from controller.visits.named import Found
from wire.citizen import Visit
from wire.service import days, text
from wire.service.tenant import Places, Tenant

COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "tanggal": ("tanggal", "date", "hari"),
    "mulai": ("mulai", "jam mulai", "start"),
    "selesai": ("selesai", "jam selesai", "end"),
    "kecamatan": ("kecamatan", "district"),
    "kelurahan": ("kelurahan", "desa", "kelurahan/desa", "village"),
    "tempat": ("tempat", "lokasi", "place"),
    "layanan": ("layanan", "services"),
    "kuota": ("kuota", "quota"),
    "keterangan": ("keterangan", "catatan", "note"),
}
"""The heading that is written, and those that are understood."""
NEEDED: Final = ("tanggal", "mulai", "selesai", "kecamatan", "tempat", "layanan")
EXAMPLE: Final = ("2026-12-01", "08:00", "12:00", "Coblong", "Dago", "Aula Kelurahan Dago",
                  "KTP-el, KK, KIA", "60", "Bawa dokumen asli")  # fmt: skip
MOST_QUOTA: Final = 10_000
_DAY: Final = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})")
_CLOCK: Final = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?")


class Wrong(ValueError):  # noqa: N818 - one cell that cannot be taken
    """Both sentences say what to write instead."""

    def __init__(self, id_: str, en: str) -> None:
        super().__init__(en)
        self.id, self.en = id_, en


class _Terms(NamedTuple):
    tenant: Tenant
    places: Places


def read(body: bytes, tenant: Tenant, places: Places) -> tuple[Visit, ...]:
    """The visits of the first sheet. Raises Unreadable with a sentence for each row that is wrong.

    Days are those of the tenant; services are divided by commas.
    """
    sheets = workbook.read(body)
    title, rows = next(((title, rows) for title, rows in sheets.items() if rows), ("", []))
    if not rows:
        raise unreadable("Berkas ini kosong.", "This file is empty.")
    at = _columns(rows[0])
    wrong: list[Complaint] = []
    found: dict[str, Visit] = {}
    for row in rows[1:]:
        try:
            visit = _visit(
                {name: row.cells.get(n, "") for name, n in at.items()}, _Terms(tenant, places)
            )
        except Wrong as error:
            wrong.append(Complaint(f"{title}, baris {row.number}", error.id, error.en))
            continue
        if visit.uid in found:
            wrong.append(Complaint(f"{title}, baris {row.number}",
                                   "Baris ini sama dengan baris sebelumnya.",
                                   "This row is the same as one before it."))  # fmt: skip
        found[visit.uid] = visit
    if wrong:
        raise Unreadable(*wrong[:MOST])
    return tuple(found.values())


def blank() -> bytes:
    """A workbook to fill in, with one row as an example."""
    from openpyxl import Workbook  # noqa: PLC0415 - slow to load, rarely asked
    from openpyxl.styles import Font  # noqa: PLC0415 - slow to load, rarely asked
    from openpyxl.utils import get_column_letter  # noqa: PLC0415 - slow to load, rarely asked

    book = Workbook()
    page = book.worksheets[0]
    page.title = "jemput bola"
    page.append(list(COLUMNS))
    page.append(list(EXAMPLE))
    for n, cell in enumerate(page[1], 1):
        cell.font = Font(bold=True)
        page.column_dimensions[get_column_letter(n)].width = 22
    page.freeze_panes = "A2"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def _columns(header: Row) -> dict[str, int]:
    """Name of each column -> where it stands."""
    said = {n: " ".join(cell.casefold().split()) for n, cell in header.cells.items()}
    at = dict(_found(said))
    if missing := [name for name in NEEDED if name not in at]:
        names = ", ".join(missing)
        raise unreadable(
            f"Kolom tidak ditemukan di baris pertama: {names}. Unduh contoh, lalu isi yang itu.",
            f"The first row lacks these columns: {names}. Download the example and fill that in.",
        )
    return at


def _found(said: Mapping[int, str]) -> Iterator[tuple[str, int]]:
    for name, spellings in COLUMNS.items():
        for n, cell in said.items():
            if cell in spellings:
                yield name, n
                break


def _visit(cells: Mapping[str, str], terms: _Terms) -> Visit:
    district = named.find(terms.places, f"Kecamatan {cells['kecamatan']}")
    where = named.find(terms.places, f"Kecamatan {cells['kecamatan']} {cells.get('kelurahan', '')}")
    if district is None or district.village or where is None:
        raise Wrong(
            f"Kecamatan {cells['kecamatan'][:40]!r} tidak dikenal. Tulis seperti daftar wilayah.",
            f"There is no district {cells['kecamatan'][:40]!r}. Write it as the list of places.",
        )
    if cells.get("kelurahan", "") and not where.village:
        raise Wrong(
            f"Kelurahan/desa {cells['kelurahan'][:40]!r} tidak ada di kecamatan itu.",
            f"There is no village {cells['kelurahan'][:40]!r} in that district.",
        )
    return made(cells, where, terms.tenant)


def made(cells: Mapping[str, str], where: Found, tenant: Tenant) -> Visit:
    """The visit that these cells, named as COLUMNS, tell of. Raises Wrong."""
    day = _day(cells["tanggal"])
    starts, ends = (_minutes(cells[name], name) for name in ("mulai", "selesai"))
    if ends <= starts:
        raise Wrong("Jam selesai harus sesudah jam mulai.", "It must end after it starts.")
    place = text.line(cells["tempat"])[:200]
    services = _services(cells["layanan"])
    midnight = days.start(day, tenant.utc_offset_min)
    return Visit(
        uid=name_of(days.iso(day), starts, where.district, place),
        starts=midnight + starts * days.MINUTE_MS,
        ends=midnight + ends * days.MINUTE_MS,
        district=where.district,
        village=where.village,
        place=place or _lacks("tempat"),
        services=services,
        quota=_quota(cells.get("kuota", "")),
        note=text.line(cells.get("keterangan", ""))[:300],
    )


def name_of(day: str, starts_min: int, district: str, place: str) -> str:
    """Of a visit that came without a name."""
    said = f"{day}\0{starts_min}\0{district}\0{place.casefold()}".encode()
    return f"xlsx-{hashlib.sha256(said).hexdigest()[:24]}"


def _day(said: str) -> days.Date:
    try:
        if found := _DAY.fullmatch(said.strip()):
            day, month, year = map(int, found.groups())
            return days.date(year, month, day)
        return days.parse(said.strip()[:10])
    except ValueError:
        raise Wrong(
            f"Tanggal {said[:20]!r} tidak dapat dibaca. Tulis 2026-12-31 atau 31/12/2026.",
            f"The date {said[:20]!r} cannot be read. Write 2026-12-31 or 31/12/2026.",
        ) from None


def _minutes(said: str, name: str) -> int:
    found = _CLOCK.fullmatch(said.strip())
    if found is None:
        raise Wrong(
            f"Jam {name} {said[:20]!r} tidak dapat dibaca. Tulis 08:00.",
            f"The time {said[:20]!r} cannot be read. Write 08:00.",
        )
    return int(found[1]) * 60 + int(found[2])


def _services(said: str) -> tuple[str, ...]:
    found = tuple(part[:120] for part in map(text.line, re.split(r"[,;\n]", said)) if part)
    if not 1 <= len(found) <= 40:
        raise Wrong("Tulis 1 sampai 40 layanan, dipisah koma.",
                     "Write 1 to 40 services, divided by commas.")  # fmt: skip
    return found


def _quota(said: str) -> int:
    if not said.strip():
        return 0
    if not (said.strip().isascii() and said.strip().isdigit() and int(said) <= MOST_QUOTA):
        raise Wrong(f"Kuota harus bilangan 0 sampai {MOST_QUOTA}.",
                     f"The quota must be a number from 0 to {MOST_QUOTA}.")  # fmt: skip
    return int(said)


def _lacks(name: str) -> str:
    raise Wrong(f"Kolom {name} kosong.", f"The column {name} is empty.")
