"""Visits as people hand them in: a form of one, a workbook or a calendar of many, a program's list.

Owns what is checked however they came: the place is one of that government's, the hours are those
of one day, and the day is none of another year's calendar. A file is taken whole or not at all, and
whoever sent it is told every row. Reads no books and writes none.
"""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from msgspec.structs import replace

from controller.services.said import MOST, Complaint, Unreadable, unreadable
from controller.visits import ics, sheet
from controller.visits.books import Given
from controller.visits.whose import Whose
from wire.citizen import Visit
from wire.service import text
from wire.service.days import DAY_MS

FARTHEST_MS: Final = 400 * DAY_MS  # a year that was mistyped


class Typed(NamedTuple):
    """What stood in the form. `place` is the code of a district or a village."""

    day: str
    starts: str
    ends: str
    place: str
    where: str
    services: str
    quota: str
    note: str


def from_form(typed: Typed, whose: Whose, now: int) -> Given:
    """Raises Unreadable."""
    found = whose.find(typed.place)
    if found is None:
        raise unreadable("Pilih kecamatan atau kelurahan.", "Choose a district or a village.")
    cells: Mapping[str, str] = {
        "tanggal": typed.day, "mulai": typed.starts, "selesai": typed.ends, "tempat": typed.where,
        "layanan": typed.services, "kuota": typed.quota, "keterangan": typed.note,
    }  # fmt: skip
    try:
        visit = sheet.made(cells, found, whose.tenant)
    except sheet.Wrong as error:
        raise Unreadable(Complaint("", error.id, error.en)) from None
    return Given(whose.tenant.code, "form", _soon([visit], now))


def from_file(name: str, body: bytes, whose: Whose, now: int) -> Given:
    """By the end of its name: .xlsx or .ics. Raises Unreadable."""
    tenant, places = whose
    if name.casefold().endswith(".ics"):
        return Given(tenant.code, "ics", ics.read(body, tenant, places, now))
    if name.casefold().endswith(".xlsx"):
        return Given(tenant.code, "xlsx", _soon(sheet.read(body, tenant, places), now))
    raise unreadable(
        "Kirim berkas .xlsx atau .ics.",
        "Send a .xlsx or .ics file.",
    )


def from_program(visits: Sequence[Visit], whose: Whose, now: int) -> Given:
    """Raises Unreadable."""
    wrong = [found for one in visits if (found := _wrong(one, whose))]
    if wrong:
        raise Unreadable(*wrong[:MOST])
    return Given(whose.tenant.code, "api", _soon([_clean(one) for one in visits], now))


def _clean(visit: Visit) -> Visit:
    """Each text is one line of letters that can be kept and shown."""
    words = {name: text.line(getattr(visit, name)) for name in ("uid", "place", "note")}
    return replace(visit, **words, services=tuple(map(text.line, visit.services)))


def _wrong(visit: Visit, whose: Whose) -> Complaint | None:
    found = whose.find(visit.village or visit.district)
    if found is None or found.district != visit.district:
        return Complaint(visit.uid, "Tempat itu tidak ada di wilayah ini.",
                         "There is no such place here.")  # fmt: skip
    if not visit.starts < visit.ends <= visit.starts + DAY_MS:
        return Complaint(visit.uid, "Satu jadwal paling lama sehari.",
                         "One visit takes at most a day.")  # fmt: skip
    return None


def _soon(visits: Sequence[Visit], now: int) -> Sequence[Visit]:
    far = [one for one in visits if one.starts > now + FARTHEST_MS]
    if far:
        raise Unreadable(*(
            Complaint(one.place, "Tanggalnya lebih dari setahun lagi. Periksa tahunnya.",
                      "Its day is more than a year away. Check the year.")
            for one in far[:MOST]
        ))  # fmt: skip
    return visits
