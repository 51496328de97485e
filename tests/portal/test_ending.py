"""The end of a turn: forgotten, and proven to be."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.server import PortalServer
from portal.session import LEASE_S
from tests.support.offered import offering
from tests.support.visitor import Visitor
from tests.support.wait import until

NIK = "3174999999990001"


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PortalServer]:
    with offering(tmp_path) as running:
        yield running


def seated(portal: PortalServer) -> Visitor:
    """Somebody who has written something."""
    visitor = Visitor(portal)
    visitor.get("/informasi")
    sitting = portal.desk.screen.sitting
    assert sitting is not None
    sitting.drafts["form"] = {"nik": NIK}
    return visitor


def test_row_64_after_the_end_nothing_is_left_and_the_browser_is_told_to_forget(
    portal: PortalServer,
) -> None:
    visitor = seated(portal)
    page = visitor.post("/selesai")
    assert portal.desk.screen.sitting is None
    assert visitor.headers["clear-site-data"] == '"cache", "cookies", "storage"'
    assert "Max-Age=0" in visitor.headers["set-cookie"]
    assert 'src="/wiped.js"' in page
    assert NIK not in page


def test_row_64_home_stays_closed_until_the_browser_has_proven_to_be_clean(
    portal: PortalServer,
) -> None:
    visitor = seated(portal)
    visitor.post("/selesai")
    visitor.cookie = ""
    assert "data-state" not in visitor.get("/")
    assert visitor.post("/selesai/bukti", left="2") == "belum"
    assert visitor.post("/selesai/bukti", left="") == "belum"
    assert "data-state" not in visitor.get("/")
    assert visitor.post("/selesai/bukti", left="0") == "bersih"
    assert "data-state" in visitor.get("/")


def test_row_64_whoever_leaves_without_a_word_is_forgotten_too(tmp_path: Path) -> None:
    now = [0.0]
    with offering(tmp_path) as portal:
        portal.said._clock = lambda: now[0]
        visitor = seated(portal)
        visitor.post("/session/open")
        assert portal.desk.screen.sitting is not None
        now[0] = LEASE_S + 1
        until(lambda: portal.desk.screen.sitting is None, 10)
        assert "data-state" not in Visitor(portal).get("/")


def test_row_64_nothing_of_a_form_half_way_is_on_the_disk(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        seated(portal).post("/selesai")
        found = [path for path in tmp_path.rglob("*") if path.is_file()]
        assert found
        assert not any(NIK.encode() in path.read_bytes() for path in found)


def test_row_64_a_page_whose_scripts_never_ran_is_forgotten_too(tmp_path: Path) -> None:
    now = [0.0]
    with offering(tmp_path) as portal:
        portal.said._clock = lambda: now[0]
        visitor = seated(portal)
        assert portal.session == "open"
        now[0] = LEASE_S - 1
        visitor.get("/informasi/KEC-SKTM-01")
        now[0] += LEASE_S - 1
        assert portal.desk.screen.sitting is not None
        now[0] += 2
        until(lambda: portal.desk.screen.sitting is None, 10)


def test_row_64_a_stranger_who_asks_does_not_keep_the_citizens_form_alive(tmp_path: Path) -> None:
    now = [0.0]
    with offering(tmp_path) as portal:
        portal.said._clock = lambda: now[0]
        seated(portal)
        now[0] = LEASE_S + 1
        Visitor(portal).get("/")
        until(lambda: portal.desk.screen.sitting is None, 10)


def test_row_64_nobody_is_forgotten_in_mid_answer_and_no_line_waits_for_it(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        seated(portal)
        with portal.desk.turn:
            portal.desk.lapse(lambda: True)
            assert portal.desk.screen.sitting is not None
        portal.desk.lapse(lambda: False)  # somebody was answered since it was looked at
        assert portal.desk.screen.sitting is not None
        portal.desk.lapse(lambda: True)
        assert portal.desk.screen.sitting is None
