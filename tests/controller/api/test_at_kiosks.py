"""The routes about calls and notices, as a program sees them."""

import pytest
from sqlalchemy import Engine, select

from controller.assist import books
from controller.store.engine import writing
from controller.store.tables import kiosk
from tests.controller.api.test_visits import As, as_
from tests.support.inbox_desk import COBLONG, DAY, NOW
from wire.citizen import Call

__all__ = ["as_"]
NOTICE = {"id": "Loket tutup", "places": [COBLONG], "starts": NOW, "ends": NOW + DAY}


def test_a_call_is_seen_and_taken_on_by_one(as_: As, office_engine: Engine) -> None:
    client = as_("loket")
    with writing(office_engine) as conn:
        name = conn.scalar(select(kiosk.c.name).where(kiosk.c.site_code == COBLONG))
        books.ring(conn, str(name), Call(id="a" * 32, page="antrian"), NOW)
    (one,) = client.get("/api/v1/calls").json()
    assert (one["kiosk"], one["page"], one["site_name"]) == (name, "antrian", "Coblong")
    at = f"/api/v1/calls/{one['id']}/take"
    assert as_("soreang").get("/api/v1/calls").json() == []
    assert as_("soreang").post(at).status_code == 403
    assert [client.post(at).status_code for _ in range(2)] == [204, 409]
    assert client.get("/api/v1/calls").json() == []


def test_a_notice_is_written_listed_and_ended(as_: As) -> None:
    client = as_("loket")
    number = client.post("/api/v1/notices", json=NOTICE).json()["id"]
    (one,) = client.get("/api/v1/notices").json()
    assert (one["text"], one["places"], one["by"]) == ("Loket tutup", [COBLONG], "loket")
    assert as_("soreang").post(f"/api/v1/notices/{number}/end").status_code == 403
    assert client.post(f"/api/v1/notices/{number}/end").status_code == 204
    assert client.get("/api/v1/notices").json() == []


@pytest.mark.parametrize(
    "wrong",
    [{"id": ""}, {"id": "x" * 241}, {"places": []}, {"ends": NOW}, {"places": ["x"]}, {"who": 1}],
)
def test_what_is_no_notice_is_refused(as_: As, wrong: dict[str, object]) -> None:
    assert as_("loket").post("/api/v1/notices", json=NOTICE | wrong).status_code == 422
