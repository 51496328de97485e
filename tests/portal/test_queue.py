"""Queue tickets on the screen."""

from pathlib import Path
from typing import Any

import pytest

from portal.printing import Printer
from portal.tickets import Tickets
from tests.support.offered import MONDAY, NOW, offering
from tests.support.visitor import Visitor
from wire.citizen import Called, Sync


class Paper(Printer):
    """Keeps what is printed; `works` as the print server would."""

    def __init__(self, *, works: bool) -> None:
        super().__init__("struk")
        self.works, self.said, self.sheets = works, "", 0

    def put(self, text: str) -> bool:
        self.said, self.sheets = text, self.sheets + 1
        return self.works


def tickets(tmp_path: Path) -> dict[str, Any]:
    (tmp_path / "tray").mkdir()
    return {"tickets": Tickets(tmp_path / "tray")}


def test_a_ticket_is_shown_large_and_printed_without_a_name(tmp_path: Path) -> None:
    paper = Paper(works=True)
    with offering(tmp_path / "c", printer=paper, **tickets(tmp_path)) as portal:
        visitor = Visitor(portal)
        assert "Sisa 2 nomor" in visitor.get("/antrian")
        to = visitor.post("/antrian/DKP-KTP-01")
        assert to == "/antrian/nomor?cetak=ya"
        page = visitor.get(to)
    assert '<p class="ticket">A-001</p>' in page
    assert "Sedang dicetak" in page
    assert "A-001" in paper.said
    assert "KTP elektronik" in paper.said


def test_without_a_printer_the_number_and_its_qr_stand_on_the_screen(tmp_path: Path) -> None:
    with offering(tmp_path / "c", printer=Paper(works=False), **tickets(tmp_path)) as portal:
        visitor = Visitor(portal)
        page = visitor.get(visitor.post("/antrian/DKP-KTP-01"))
    assert "Pencetak tidak bekerja" in page
    assert 'aria-label="Kode QR berisi nomor A-001"' in page


def test_the_quota_of_the_day_is_kept(tmp_path: Path) -> None:
    with offering(tmp_path / "c", **tickets(tmp_path)) as portal:
        people = [Visitor(portal) for _ in range(3)]
        leads = [one.post("/antrian/DKP-KTP-01") for one in people]
        assert leads[-1] == "/antrian?gagal=habis"
        assert "Habis untuk hari ini" in people[-1].get(leads[-1])


def test_who_presses_again_and_again_has_one_ticket_and_empties_no_roll(tmp_path: Path) -> None:
    paper = Paper(works=True)
    with offering(tmp_path / "c", printer=paper, **tickets(tmp_path)) as portal:
        visitor = Visitor(portal)
        leads = {visitor.post("/antrian/DKP-KTP-01") for _ in range(5)}
        assert leads == {"/antrian/nomor?cetak=ya"}
        assert "A-001" in visitor.get("/antrian/nomor")
        assert "Sisa 1 nomor" in visitor.get("/antrian")
    assert paper.sheets == 1


def test_midnight_or_a_clock_put_right_changes_no_ticket_that_was_given(tmp_path: Path) -> None:
    year, clock = 365 * 86_400_000, [MONDAY]
    own = {"clock": lambda: clock[0], **tickets(tmp_path)}
    with offering(tmp_path / "c", **own) as portal:
        visitor = Visitor(portal)
        before = visitor.get(visitor.post("/antrian/DKP-KTP-01"))
        for leap in (86_400_000, year, -year):
            clock[0] = MONDAY + leap
            assert visitor.get("/antrian/nomor?cetak=tidak") == before
        clock[0] = MONDAY
        assert visitor.post("/antrian/DKP-KTP-01") == "/antrian/nomor?cetak=tidak"
        assert "A-002" in (other := Visitor(portal)).get(other.post("/antrian/DKP-KTP-01"))


def test_a_closed_counter_gives_no_number_and_says_when_it_does(tmp_path: Path) -> None:
    with offering(tmp_path / "c", clock=lambda: NOW, **tickets(tmp_path)) as portal:
        visitor = Visitor(portal)
        assert visitor.post("/antrian/DKP-KTP-01") == "/antrian"
        page = visitor.get("/antrian")
    assert "Senin 23/11, 08.00" in page
    assert '<button class="button gold"' not in page


def test_who_is_served_now_is_said_as_the_office_told(tmp_path: Path) -> None:
    sync = Sync(at=MONDAY, called=(Called(day="2026-11-23", letter="A", number=7),))
    with offering(tmp_path / "c", sync=lambda: sync, **tickets(tmp_path)) as portal:
        page = Visitor(portal).get("/antrian")
    assert "Sedang dilayani: A-007" in page
    assert "Menurut kabar terakhir dari kantor" in page


@pytest.mark.parametrize("code", ["KEC-SKTM-01", "NOPE-01"])
def test_a_service_without_tickets_gives_none(tmp_path: Path, code: str) -> None:
    with offering(tmp_path / "c", **tickets(tmp_path)) as portal:
        assert Visitor(portal).post(f"/antrian/{code}") == "/antrian"


def test_without_a_tray_no_number_is_given(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        visitor = Visitor(portal)
        assert "silakan ke loket" in visitor.get(visitor.post("/antrian/DKP-KTP-01")).lower()
