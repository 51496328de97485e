"""Dropping, withdrawing, renewing and signing through the console's addresses."""

from starlette.testclient import TestClient

from controller.releases import signing
from controller.store.engine import writing
from tests.dashboards.console.conftest import Shelf
from tests.support.people import add_person, give_token
from tests.support.release_keys import id_of
from tests.support.showcase import NOW
from tests.support.showcase_releases import WHO


def open_signing(shelf: Shelf, role: str = "content") -> signing.Signing:
    with shelf.fleet.engine.connect() as conn:
        found = signing.open_(conn, role)
    assert found is not None
    return found


def state_of(shelf: Shelf, reader: TestClient, what: str) -> str:
    answer = reader.get(f"/api/v1/releases/{shelf.releases[what]}").json()
    return str(answer["row"]["state"])


def test_the_last_signature_publishes_and_the_same_one_again_changes_nothing(
    shelf: Shelf, reader: TestClient
) -> None:
    it = open_signing(shelf)
    first, second = shelf.press.held.at_hand.content
    for key, missing in ((first, 1), (second, 0)):
        word = {"key": id_of(key), "signature": key.sign(it.text.encode()).hex()}
        answer = reader.post(f"/signings/{it.id}/sign", json=word)
        assert answer.json() == {"missing": missing}
    assert state_of(shelf, reader, "waiting") == "signed"
    shelf.press.tick()
    assert state_of(shelf, reader, "waiting") == "published"


def test_a_signature_of_something_else_is_refused_in_words(
    shelf: Shelf, reader: TestClient
) -> None:
    it = open_signing(shelf)
    key = shelf.press.held.at_hand.content[1]
    word = {"key": id_of(key), "signature": key.sign(b"something else").hex()}
    answer = reader.post(f"/signings/{it.id}/sign", json=word)
    assert answer.status_code == 409
    assert "Tanda tangannya tidak sah" in answer.text


def test_a_programs_token_signs_nothing(shelf: Shelf, reader: TestClient) -> None:

    number = add_person(shelf.fleet.engine, "program", ("admin", ""))
    reader.cookies.clear()
    reader.headers["authorization"] = f"Bearer {give_token(shelf.fleet.engine, number, NOW)}"
    word = {"key": "0" * 64, "signature": "0" * 128}
    answer = reader.post(f"/signings/{open_signing(shelf).id}/sign", json=word)
    assert answer.status_code == 403


def test_a_draft_is_dropped_and_what_is_published_is_not(shelf: Shelf, reader: TestClient) -> None:
    draft, published = shelf.releases["draft"], shelf.releases["better"]
    answer = reader.post(f"/releases/{draft}/drop")
    assert answer.headers["location"] == f"/releases/{draft}?told=drop"
    assert "Rilis dibuang." in reader.get(answer.headers["location"]).text
    refused = reader.post(f"/releases/{published}/drop")
    assert refused.status_code == 409
    assert 'id="refusal"' in refused.text
    assert state_of(shelf, reader, "better") == "published"


def test_a_withdrawal_waits_for_signatures_and_takes_the_release_off_offer(
    shelf: Shelf, reader: TestClient
) -> None:
    shelf.press.sign("video")  # what waited
    shelf.press.tick()
    number = shelf.releases["first"]
    answer = reader.post(f"/releases/{number}/withdraw")
    text = reader.get(answer.headers["location"]).text
    assert "Menarik layanan 1" in text
    assert 'id="release-withdraw"' not in text
    shelf.press.sign("video")
    shelf.press.tick()
    assert state_of(shelf, reader, "first") == "withdrawn"


def test_a_role_is_renewed_once_and_an_unknown_one_never(shelf: Shelf, reader: TestClient) -> None:
    assert reader.post("/releases/renew/software").headers["location"] == "/releases"
    assert open_signing(shelf, "software").what == "renew"
    again = reader.post("/releases/renew/software")
    assert again.status_code == 409
    assert reader.post("/releases/renew/nonsense").status_code == 404
    with writing(shelf.fleet.engine) as conn:
        signing.drop(conn, open_signing(shelf, "software").id, WHO, NOW)


def test_without_a_place_for_releases_nothing_is_done(client: TestClient) -> None:
    assert client.get("/releases/1").status_code == 404
    assert client.post("/releases/1/drop").status_code == 404
    word = {"key": "0" * 64, "signature": "0" * 128}
    assert client.post("/signings/1/sign", json=word).status_code == 409
