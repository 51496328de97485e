"""The page on which a folder becomes a draft."""

from starlette.testclient import TestClient

from tests.dashboards.console.conftest import Shelf


def test_it_offers_the_bundles_there_are_and_begins_with_the_screens(
    shelf: Shelf, reader: TestClient
) -> None:
    assert shelf.releases
    text = reader.get("/releases/new").text
    assert 'value="layanan" list="bundles"' in text
    assert '<option value="video">' in text
    assert "anjungan publish" in text  # for whoever has no scripts


def test_what_stands_in_the_address_is_never_markup(reader: TestClient) -> None:
    asked = {"bundle": '"><img src=x>', "draft": "1 onload=x"}
    text = reader.get("/releases/new", params=asked).text
    assert "<img src=x" not in text
    assert 'data-draft=""' in text
