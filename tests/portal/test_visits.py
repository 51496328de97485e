"""The mobile counter on the screen."""

from pathlib import Path

from tests.portal.test_queue import Paper
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
        assert "Lapangan andir" in visitor.get("/jemput-bola/32.73.05")
        assert "Belum ada jadwal" in visitor.get("/jemput-bola/%3Cb%3E")


def test_before_the_office_told_anything_it_says_so(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        assert "Jadwal belum diterima" in Visitor(portal).get("/jemput-bola")


def test_a_date_is_kept_by_a_telephone_and_one_that_is_cancelled_is_not(tmp_path: Path) -> None:
    with offering(tmp_path, sync=lambda: SYNC) as portal:
        page = Visitor(portal).get("/jemput-bola")
    assert page.count('class="qr"') == 1
    assert "Kode QR jadwal Rabu, 25 November 2026" in page


def test_the_dates_of_a_kecamatan_are_printed_without_a_name(tmp_path: Path) -> None:
    paper = Paper(works=True)
    with offering(tmp_path, sync=lambda: SYNC, printer=paper) as portal:
        visitor = Visitor(portal)
        assert "Cetak jadwal ini" in visitor.get("/jemput-bola")
        to = visitor.post("/jemput-bola/32.73.05/cetak")
        assert to == "/jemput-bola/32.73.05?cetak=ya"
        assert "Sedang dicetak" in visitor.get(to)
    assert "Andir" in paper.said
    assert "Lapangan andir" in paper.said
    assert "Jadwal per" in paper.said


def test_nobody_empties_the_roll_and_where_nothing_is_planned_nothing_is_printed(
    tmp_path: Path,
) -> None:
    paper = Paper(works=True)
    with offering(tmp_path, sync=lambda: SYNC, printer=paper) as portal:
        visitor = Visitor(portal)
        leads = [visitor.post("/jemput-bola/32.73.05/cetak") for _ in range(4)]
        assert [lead.endswith("cetak=ya") for lead in leads] == [True, True, True, False]
        assert "Potret kode QR-nya" in visitor.get(leads[-1])
        assert visitor.post("/jemput-bola/99.99.99/cetak") == "/jemput-bola"
