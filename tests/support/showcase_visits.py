"""A mobile counter's weeks, a morning of tickets, notices and a call, for pictures and tests."""

from typing import Final

from sqlalchemy import Engine, select

from controller.assist import books as assist
from controller.counters import books as counters
from controller.counters.books import Asked, day_of
from controller.notices import books as notices
from controller.notices.books import Typed
from controller.store.citizen_tables import tray
from controller.store.engine import insert_new, writing
from controller.store.tables import kiosk
from controller.visits import books, whose
from controller.visits.books import Given
from tests.support.showcase_inbox import doer_of
from wire.citizen import Call, Visit
from wire.service.days import DAY_MS

OFFICER: Final = doer_of("petugas", 1)
HOUR_MS: Final = 3_600_000
EIGHT: Final = 8 * HOUR_MS
PLACES: Final = (
    (1, 0, "32.73.02", "32.73.02.1001", "Aula Kelurahan Contoh", ("KTP-el", "KK", "KIA"), 60),
    (1, 5, "32.73.05", "", "Lapangan Contoh", ("KTP-el", "Akta kelahiran"), 40),
    (2, 0, "32.73.07", "", "Balai RW 05", ("PBB", "SKTM"), 0),
    (4, 1, "32.73.10", "", "Halaman Masjid Contoh", ("KTP-el",), 50),
    (9, 0, "32.73.02", "", "Taman Contoh", ("KK", "KIA", "Pindah datang"), 80),
    (16, 0, "32.73.20", "", "Kantor Kelurahan Contoh", ("KTP-el", "KK"), 60),
)  # days ahead, hours after eight, where, what, how many
COUNTY: Final = (3, 0, "32.04.37", "", "Alun-alun Contoh", ("KTP-el",), 100)
TICKETS: Final = (("32.73.02", "K", 14, 9), ("32.73.02", "S", 3, 3), ("32.73.05", "K", 6, 4))

SHUT: Final = "Loket tutup pukul 12.00 karena upacara. Silakan ajukan permohonan di layar ini."
NOTICES: Final = (
    (0, 1, ("32.73",), SHUT),
    (0, 4, ("32.73.02", "32.73.05"), "Listrik padam Rabu pagi: loket mulai pukul 10.00."),
    (9, 40, ("32.73",), "Mulai Desember KTP-el diambil di loket 3."),
)  # first and last day ahead, where, what


def visit(
    n: int, midnight: int, place: tuple[int, int, str, str, str, tuple[str, ...], int]
) -> Visit:
    days, later, district, village, where, services, quota = place
    starts = midnight + days * DAY_MS + EIGHT + later * HOUR_MS
    return Visit(uid=f"showcase-{n}", starts=starts, ends=starts + 4 * HOUR_MS, district=district,
                 village=village, place=where, services=services, quota=quota,
                 note="Bawa dokumen asli" if n == 0 else "", cancelled=n == 3)  # fmt: skip


def tell_visits(engine: Engine, now: int) -> None:
    """Of a fleet and tenants that are there. `now` in milliseconds."""
    midnight = now - (now + 7 * HOUR_MS) % DAY_MS
    city = [visit(n, midnight, one) for n, one in enumerate(PLACES)]
    with writing(engine) as conn:
        books.take(conn, Given("32.73", "xlsx", city), OFFICER, now)
        county = Given("32.04", "ics", [visit(90, midnight, COUNTY)])
        books.take(conn, county, doer_of("soreang", 2, district="32.04"), now)
    for site, letter, issued, called in TICKETS:
        with writing(engine) as conn:
            row = conn.execute(select(kiosk.c.id, kiosk.c.name).where(kiosk.c.site_code == site))
            its = row.one()
            heard = {"kiosk_id": its.id, "waiting": 0, "oldest": 0, "at": now - 90_000}
            conn.execute(insert_new(conn, tray).values(**heard))
            counters.issued(conn, its.id, {(day_of(now), letter): issued}, now)
            counters.call(conn, Asked(its.name, letter, 0, called), OFFICER, now)


def tell_notices(engine: Engine, now: int) -> None:
    """As `tell_visits`."""
    midnight = now - (now + 7 * HOUR_MS) % DAY_MS
    with writing(engine) as conn:
        city = whose.find(conn, "32.73")
        for first, last, places, said in NOTICES:
            days = (midnight + first * DAY_MS, midnight + last * DAY_MS)
            notices.write(conn, Typed(places, said, "", "", *days), city, OFFICER, now)


def tell_call(engine: Engine, name: str, now: int) -> None:
    with writing(engine) as conn:
        assist.ring(conn, name, Call(id="a" * 32, page="perizinan"), now - 65_000)
