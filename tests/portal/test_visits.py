"""The mobile counter on the screen."""

from pathlib import Path

from tests.support.offered import MONDAY, offering
from tests.support.visitor import Visitor
from wire.citizen import Sync, Visit
from wire.service.days import DAY_MS


def visit(uid: str, later: int, **said: object) -> Visit:
    starts = MONDAY + later * DAY_MS
    known = {"district": "32.73.02", "place": f"Lapangan {uid}", "services": ("KTP",), **said}
    return Visit(uid=uid, starts=starts, ends=starts + 3_600_000, **known)  # type: ignore[arg-type]


SYNC = Sync(
    at=MONDAY,
    visits=(
        visit("dua", 2, quota=50, village="32.73.02.1001"),
        visit("satu", 1, cancelled=True),
        visit("lewat", -1),
        visit("andir", 1, district="32.73.05"),
    ),
)


def test_the_kecamatan_of_the_kiosk_comes_first_in_the_order_of_days(tmp_path: Path) -> None:
    with offering(tmp_path, sync=lambda: SYNC) as portal:
        page = Visitor(portal).get("/jemput-bola")
    assert page.index("Lapangan satu") < page.index("Lapangan dua, Dago")
    assert "Selasa, 24 November 2026" in page
    assert "Dibatalkan" in page
    assert "Kuota 50 orang" in page
    assert "lewat" not in page
    assert "Lapangan andir" not in page


def test_another_kecamatan_may_be_chosen_and_one_that_is_none_shows_nothing(
    tmp_path: Path,
) -> None:
    with offering(tmp_path, sync=lambda: SYNC) as portal:
        visitor = Visitor(portal)
        assert "Lapangan andir" in visitor.get("/jemput-bola?kec=32.73.05")
        assert "Belum ada jadwal" in visitor.get("/jemput-bola?kec=%3Cb%3E")


def test_before_the_office_told_anything_it_says_so(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        assert "Jadwal belum diterima" in Visitor(portal).get("/jemput-bola")
