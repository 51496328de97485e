"""A folder handed in through the console: begun, filled, checked, waiting for signatures."""

from typing import Any

from starlette.testclient import TestClient

from controller.releases import signing
from tests.dashboards.console.conftest import Shelf

SCRIPT = {"accept": "*/*"}
HTML = {"accept": "text/html"}


def begun(reader: TestClient, bundle: str = "video", note: str = "baru") -> int:
    answer = reader.post("/releases", data={"bundle": bundle, "note": note})
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


def put(reader: TestClient, number: int, path: str, body: bytes) -> Any:
    query = {"path": path, "size": len(body)}
    return reader.put(f"/api/v1/releases/{number}/files", params=query, content=body)


def free(shelf: Shelf) -> None:
    """What waited for signatures has them."""
    shelf.press.sign("video")
    shelf.press.tick()


def test_a_folder_becomes_a_release_that_waits_for_signatures(
    shelf: Shelf, reader: TestClient
) -> None:
    free(shelf)
    number = begun(reader)
    assert put(reader, number, "panduan/satu.txt", b"satu").status_code == 204
    assert put(reader, number, "panduan/dua.txt", b"").status_code == 204
    answer = reader.post(f"/releases/{number}/check", headers=SCRIPT)
    assert (answer.status_code, answer.json()) == (200, {"problems": []})
    with shelf.fleet.engine.connect() as conn:
        waits = signing.open_(conn, "content")
    assert waits is not None
    assert waits.release_id == number
    assert "panduan/satu.txt" in reader.get(f"/releases/{number}").text


def test_what_is_wrong_with_the_files_is_told_and_they_can_be_sent_again(
    shelf: Shelf, reader: TestClient
) -> None:
    free(shelf)
    number = begun(reader)
    put(reader, number, "halaman.exe", b"MZ")
    answer = reader.post(f"/releases/{number}/check", headers=SCRIPT)
    assert answer.status_code == 422
    assert len(answer.json()["problems"]) == 1
    page = reader.post(f"/releases/{number}/check", headers=HTML)
    assert page.status_code == 422
    assert 'id="refusal"' in page.text
    assert put(reader, number, "halaman.txt", b"x").status_code == 204


def test_a_path_that_climbs_is_refused(reader: TestClient) -> None:
    answer = put(reader, begun(reader), "../../rahasia.txt", b"x")
    assert answer.status_code in (409, 422)
    assert "climbs" in answer.json()["detail"]


def test_a_bundle_has_a_name_and_a_note(reader: TestClient) -> None:
    for bundle, note in (("Huruf Besar", "x"), ("video", "")):
        answer = reader.post("/releases", data={"bundle": bundle, "note": note}, headers=SCRIPT)
        assert answer.status_code == 409, bundle


def test_two_releases_of_a_role_do_not_wait_at_once(reader: TestClient) -> None:
    number = begun(reader)
    put(reader, number, "a.txt", b"x")
    answer = reader.post(f"/releases/{number}/check", headers=SCRIPT)
    assert answer.status_code == 409
    page = reader.post(f"/releases/{number}/check", headers=HTML)
    assert (page.status_code, 'id="refusal"' in page.text) == (409, True)


def test_a_release_nobody_knows_is_checked_by_nobody(reader: TestClient) -> None:
    assert reader.post("/releases/999/check").status_code == 404


def test_a_draft_that_was_left_can_be_gone_on_with(shelf: Shelf, reader: TestClient) -> None:
    number = shelf.releases["draft"]
    where = f"/releases/new?bundle=video&amp;draft={number}"
    assert where in reader.get(f"/releases/{number}").text
    text = reader.get("/releases/new", params={"bundle": "video", "draft": number}).text
    assert f'data-draft="{number}"' in text
    assert 'name="note"' not in text
