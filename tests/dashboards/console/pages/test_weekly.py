"""The page of the week's numbers."""

from starlette.testclient import TestClient

from controller.inbox.shapes import Week
from dashboards.console.pages.weekly import Totals, totals


def test_totals_are_those_of_all_services() -> None:
    one = Week(0, "32.73", "A-B", "apply", 3, 2, 1, 1, 2, 4)
    assert totals([one, one]) == Totals(6, 4, 2, 2, 8)
    assert totals([]) == Totals(0, 0, 0, 0, 0)


def test_a_week_is_walked_back_and_not_endlessly(officer: TestClient) -> None:
    text = officer.get("/inbox/numbers", params={"ago": 1}).text
    assert "9 Nov 2026 – 15 Nov 2026" in text
    assert "Surat Keterangan Tidak Mampu" in text
    assert "Kabupaten Bandung" not in text  # an officer of the city
    assert officer.get("/inbox/numbers", params={"ago": 9}).status_code == 422
    assert officer.get("/inbox/numbers", params={"ago": "x"}).status_code == 422
    assert 'rel="next"' not in officer.get("/inbox/numbers").text
