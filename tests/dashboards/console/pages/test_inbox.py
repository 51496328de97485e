"""The page of the inbox: filters, queues, and what the start page says of it."""

from starlette.testclient import TestClient


def test_filters_offer_the_city_alone_to_an_officer_of_the_city(officer: TestClient) -> None:
    text = officer.get("/inbox").text
    assert '<option value="32.73.02">Coblong</option>' in text
    assert "Soreang" not in text
    assert 'name="tenant"' not in text


def test_a_queue_that_is_asked_for_is_marked_and_listed_alone(officer: TestClient) -> None:
    text = officer.get("/inbox", params={"queue": "ready"}).text
    assert text.count('class="case is-') == 2
    assert 'id="queue-ready" class="queue" aria-current="page"' in text
    empty = officer.get("/inbox", params={"queue": "late", "place": "32.73.30"}).text
    assert "Tidak ada yang terlambat" in empty


def test_the_region_alone_is_given_to_whoever_asks_for_it(officer: TestClient) -> None:
    part = officer.get("/inbox", headers={"hx-target": "list"}).text
    assert part.startswith("\n<section") or part.lstrip().startswith("<section")
    assert "<html" not in part


def test_the_start_page_says_how_many_are_late_to_officers_alone(
    officer: TestClient, client: TestClient
) -> None:
    assert "3 berkas warga terlambat" in officer.get("/").text
    assert "berkas warga" not in client.get("/").text
