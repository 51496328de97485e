"""The pages of the mobile counter: who sees, announces and calls off what, by form and by file."""

import io
from typing import Any

from openpyxl import load_workbook
from sqlalchemy import func, select

from controller.store.citizen_tables import visit
from dashboards.console.settings import Settings
from dashboards.console.visit_views import XLSX
from tests.dashboards.console.conftest import Fleet
from tests.support import axe
from tests.support.console import admitted, serving, wear_in_browser
from tests.support.showcase import NOW
from tests.support.visit_desk import As, planned, visits_as

__all__ = ["planned", "visits_as"]
FORM = {"day": "2026-12-03", "starts": "08:00", "ends": "11:00", "place": "32.73.02",
        "where": "Balai RW <b>07</b>", "services": "KTP-el\nKK"}  # fmt: skip
ICS = """BEGIN:VCALENDAR
VERSION:2.0
PRODID:-//x//x//ID
BEGIN:VEVENT
UID:a
DTSTAMP:20261101T000000Z
DTSTART:20261203T010000Z
DTEND:20261203T040000Z
SUMMARY:KTP-el
LOCATION:{where}
END:VEVENT
END:VCALENDAR
""".replace("\n", "\r\n")


def many(fleet: Fleet) -> int:
    with fleet.engine.connect() as conn:
        return conn.scalar(select(func.count()).select_from(visit)) or 0


def number(fleet: Fleet, district: str) -> int:
    with fleet.engine.connect() as conn:
        query = select(visit.c.id).where(visit.c.district == district).order_by(visit.c.id)
        return conn.scalar(query.limit(1)) or 0


def bring(client: Any, name: str, body: bytes, tenant: str = "32.73") -> Any:
    return client.post("/visits/import", data={"tenant": tenant}, files={"file": (name, body)})


def test_one_visit_is_announced_by_the_form_and_shown_as_text(
    visits_as: As, planned: Fleet
) -> None:
    client = visits_as()
    before = many(planned)
    assert client.post("/visits", data=FORM).headers["location"] == "/visits?told=taken&n=1"
    assert client.post("/visits", data=FORM).headers["location"] == "/visits?told=same"
    assert many(planned) == before + 1
    text = client.get("/visits?month=2026-12").text
    assert "Balai RW &lt;b&gt;07&lt;/b&gt;" in text
    assert "Kamis, 3 Des 2026" in text


def test_nothing_typed_is_lost_by_what_is_wrong_with_it(visits_as: As, planned: Fleet) -> None:
    before = many(planned)
    told = visits_as().post("/visits", data=FORM | {"ends": "07:00"})
    assert told.status_code == 422
    assert "Jam selesai harus sesudah jam mulai" in told.text
    assert "Balai RW &lt;b&gt;07" in told.text
    assert visits_as().post("/visits", data=FORM | {"place": "99.99.99"}).status_code == 409
    assert many(planned) == before


def test_the_example_is_filled_in_and_every_wrong_row_is_told(
    visits_as: As, planned: Fleet
) -> None:
    client, before = visits_as(), many(planned)
    sent = client.get("/visits/example.xlsx")
    assert sent.headers["content-type"] == XLSX
    book = load_workbook(io.BytesIO(sent.content))
    page: Any = book.active
    for day in ("2026-12-04", "besok", "2026-13-01"):
        page.append([day, "08:00", "12:00", "Andir", "", "Lapangan", "KK", "", ""])
    out = io.BytesIO()
    book.save(out)
    told = bring(client, "jadwal.xlsx", out.getvalue())
    assert told.status_code == 422
    assert "baris 4" in told.text
    assert "baris 5" in told.text
    assert many(planned) == before
    page.delete_rows(4, 2)
    out = io.BytesIO()
    book.save(out)
    taken = bring(client, "jadwal.xlsx", out.getvalue())
    assert taken.headers["location"] == "/visits?told=taken&n=2"
    assert "2 jadwal tersimpan" in client.get(taken.headers["location"]).text


def test_a_calendar_is_taken_and_one_without_a_place_is_not(visits_as: As) -> None:
    client = visits_as()
    good = ICS.format(where="Aula\\, Kec. Coblong").encode()
    assert bring(client, "a.ics", good).headers["location"].endswith("n=1")
    assert "kecamatan" in bring(client, "a.ics", ICS.format(where="Aula").encode()).text
    assert bring(client, "a.exe", b"MZ").status_code == 422
    assert bring(client, "a.ics", good, tenant="99").status_code == 409


def test_nobody_plans_for_the_other_government_nor_for_another_district(
    visits_as: As, planned: Fleet
) -> None:
    before = many(planned)
    county = visits_as("kab", ("officer", "32.04"))
    camat = visits_as("camat", ("officer", "32.73.05"))
    for client in (county, camat):
        assert client.post("/visits", data=FORM).status_code == 403
        where = f"/visits/{number(planned, '32.73.02')}/call-off"
        assert client.post(where).status_code == 403
        file = ICS.format(where="Aula\\, Kec. Coblong").encode()
        refused = bring(client, "a.ics", file)
        assert refused.status_code == 403
        assert "Jadwal ke-1, Aula" in refused.text
        assert "32.73.02" in refused.text
        assert "Tidak ada yang diubah" in refused.text
    assert many(planned) == before
    assert "Coblong" not in county.get("/visits").text
    assert 'value="32.73.02"' not in camat.get("/visits/new").text
    assert camat.post("/visits", data=FORM | {"place": "32.73.05"}).status_code == 303


def test_what_is_called_off_stays_to_be_seen(visits_as: As, planned: Fleet) -> None:
    client = visits_as()
    where = f"/visits/{number(planned, '32.73.02')}/call-off"
    assert client.post(where).headers["location"] == "/visits?told=off"
    text = client.get("/visits?told=off").text
    assert "menampilkannya sebagai dibatalkan" in text
    assert "Aula Kelurahan Contoh" in text
    assert client.post("/visits/999999/call-off").status_code == 404


def test_a_technician_sees_and_does_not_plan(visits_as: As) -> None:
    client = visits_as("teknisi", ("technician", "32.73"))
    text = client.get("/visits").text
    assert "Aula Kelurahan Contoh" in text
    assert "/visits/new" not in text
    assert "call-off" not in text
    assert client.get("/visits/new").status_code == 403


def test_the_pages_have_no_serious_barrier_and_none_is_too_wide(
    planned: Fleet, browser_page: Any
) -> None:
    session = admitted(planned.engine, NOW, "loket", ("officer", "32.73"))
    wear_in_browser(browser_page.context, session)
    wrong: list[str] = []
    with serving(planned.engine, lambda: NOW, Settings()) as home:
        for path in ("/visits", "/visits/new", "/counters", "/notices"):
            browser_page.goto(home + path)
            for width, height in ((390, 844), (1440, 900)):
                browser_page.set_viewport_size({"width": width, "height": height})
                wrong += axe.serious(browser_page, "light", f"{path} {width}")
                wide = browser_page.evaluate("document.documentElement.scrollWidth - innerWidth")
                wrong += [f"{path} is wider than {width}"] if wide > 0 else []
    assert wrong == []
