"""Where visits are announced."""

from tests.support.visit_desk import As, planned, visits_as

__all__ = ["planned", "visits_as"]


def test_places_are_those_where_one_may_announce(visits_as: As) -> None:
    city = visits_as().get("/visits/new").text
    assert 'value="32.73.30"' in city
    assert 'value="32.04.05"' not in city
    both = visits_as("kepala", ("supervisor", "")).get("/visits/new").text
    assert 'value="32.04.05"' in both
    assert "Kabupaten Bandung" in both
