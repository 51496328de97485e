"""The page of a release."""

import pytest
from starlette.testclient import TestClient

from tests.dashboards.console.conftest import Shelf


def test_every_release_has_its_page_and_no_word_of_it_is_markup(
    shelf: Shelf, reader: TestClient
) -> None:
    for what, number in shelf.releases.items():
        answer = reader.get(f"/releases/{number}")
        assert answer.status_code == 200, what
        assert "<img src=x" not in answer.text, what


def test_what_changed_and_what_it_costs_a_kiosk_is_told(shelf: Shelf, reader: TestClient) -> None:
    text = reader.get(f"/releases/{shelf.releases['better']}").text
    for word in ("paket/kk.html", "paket/ktp.html", "2 dihapus", "yang sekarang memakai layanan 3"):
        assert word in text, word


def test_who_signed_and_who_must_is_told(shelf: Shelf, reader: TestClient) -> None:
    text = reader.get(f"/releases/{shelf.releases['waiting']}").text
    assert "1 dari 2 tanda tangan" in text
    assert "Kurang 1 tanda tangan" in text


@pytest.mark.parametrize(
    ("what", "there", "away"),
    [
        ("draft", "release-drop", "roll-out"),
        ("waiting", "release-drop", "release-withdraw"),
        ("better", "release-withdraw", "release-drop"),
        ("better", "roll-out", "release-check"),
    ],
)
def test_only_what_can_be_done_now_is_offered(
    what: str, there: str, away: str, shelf: Shelf, reader: TestClient
) -> None:
    text = reader.get(f"/releases/{shelf.releases[what]}").text
    assert f'id="{there}"' in text
    assert f'id="{away}"' not in text


def test_a_release_nobody_knows_is_no_page(reader: TestClient) -> None:
    assert reader.get("/releases/999").status_code == 404
