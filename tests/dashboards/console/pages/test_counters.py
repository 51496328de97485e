"""The page of the queues."""

from tests.dashboards.console.conftest import Fleet
from tests.support.visit_desk import As, planned, visits_as

__all__ = ["planned", "visits_as"]


def test_each_queue_says_how_many_wait_and_who_is_next(visits_as: As, planned: Fleet) -> None:
    text = visits_as().get(f"/counters?kiosk={planned.names['Coblong']}").text
    assert "14 nomor diambil · 5 menunggu" in text
    assert "Panggil K-010" in text
    assert "0 menunggu" in text
    assert planned.names["Andir"] not in text


def test_where_nobody_took_a_number_it_says_so(visits_as: As) -> None:
    text = visits_as("kab", ("officer", "32.04")).get("/counters?kiosk=none").text
    assert "Belum ada nomor yang diambil hari ini" in text
