"""An officer, while things go away under an open page: packs, places, power, the database."""

from contextlib import closing
from sqlite3 import connect

from sqlalchemy import delete, event, func, insert, select, update
from starlette.testclient import TestClient

from controller.store.citizen_tables import opening, pack, record, submission, tenant
from controller.store.engine import sqlite_path, writing
from controller.store.people_tables import grant
from tests.dashboards.console.test_inbox_views import LATE, SKTM, at, row
from tests.support import showcase
from tests.support.console import wear
from tests.support.people import add_person, log_in
from tests.support.showcase_inbox import PLANTED, Told


def looks(inbox: Told) -> int:
    with inbox.engine.connect() as conn:
        return conn.scalar(select(func.count()).select_from(opening)) or 0


def test_a_record_whose_service_is_gone_is_worked_on_and_its_numbers_stay_veiled(
    inbox: Told, officer: TestClient
) -> None:
    with writing(inbox.engine) as conn:
        conn.execute(delete(pack))
    where = at(inbox, SKTM)
    assert officer.get("/inbox").status_code == officer.get(where).status_code == 200
    opened = officer.post(f"{where}/open", data={"why": "check"})
    assert opened.status_code == 200
    assert "3174••••••••0001" in opened.text
    assert officer.post(f"{where}/print").status_code == 200
    assert officer.post(f"{where}/move", data={"version": 1, "event": "verify"}).status_code == 303
    assert officer.get("/inbox/numbers").status_code == 200


def test_a_record_of_a_district_that_was_merged_away_stays_in_its_inbox(
    inbox: Told, officer: TestClient
) -> None:
    before = row(inbox, SKTM)
    with writing(inbox.engine) as conn:
        conn.execute(update(tenant).values(places={"districts": []}))
    assert before.number in officer.get("/inbox").text
    assert before.place[:8] in officer.get(at(inbox, SKTM)).text
    moved = officer.post(f"{at(inbox, SKTM)}/move", data={"version": 1, "event": "verify"})
    assert moved.status_code == 303
    opened = officer.post(f"{at(inbox, LATE)}/open", data={"why": "check"})
    assert opened.status_code == 200


def test_row_69_whoever_was_moved_elsewhere_does_nothing_with_a_page_that_is_still_open(
    inbox: Told, officer: TestClient
) -> None:
    where = at(inbox, SKTM)
    assert officer.get(where).status_code == 200
    with writing(inbox.engine) as conn:
        conn.execute(
            update(grant).where(grant.c.account_id == inbox.its.officer).values(district="32.04")
        )
    said = {"version": 1, "event": "verify", "why": "check", "text": "x"}
    for deed in ("open", "print", "move", "take", "note"):
        told = officer.post(f"{where}/{deed}", data=said)
        assert (told.status_code, PLANTED in told.text) == (403, False)
    picked = {"event": "verify", "pick": f"{inbox.its.ids[SKTM]}:1"}
    assert officer.post("/inbox", data=picked).status_code == 403
    assert officer.get(where).status_code == 403
    assert (row(inbox, SKTM).version, looks(inbox)) == (1, 0)


def test_a_record_that_was_merged_into_one_of_elsewhere_is_still_seen_where_it_lies(
    inbox: Told, officer: TestClient
) -> None:
    one, into = inbox.its.ids[2], inbox.its.ids[LATE]
    with writing(inbox.engine) as conn:
        conn.execute(update(submission).where(submission.c.id == into).values(place="32.73.30"))
    assert officer.post(f"/inbox/{one}/merge", data={"version": 1, "into": into}).status_code == 303
    here = row(inbox, 2).place[:8]
    number = add_person(inbox.engine, "kecamatan", ("officer", here))
    wear(officer, log_in(inbox.engine, number, showcase.NOW))
    page = officer.get(f"/inbox/{one}")
    assert page.status_code == 200
    assert f'href="/inbox/{into}"' not in page.text
    assert row(inbox, LATE).number in page.text


def test_two_hundred_are_moved_at_once_and_more_are_not_taken_for_less(
    inbox: Told, officer: TestClient
) -> None:
    with inbox.engine.connect() as conn:
        like = dict(
            conn.execute(select(submission).where(submission.c.id == inbox.its.ids[SKTM]))
            .one()
            ._mapping
        )
    ids = range(1_000, 1_201)
    with writing(inbox.engine) as conn:
        arrived = dict(
            conn.execute(select(record).where(record.c.id == like["record_id"])).one()._mapping
        )
        conn.execute(
            insert(record),
            [{**arrived, "id": n, "sha256": f"{n:064x}", "uid": f"{n:032x}"} for n in ids],
        )
        own = (
            {"id": n, "record_id": n, "uid": f"{n:032x}", "number": f"261122-0001-{n}"} for n in ids
        )
        rows = [like | one for one in own]
        conn.execute(insert(submission), rows)
    picks = [f"{n}:1" for n in ids]
    assert officer.post("/inbox", data={"event": "verify", "pick": picks}).status_code == 409
    told = officer.post("/inbox", data={"event": "verify", "pick": picks[:200]})
    assert "200 dari 200 berkas" in told.text


def test_a_database_that_is_locked_is_said_on_a_page_and_nothing_is_half_done(
    inbox: Told, officer: TestClient
) -> None:
    event.listen(inbox.engine, "connect", lambda made, _: made.execute("PRAGMA busy_timeout=20"))
    inbox.engine.dispose()
    path = sqlite_path(inbox.engine.url)
    assert path
    where = at(inbox, SKTM)
    with closing(connect(path)) as other:
        other.execute("BEGIN IMMEDIATE")
        for deed in ("move", "open", "take"):
            said = {"version": 1, "event": "verify", "why": "check"}
            told = officer.post(f"{where}/{deed}", data=said)
            assert told.status_code == 503
            assert told.headers["content-type"].startswith("text/html")
            assert "<main" in told.text
    assert (row(inbox, SKTM).version, looks(inbox)) == (1, 0)
    assert officer.post(f"{where}/move", data={"version": 1, "event": "verify"}).status_code == 303
