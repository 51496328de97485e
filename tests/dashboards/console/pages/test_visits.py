"""The calendar's page: months, days and kecamatan."""

import pytest

from tests.support.visit_desk import As, planned, visits_as

__all__ = ["planned", "visits_as"]


def test_a_month_is_shown_day_by_day_and_a_day_alone(visits_as: As) -> None:
    client = visits_as()
    month = client.get("/visits").text
    assert month.index("Senin, 23 Nov 2026") < month.index("Selasa, 24 Nov 2026")
    assert "Taman Contoh" not in month  # in December
    assert "Taman Contoh" in client.get("/visits?month=2026-12").text
    day = client.get("/visits?day=2026-11-24").text
    assert "Balai RW 05" in day
    assert "Aula Kelurahan Contoh" not in day


def test_one_kecamatan_is_shown_alone_and_those_without_a_visit_are_named(visits_as: As) -> None:
    client = visits_as()
    text = client.get("/visits?district=32.73.05").text
    assert "Lapangan Contoh" in text
    assert "Aula Kelurahan Contoh" not in text
    assert text.count("belum ada jadwal") == 30 - 4  # one of five was called off


@pytest.mark.parametrize("path", ["month=2026-13", "month=x", "day=0001-01-01", "day=9999-99-99"])
def test_a_day_that_is_none_offers_to_begin_anew(visits_as: As, path: str) -> None:
    assert visits_as().get(f"/visits?{path}").status_code == 422


@pytest.mark.parametrize("path", ["month=2199-12", "month=2001-01", "tenant=x", "district=%3Cb"])
def test_what_lies_outside_is_an_empty_page(visits_as: As, path: str) -> None:
    assert visits_as().get(f"/visits?{path}").status_code == 200
