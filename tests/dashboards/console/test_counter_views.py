"""The page of the queues: who calls, where, and what two who press at once are told."""

from tests.dashboards.console.conftest import Fleet
from tests.support.visit_desk import As, planned, visits_as

__all__ = ["planned", "visits_as"]


def test_the_next_is_called_and_the_second_of_two_is_told(visits_as: As, planned: Fleet) -> None:
    client = visits_as()
    at = f"/counters/{planned.names['Coblong']}/call"
    assert "K-009" in client.get("/counters").text
    pressed = {"letter": "K", "seen": 9, "number": 10}
    assert client.post(at, data=pressed).headers["location"] == "/counters"
    late = client.post(at, data=pressed)
    assert late.status_code == 409
    assert "Petugas lain baru saja memanggil" in late.text
    assert "K-010" in late.text


def test_any_number_may_be_called_and_what_is_none_is_refused(
    visits_as: As, planned: Fleet
) -> None:
    client = visits_as()
    at = f"/counters/{planned.names['Coblong']}/call"
    assert client.post(at, data={"letter": "K", "seen": 9, "number": 30}).status_code == 303
    none = client.post(at, data={"letter": "K", "seen": 30, "number": 0})
    assert (none.status_code, "1 sampai 999" in none.text) == (409, True)
    for wrong in ({"number": 1000}, {"number": "x"}, {"letter": "KK", "number": 1}):
        assert client.post(at, data={"letter": "K", "seen": 30} | wrong).status_code == 422
    assert client.post("/counters/nobody/call", data=pressed()).status_code == 404
    away = client.post(at, data=pressed(30, 31) | {"next": "https://evil.example/"})
    assert away.headers["location"] == "/"


def pressed(seen: int = 0, number: int = 1) -> dict[str, str]:
    return {"letter": "K", "seen": str(seen), "number": str(number)}


def test_only_officers_of_the_place_call(visits_as: As, planned: Fleet) -> None:
    at = f"/counters/{planned.names['Coblong']}/call"
    others = {"kab": ("officer", "32.04"), "camat": ("officer", "32.73.05"),
              "teknisi": ("technician", "32.73"), "kepala": ("admin", "")}  # fmt: skip
    for login, grant in others.items():
        client = visits_as(login, grant)
        assert client.post(at, data=pressed(9, 10)).status_code == 403, login
    assert visits_as("camat", ("officer", "32.73.05")).get("/counters").status_code == 200
    assert "Coblong" not in visits_as("kab", ("officer", "32.04")).get("/counters").text
