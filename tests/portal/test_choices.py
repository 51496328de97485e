"""The citizen's taste, chosen on any page."""

from collections.abc import Iterator

import pytest

from portal.server import PortalServer
from tests.support.offered import offering
from tests.support.visitor import Visitor


@pytest.fixture(scope="module")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PortalServer]:
    with offering(tmp_path_factory.mktemp("content")) as running:
        yield running


@pytest.mark.parametrize("switch", ["large", "contrast", "low"])
def test_a_switch_is_turned_on_and_off_again(portal: PortalServer, switch: str) -> None:
    visitor = Visitor(portal)
    assert visitor.post("/tampilan", switch=switch, to="/informasi") == "/informasi"
    assert f'class="{switch}"' in visitor.get("/informasi")
    visitor.post("/tampilan", switch=switch, to="/")
    assert f'class="{switch}"' not in visitor.get("/informasi")


@pytest.mark.parametrize(
    "to", ["//evil.example", "https://evil.example", "/\\evil", "", "/a\r\nSet-Cookie: x", "/a b"]
)
def test_it_leads_back_to_a_page_of_ours_and_nowhere_else(portal: PortalServer, to: str) -> None:
    assert Visitor(portal).post("/bahasa/su", to=to) == "/"


def test_a_language_or_switch_nobody_has_changes_nothing(portal: PortalServer) -> None:
    visitor = Visitor(portal)
    visitor.post("/bahasa/xx", to="/")
    visitor.post("/tampilan", switch="drafts", to="/")
    sitting = portal.desk.screen.sitting
    assert sitting is not None
    assert (sitting.language, sitting.drafts) == ("id", {})
