"""The welcome page as text."""

from pathlib import Path
from typing import Any

from portal.content import Release
from portal.page import welcome
from portal.services import SERVICES
from portal.words import Card, Words


def test_every_service_stands_on_the_page_by_its_name_and_promise() -> None:
    page = welcome("kiosk")
    for service in SERVICES:
        assert service.name in page
        assert service.promise in page


def release(**said: Any) -> Release:
    card = Card(picture="watch", name="Video <b>", promise="Cara & langkah", soon="Nanti")
    words = Words(v=1, **{"opening": "Buka <besok>", "services": (card,), **said})
    return Release(12, words, Path(), {})


def test_a_release_has_its_own_words_and_they_are_escaped() -> None:
    page = welcome("kiosk", release())
    assert "Buka &lt;besok&gt;" in page
    assert "Video &lt;b&gt;" in page
    assert "Cara &amp; langkah" in page
    assert 'data-release="12"' in page
    assert SERVICES[0].name not in page


def test_look_and_banner_are_addresses_of_this_release() -> None:
    page = welcome("kiosk", release(look="gaya/a b.css", banner='x".png'))
    assert 'href="/content/gaya/a%20b.css?r=12"' in page
    assert 'src="/content/x%22.png?r=12"' in page


def test_what_was_built_in_is_release_0() -> None:
    assert 'data-release="0"' in welcome("kiosk")


def test_nothing_inline_stands_in_the_page() -> None:
    page = welcome("kiosk")
    assert "style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=") == 2
