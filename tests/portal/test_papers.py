"""The button that prints."""

from pathlib import Path
from typing import Any

from portal.papers import MOST
from portal.tickets import Tickets
from tests.portal.test_queue import Paper
from tests.support.offered import MONDAY, offering
from tests.support.visitor import Visitor
from wire.local import Local, Probed


def test_what_the_page_offers_is_printed_and_it_says_whether_paper_came(tmp_path: Path) -> None:
    paper = Paper(works=True)
    with offering(tmp_path, printer=paper) as portal:
        visitor = Visitor(portal)
        assert visitor.post("/cetak", to="/status") == "/status?cetak=tidak"
        sitting = portal.desk.screen.sitting
        assert sitting is not None
        sitting.paper = "nomor"
        assert visitor.post("/cetak", to="/status?cetak=tidak") == "/status?cetak=ya"
        paper.works = False
        assert visitor.post("/cetak", to="/status") == "/status?cetak=tidak"
    assert paper.said == "nomor"


def test_a_printer_that_is_down_is_given_nothing_that_would_come_out_for_nobody(
    tmp_path: Path,
) -> None:
    paper = Paper(works=True)  # the print server takes everything and keeps it
    down = {"printer": Probed(state="fail", since=MONDAY - 5)}
    local = Local(at=MONDAY, online=True, online_since=MONDAY, probes=down)
    (tmp_path / "tray").mkdir()
    given: dict[str, Any] = {"tickets": Tickets(tmp_path / "tray"), "local": lambda: local}
    with offering(tmp_path / "c", printer=paper, **given) as portal:
        visitor = Visitor(portal)
        assert visitor.post("/antrian/DKP-KTP-01") == "/antrian/nomor?cetak=tidak"
        assert visitor.post("/cetak", to="/antrian/nomor") == "/antrian/nomor?cetak=tidak"
    assert paper.sheets == 0


def test_a_child_that_leans_on_the_button_empties_no_roll(tmp_path: Path) -> None:
    paper = Paper(works=True)
    with offering(tmp_path, printer=paper) as portal:
        visitor = Visitor(portal)
        visitor.get("/status")
        sitting = portal.desk.screen.sitting
        assert sitting is not None
        sitting.paper = "nomor"
        said = [visitor.post("/cetak", to="/status") for _ in range(20)]
    assert paper.sheets == MOST
    assert said[-1] == "/status?cetak=tidak"
