"""The button that prints."""

from pathlib import Path

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
