"""Home as text: six tiles, in the language of whoever looks."""

from pathlib import Path

from tests.support.offered import offering
from tests.support.visitor import Visitor


def test_home_has_six_tiles_and_begins_no_sitting(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        visitor = Visitor(portal)
        page = visitor.get("/")
        assert page.count("data-state=") == 6
        assert visitor.cookie == ""
        assert portal.desk.screen.sitting is None


def test_a_language_is_chosen_and_kept_until_the_end(tmp_path: Path) -> None:
    with offering(tmp_path) as portal:
        visitor = Visitor(portal)
        assert visitor.post("/bahasa/en", to="/") == "/"
        assert 'lang="en"' in visitor.get("/")
        assert 'lang="id"' in Visitor(portal).get("/")
