"""The officers' inbox as its pages: what is seen, opened, moved on, and by whom."""

from typing import Any

import pytest
from sqlalchemy import select
from starlette.testclient import TestClient

from controller.inbox import read
from controller.inbox.shapes import Row
from controller.people.powers import EVERYWHERE
from controller.store.citizen_tables import opening
from controller.store.people_tables import audit
from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from tests.support import axe, showcase
from tests.support.console import admitted, serving, wear, wear_in_browser
from tests.support.people import log_in
from tests.support.showcase_inbox import PLANTED, Told

LATE, SKTM, RETURNED, COUNTY, TWIN = 0, 1, 5, 12, 14
PATIENCE_MS = 15_000
SIZES = ({"width": 390, "height": 844}, {"width": 1440, "height": 900})


def row(inbox: Told, story: int) -> Row:
    with inbox.engine.connect() as conn:
        return read.find(conn, EVERYWHERE, inbox.its.ids[story])


def at(inbox: Told, story: int) -> str:
    return f"/inbox/{inbox.its.ids[story]}"


def words_of(inbox: Told, what: str) -> list[Any]:
    query = select(audit.c.detail).where(audit.c.what == what).order_by(audit.c.n)
    with inbox.engine.connect() as conn:
        return list(conn.scalars(query))


def test_an_officer_sees_the_queue_of_the_city_and_not_of_the_county(
    inbox: Told, officer: TestClient
) -> None:
    text = officer.get("/inbox").text
    assert row(inbox, LATE).number in text
    assert row(inbox, COUNTY).number not in text
    assert "Terlambat 2 hari kerja" in text
    assert officer.get(at(inbox, COUNTY)).status_code == 403
    assert officer.get("/inbox/999999").status_code == 404
    assert officer.get("/inbox", params={"queue": "x"}).status_code == 422


def test_row_59_what_a_citizen_wrote_is_only_shown_to_whoever_says_why(
    inbox: Told, officer: TestClient
) -> None:
    where = at(inbox, SKTM)
    pages = [officer.get(path).text for path in ("/inbox", where, "/inbox/numbers")]
    assert not any(PLANTED in text for text in pages)
    assert officer.post(f"{where}/open", data={"why": "because"}).status_code == 409
    assert officer.post(f"{where}/open", data={"why": "other"}).status_code == 409
    with inbox.engine.connect() as conn:
        assert conn.scalar(select(opening.c.id)) is None
    opened = officer.post(f"{where}/open", data={"why": "check", "more": "berkas pagi"})
    assert opened.headers["cache-control"] == "no-store"
    assert PLANTED in opened.text
    assert "3174••••••••0001" in opened.text
    assert [one["why"] for one in words_of(inbox, "inbox.look")] == ["check: berkas pagi"]
    with inbox.engine.connect() as conn:
        looks = list(conn.execute(select(opening.c.by, opening.c.what)))
    assert looks == [("petugas", "open")]
    assert "membuka" in officer.get(where).text


def test_printing_is_a_look_of_its_own(inbox: Told, officer: TestClient) -> None:
    sheet = officer.post(f"{at(inbox, SKTM)}/print")
    assert (PLANTED in sheet.text, sheet.headers["cache-control"]) == (True, "no-store")
    assert "Dicetak" in sheet.text
    assert "2026" in sheet.text.partition("Dicetak")[2]  # paper is read on another day
    with inbox.engine.connect() as conn:
        assert list(conn.scalars(select(opening.c.what))) == ["print"]


def test_an_administrator_who_is_no_officer_sees_nothing_of_citizens(
    inbox: Told, officer: TestClient
) -> None:
    wear(officer, admitted(inbox.engine, showcase.NOW))
    for path in ("/inbox", at(inbox, SKTM)):
        assert officer.get(path).status_code == 403
    assert officer.post(f"{at(inbox, SKTM)}/open", data={"why": "check"}).status_code == 403
    assert officer.get("/inbox/numbers").status_code == 200


def test_an_office_whose_registrar_is_away_says_so_and_moves_on(inbox: Told) -> None:
    app = create_console(inbox.engine, lambda: showcase.NOW, Settings())
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as asking:
        wear(asking, log_in(inbox.engine, inbox.its.officer, showcase.NOW))
        told = asking.post(f"{at(inbox, SKTM)}/open", data={"why": "check"})
        assert (told.status_code, "registrar" in told.text) == (409, True)
        note = asking.post(f"{at(inbox, SKTM)}/note", data={"text": "Sudah ditelepon dua kali"})
        assert (note.status_code, "dua kali</textarea>" in note.text) == (409, True)
        moved = asking.post(f"{at(inbox, SKTM)}/move", data={"version": 1, "event": "verify"})
        assert moved.status_code == 303


def test_a_record_is_returned_with_what_is_missing_and_the_citizen_reads_it(
    inbox: Told, officer: TestClient
) -> None:
    said = {"version": "1", "event": "return", "why": "Foto KK buram",
            "missing": ["KTP-el", "Surat pengantar RT/RW"]}  # fmt: skip
    moved = officer.post(f"{at(inbox, SKTM)}/move", data=said)
    assert moved.headers["location"] == f"{at(inbox, SKTM)}?told=moved"
    with inbox.engine.connect() as conn:
        newest = read.events(conn, inbox.its.ids[SKTM])[0]
    assert newest.why == "KTP-el; Surat pengantar RT/RW. Foto KK buram"
    assert "Dikembalikan" in officer.get(moved.headers["location"]).text


