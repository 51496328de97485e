"""What a browser is told to check before it signs."""

import json

from starlette.testclient import TestClient
from tuf.api.metadata import Metadata

from controller.releases import metadata, signing
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


def test_nothing_is_compared_with_a_list_that_nobody_signed(
    shelf: Shelf, reader: TestClient
) -> None:
    folder = shelf.press.releases
    with shelf.fleet.engine.connect() as conn:
        it = signing.open_(conn, "content")
    assert it is not None
    path = folder.metadata / f"{it.version - 1}.content.json"
    signed = path.read_bytes()
    metadata.put(folder, path.stem, Metadata(metadata.read(folder, "content").signed))
    answer = reader.get(f"/signings/{it.id}/statement")
    path.write_bytes(signed)
    assert (answer.status_code, "not signed by the keys in force" in answer.text) == (409, True)


def test_what_nobody_signs_any_more_has_no_statement(shelf: Shelf, reader: TestClient) -> None:
    with shelf.fleet.engine.connect() as conn:
        it = signing.newest_of(conn, shelf.releases["first"])
    assert it is not None
    assert reader.get(f"/signings/{it.id}/statement").status_code == 409
    assert reader.get("/signings/999/statement").status_code == 404
