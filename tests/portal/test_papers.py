"""The button that prints."""

from pathlib import Path

from portal.papers import MOST
from tests.portal.test_queue import Paper
from tests.support.offered import offering
from tests.support.visitor import Visitor


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
