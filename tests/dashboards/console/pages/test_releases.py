"""The list of releases: what waits for signatures stands first, and on the start page."""

from starlette.testclient import TestClient

from controller.releases import renewals
from controller.store.engine import writing
from dashboards.console.pages.releases import TONES
from tests.dashboards.console.conftest import Shelf
from tests.support.showcase import NOW
from tests.support.showcase_releases import WHO
from wire.lifecycle import RELEASE, states


def test_every_state_of_a_release_has_a_tone() -> None:
    assert set(TONES) == states(RELEASE)


def test_what_waits_for_signatures_stands_first_and_on_the_start_page(
    shelf: Shelf, reader: TestClient
) -> None:
    text = reader.get("/releases").text
    first, draft = (f'id="release-{shelf.releases[name]}"' for name in ("waiting", "draft"))
    assert text.index(first) < text.index(draft)
    assert text.count(first) == 1
    assert "<img src=x" not in text
    assert "1 rilis menunggu tanda tangan" in reader.get("/").text


def test_a_list_is_of_one_bundle_and_one_state_when_that_is_asked(
    shelf: Shelf, reader: TestClient
) -> None:
    only = reader.get("/releases", params={"bundle": "video", "state": "draft"}).text
    assert f'id="release-{shelf.releases["draft"]}"' in only
    assert f'id="release-{shelf.releases["first"]}"' not in only


def test_how_many_kiosks_use_a_release_is_told(reader: TestClient) -> None:
    assert "dipakai 6 anjungan" in reader.get("/releases").text


def test_a_renewal_waits_for_signatures_on_the_list(shelf: Shelf, reader: TestClient) -> None:
    with writing(shelf.fleet.engine) as conn:
        number = renewals.renew(conn, shelf.press.releases, "software", WHO, NOW)
    text = reader.get("/releases").text
    assert f'id="seal-{number}"' in text
    assert "Memperbarui peran software" in text


def test_an_office_without_a_place_for_releases_says_who_must_act(client: TestClient) -> None:
    answer = client.get("/releases")
    assert answer.status_code == 200
    assert "--releases" in answer.text
    assert 'href="/releases/new"' not in answer.text
