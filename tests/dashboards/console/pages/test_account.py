"""Browsers by names people know, and a page of one's own."""

import pytest
from starlette.testclient import TestClient

from dashboards.console.pages.account import browser_of


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        ("Mozilla/5.0 (Linux; Android 14) AppleWebKit Chrome/120.0 Safari/537", "Chrome, Android"),
        ("Mozilla/5.0 (Windows NT 10.0) Gecko/20100101 Firefox/121.0", "Firefox, Windows"),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 14) Version/17 Safari/605", "Safari, macOS"),
        ("curl/8", "curl/8"),
        ("", "?"),
    ],
)
def test_a_browser_is_named_as_people_know_it(agent: str, said: str) -> None:
    assert browser_of(agent) == said


def test_row_67_a_hostile_browser_is_one_plain_line() -> None:
    assert "\u202e" not in browser_of("\u202eevil")


def test_my_page_shows_who_i_am_and_this_session(client: TestClient) -> None:
    text = client.get("/account").text
    assert "Administrator, Di mana saja" in text
    assert "Sesi ini" in text
