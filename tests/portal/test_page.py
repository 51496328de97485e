"""The welcome page as text."""

from portal.page import welcome
from portal.services import SERVICES


def test_every_service_stands_on_the_page_by_its_name_and_promise() -> None:
    page = welcome("kiosk")
    for service in SERVICES:
        assert service.name in page
        assert service.promise in page


def test_the_opening_text_can_be_set_and_is_escaped() -> None:
    assert "Buka &lt;besok&gt;" in welcome("kiosk", "Buka <besok>")


def test_nothing_inline_stands_in_the_page() -> None:
    page = welcome("kiosk")
    assert "style=" not in page
    assert "<style" not in page
    assert page.count("<script") == page.count("<script src=") == 2
