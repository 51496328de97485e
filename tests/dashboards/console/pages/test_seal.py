"""What a browser is told to check before it signs."""

import json

from starlette.testclient import TestClient

from controller.releases import signing
from dashboards.console.pages.seal import in_force, statement
from tests.dashboards.console.conftest import Shelf


def test_a_browser_gets_the_text_itself_and_the_list_in_force(
    shelf: Shelf, reader: TestClient
) -> None:
    with shelf.fleet.engine.connect() as conn:
        it = signing.open_(conn, "content")
    assert it is not None
    told = reader.get(f"/signings/{it.id}/statement").json()
    assert told["text"] == it.text
    before, after = told["before"]["targets"], json.loads(it.text)["targets"]
    assert set(after) - set(before) == {"content/layanan-5.idx"}
    assert told["before"]["version"] == it.version - 1


def test_of_the_first_list_there_is_none_before(shelf: Shelf) -> None:
    with shelf.fleet.engine.connect() as conn:
        it = signing.open_(conn, "content")
    assert it is not None
    assert in_force(shelf.press.releases.metadata, it._replace(version=1)) is None
    assert statement(shelf.press.releases, it)["before"]["_type"] == "targets"


def test_what_nobody_signs_any_more_has_no_statement(shelf: Shelf, reader: TestClient) -> None:
    with shelf.fleet.engine.connect() as conn:
        it = signing.newest_of(conn, shelf.releases["first"])
    assert it is not None
    assert reader.get(f"/signings/{it.id}/statement").status_code == 409
    assert reader.get("/signings/999/statement").status_code == 404