def test_the_second_of_two_officers_sees_what_the_first_did_and_loses_nothing(
    inbox: Told, officer: TestClient
) -> None:
    where = f"{at(inbox, SKTM)}/move"
    assert officer.post(where, data={"version": 1, "event": "verify"}).status_code == 303
    wear(officer, log_in(inbox.engine, inbox.its.supervisor, showcase.NOW))
    late = officer.post(where, data={"version": 1, "event": "process"})
    assert (late.status_code, "petugas lain" in late.text) == (409, True)
    assert row(inbox, SKTM).state == "verifying"


def test_what_an_officer_typed_stands_in_its_form_again_when_it_was_not_taken(
    inbox: Told, officer: TestClient
) -> None:
    paper = officer.get(at(inbox, SKTM)).text.partition('name="missing" value="')[2].split('"')[0]
    said = {"version": "9", "event": "return", "why": "Foto KK <buram>", "missing": paper}
    late = officer.post(f"{at(inbox, SKTM)}/move", data=said)
    assert late.status_code == 409
    assert "Foto KK &lt;buram&gt;</textarea>" in late.text
    assert f'value="{paper}" checked' in late.text
    assert 'act-more" open><summary id="more-return"' in late.text
    assert row(inbox, SKTM).version == 1


@pytest.mark.parametrize("version", ["", "x", "-1", "9" * 40, "١"])
def test_a_version_that_is_none_moves_nothing(
    inbox: Told, officer: TestClient, version: str
) -> None:
    told = officer.post(f"{at(inbox, SKTM)}/move", data={"version": version, "event": "verify"})
    assert told.status_code in (409, 422)
    assert row(inbox, SKTM).version == 1


def test_many_are_moved_by_the_rows_that_are_checked(inbox: Told, officer: TestClient) -> None:
    picked = [f"{inbox.its.ids[story]}:1" for story in (LATE, SKTM, RETURNED)]
    odd = ["x:y", ":", "1", "1:2:3", "9" * 5_000 + ":1"]
    told = officer.post("/inbox", data={"event": "verify", "pick": [*picked, *odd]})
    assert "2 dari 3 berkas" in told.text
    assert row(inbox, LATE).state == row(inbox, SKTM).state == "verifying"
    kept = officer.post("/inbox?queue=mine&kind=apply", data={"event": "verify", "pick": picked})
    ready = kept.text.partition('id="queue-ready"')[0].rpartition('href="')[2].split('"')[0]
    assert (ready.split("?")[0], "kind=apply" in ready) == ("/inbox", True)  # the page lives on
    assert officer.get(ready.replace("&amp;", "&")).status_code == 200
    nothing = officer.post("/inbox", data={"event": "verify"})
    assert nothing.status_code == 409


def test_a_complaint_is_merged_taken_and_noted(inbox: Told, officer: TestClient) -> None:
    into, one = inbox.its.ids[LATE], inbox.its.ids[2]
    merged = officer.post(f"/inbox/{one}/merge", data={"version": 1, "into": into})
    assert merged.headers["location"] == f"/inbox/{into}?told=merged"
    version = row(inbox, LATE).version
    assert officer.post(f"/inbox/{into}/take", data={"version": version}).status_code == 303
    assert row(inbox, LATE).assigned_to == "petugas"
    noted = officer.post(f"/inbox/{into}/note", data={"text": "Sudah ditelepon <b>"})
    assert noted.status_code == 303
    assert officer.post(f"/inbox/{into}/note", data={"text": " "}).status_code == 409
    opened = officer.post(f"/inbox/{into}/open", data={"why": "complaint"}).text
    assert "Sudah ditelepon &lt;b&gt;" in opened


def test_only_a_supervisor_is_offered_other_agencies(inbox: Told, officer: TestClient) -> None:
    assert 'id="do-reassign"' not in officer.get(at(inbox, LATE)).text
    said = {"version": row(inbox, LATE).version, "event": "reassign", "agency": "dishub",
            "why": "Ini urusan lalu lintas"}  # fmt: skip
    assert officer.post(f"{at(inbox, LATE)}/move", data=said).status_code == 403
    wear(officer, log_in(inbox.engine, inbox.its.supervisor, showcase.NOW))
    assert 'id="do-reassign"' in officer.get(at(inbox, LATE)).text
    assert officer.post(f"{at(inbox, LATE)}/move", data=said).status_code == 303
    assert row(inbox, LATE).agency == "dishub"


def test_an_officer_works_a_record_in_the_browser_and_axe_has_nothing_to_say(
    inbox: Told, browser_page: Any
) -> None:
    page = browser_page
    page.set_default_timeout(PATIENCE_MS)
    page.clock.set_fixed_time(showcase.NOW / 1000)
    wear_in_browser(page.context, log_in(inbox.engine, inbox.its.supervisor, showcase.NOW))
    settings = Settings(opener=inbox.its.opener)
    wrong: list[str] = []
    with serving(inbox.engine, lambda: showcase.NOW, settings) as home:
        for size in SIZES:
            page.set_viewport_size(size)
            for path in ("/inbox", at(inbox, LATE), "/inbox/numbers"):
                page.goto(home + path)
                wrong += axe.serious(page, "light", f"{path} {size['width']}")
                wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
                wrong += [f"{path} is wider than {size['width']}"] if wide > 0 else []
        page.goto(home + at(inbox, SKTM))
        page.click("#open")
        page.wait_for_selector(".paper.is-open")
        assert PLANTED not in page.inner_text("#paper")
        page.click(".veil summary >> nth=0")
        assert PLANTED in page.inner_text("#paper")
        wrong += axe.serious(page, "light", "opened")
        page.click("#do-verify")
        page.wait_for_selector("#told")
        page.wait_for_selector("#case-head .pill:has-text('Verifikasi')")
    assert wrong == []
    assert row(inbox, SKTM).state == "verifying"
