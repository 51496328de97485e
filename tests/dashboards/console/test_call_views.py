"""Citizens who call: the banner on every page, and the button of whoever goes."""

from sqlalchemy import select

from controller.assist import books
from controller.store.citizen_tables import assist, nudge
from controller.store.engine import writing
from tests.dashboards.console.conftest import Fleet
from tests.support.showcase import NOW
from tests.support.visit_desk import As, planned, visits_as
from wire.citizen import Call

__all__ = ["planned", "visits_as"]


def ring(planned: Fleet) -> int:
    with writing(planned.engine) as conn:
        call = Call(id="a" * 32, page="perizinan")
        books.ring(conn, planned.names["Coblong"], call, NOW - 60_000)
        return int(conn.scalar(select(assist.c.id)) or 0)


def test_officers_and_technicians_of_the_place_see_a_call_on_every_page(
    visits_as: As, planned: Fleet
) -> None:
    number = ring(planned)
    for login, grant in {
        "loket": ("officer", "32.73"),
        "teknisi": ("technician", "32.73.02"),
    }.items():
        for path in ("/", "/parts/office", "/kiosks"):
            page = visits_as(login, grant).get(path).text
            assert f'id="call-{number}"' in page
            assert "di Perizinan" in page
    assert "call-" not in visits_as("kab", ("officer", "32.04")).get("/parts/office").text


def test_who_goes_takes_it_from_the_pages_and_the_second_is_told(
    visits_as: As, planned: Fleet
) -> None:
    at = f"/calls/{ring(planned)}/take"
    assert visits_as("kab", ("officer", "32.04")).post(at).status_code == 403
    client = visits_as()
    assert client.post(at, headers={"hx-request": "true"}).status_code == 204
    assert "is-call" not in client.get("/parts/office").text
    late = client.post(at)
    assert (late.status_code, "sudah diambil" in late.text) == (409, True)
    with planned.engine.connect() as conn:
        assert conn.scalar(select(nudge.c.kiosk_id)) is not None
