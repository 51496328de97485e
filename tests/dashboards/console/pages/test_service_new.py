"""Where a service begins offers only the governments somebody may write for."""

from tests.support.service_desk import As, as_, told_services

__all__ = ["as_", "told_services"]


def test_only_ones_own_governments_are_offered(as_: As) -> None:
    mine = as_("kab", ("officer", "32.04")).get("/services/new").text
    assert '<option value="32.04"' in mine
    assert '<option value="32.73"' not in mine
    nobodys = as_("camat", ("officer", "32.73.05")).get("/services/new").text
    assert "<option value=" not in nobodys


def test_only_ones_own_are_offered_to_be_published(as_: As) -> None:
    assert 'name="pack"' in as_("kab", ("supervisor", "32.04")).get("/services/publish").text
    assert 'name="pack"' not in as_("kota", ("supervisor", "32.73")).get("/services/publish").text
