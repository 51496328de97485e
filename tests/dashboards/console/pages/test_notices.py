"""The page of notices as whoever may write sees it."""

from tests.support.visit_desk import As, planned, visits_as

__all__ = ["planned", "visits_as"]


def test_it_offers_the_places_where_one_may_write_and_says_that_there_are_none(
    visits_as: As,
) -> None:
    page = visits_as("camat", ("officer", "32.73.02")).get("/notices").text
    assert page.count("<option") == 1
    assert 'value="32.73.02"' in page
    assert "Tidak ada pengumuman" in page
    assert 'value="32.73"' in visits_as().get("/notices").text
