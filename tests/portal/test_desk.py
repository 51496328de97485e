"""From a request to an answer: whose turn it is, and what is open at all."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.notice import FILE
from portal.server import PortalServer
from portal.services import SOON
from tests.support.offered import PRESS, offering, service, tree
from tests.support.shown import put
from tests.support.visitor import Visitor


@pytest.fixture
def portal(tmp_path: Path) -> Iterator[PortalServer]:
    with offering(tmp_path) as running:
        yield running


def test_a_page_begins_a_sitting_and_home_does_not(portal: PortalServer) -> None:
    visitor = Visitor(portal)
    visitor.get("/")
    assert visitor.cookie == ""
    visitor.get("/informasi")
    given = visitor.headers["set-cookie"]
    assert "HttpOnly" in given
    assert "SameSite=Strict" in given
    assert "Expires" not in given
    assert "Max-Age" not in given


def test_a_probe_that_looks_at_home_takes_nothing_from_the_citizen(portal: PortalServer) -> None:
    visitor = Visitor(portal)
    visitor.get("/informasi")
    kept = portal.desk.screen.sitting
    Visitor(portal).get("/")
    assert portal.desk.screen.sitting is kept


@pytest.mark.parametrize("path", ["/", "/panggil"])
def test_a_browser_that_comes_anew_is_not_given_the_sitting_of_whoever_was_there(
    portal: PortalServer, path: str
) -> None:
    Visitor(portal).get("/informasi")
    stranger = Visitor(portal)
    stranger.get(path)
    assert stranger.status == 200
    assert stranger.cookie == ""


def test_a_sitting_with_something_in_it_keeps_the_catalogue_it_began_with(
    portal: PortalServer, tmp_path: Path
) -> None:
    visitor = Visitor(portal)
    visitor.get("/informasi")
    sitting = portal.desk.screen.sitting
    assert sitting is not None
    sitting.drafts["form"] = {}
    put(tmp_path, 2, tree({"KEC-NEW-01": service("KEC-NEW-01", "Baru")}))
    assert "KTP elektronik" in visitor.get("/informasi/DKP-KTP-01")
    sitting.drafts.clear()
    visitor.get("/informasi/KEC-NEW-01")
    assert visitor.status == 200


def test_an_address_that_does_not_exist_shows_the_way_home(portal: PortalServer) -> None:
    visitor = Visitor(portal)
    assert visitor.get("/nothing") == "Not Found"
    visitor.get("/informasi")
    assert 'class="button big" href="/"' in visitor.get("/nothing")
    assert visitor.status == 404
    visitor.get("/tampilan")
    assert visitor.status == 405


def test_a_page_that_fails_says_so_and_its_log_names_no_word_of_the_citizen(
    portal: PortalServer, capsys: pytest.CaptureFixture[str]
) -> None:
    visitor = Visitor(portal)
    visitor.get("/informasi")
    sitting = portal.desk.screen.sitting
    assert sitting is not None
    sitting.drafts["ticket"] = "3174999999990001"  # not what the page expects there
    page = visitor.get("/antrian/nomor")
    assert visitor.status == 500
    assert "3174999999990001" not in capsys.readouterr().err
    assert PRESS.texts("id")("base.call") in page


def test_under_a_notice_nobody_begins_and_nobody_is_interrupted(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        portal.desk._notices = tmp_path
        inside, outside = Visitor(portal), Visitor(portal)
        inside.get("/informasi")
        (tmp_path / FILE).write_text(json.dumps({"why": ""}))
        assert "Informasi layanan" in inside.get("/informasi")
        assert "sedang dirawat" in inside.get("/")
        assert 'data-offset="420"' in inside.get("/")
        assert "sedang dirawat" in outside.get("/informasi")


def test_a_kiosk_without_a_place_shows_the_welcome_page(tmp_path: Path) -> None:
    with offering(tmp_path, site="") as portal:
        visitor = Visitor(portal)
        assert "Enam layanan" in visitor.get("/")
        assert visitor.get("/informasi") == "Not Found"


def test_of_a_release_without_services_every_address_shows_the_welcome_page_and_whom_to_ask(
    tmp_path: Path,
) -> None:
    """As releases were before they had services: its cards may not look like something to touch."""
    with offering(tmp_path, files={"content.json": tree()["content.json"]}) as portal:
        visitor = Visitor(portal)
        for path in ("/informasi", "/antrian", "/perizinan/X", "/status", "/pengaduan/periksa"):
            visitor.ask("GET", path, {"Sec-Fetch-Dest": "document"})
            assert (visitor.status, visitor.headers["location"]) == (303, "/")
        page = visitor.get("/")
        assert portal.desk.screen.sitting is None
    assert "Silakan temui petugas di loket" in page
    assert page.count("<li>") == page.count(SOON) == 1
    assert "<a " not in page
    assert "<button" not in page
