"""The table for SP4N-LAPOR goes to who may carry things out of the house, and the log says so."""

import csv
import io

from sqlalchemy import select
from starlette.testclient import TestClient

from controller.store.citizen_tables import opening
from dashboards.console.app import create_console
from dashboards.console.settings import Settings
from tests.support import showcase
from tests.support.console import wear
from tests.support.people import log_in
from tests.support.showcase_inbox import Told


def test_a_supervisor_takes_open_complaints_of_the_city_each_look_written_down(
    inbox: Told, officer: TestClient
) -> None:
    assert officer.post("/inbox/lapor").status_code == 403
    assert "lapor-csv" not in officer.get("/inbox/numbers").text
    wear(officer, log_in(inbox.engine, inbox.its.supervisor, showcase.NOW))
    assert "lapor-csv" in officer.get("/inbox/numbers").text
    answer = officer.post("/inbox/lapor", data={"kind": "csv"})
    assert answer.headers["content-disposition"] == 'attachment; filename="sp4n-lapor.csv"'
    assert "no-store" in answer.headers["cache-control"]
    rows = list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))
    assert len(rows) > 2
    assert all(one["Isi Laporan"] for one in rows)
    assert {one["Nama"] for one in rows if one["Rahasia"] == "Ya" or one["Anonim"] == "Ya"} == {""}
    with inbox.engine.connect() as conn:
        looks = list(conn.scalars(select(opening.c.what).where(opening.c.by == "pengawas")))
    assert looks == ["export"] * len(rows)
    assert officer.post("/inbox/lapor").content[:2] == b"PK"


def test_without_a_registrar_there_is_no_table(inbox: Told) -> None:
    app = create_console(inbox.engine, lambda: showcase.NOW, Settings())
    with TestClient(app, base_url="http://127.0.0.1", follow_redirects=False) as asking:
        wear(asking, log_in(inbox.engine, inbox.its.supervisor, showcase.NOW))
        answer = asking.post("/inbox/lapor")
    assert answer.status_code == 409
    assert 'role="alert"' in answer.text
