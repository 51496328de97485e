"""Kiosks over HTTP: lists, one, its past; and hostile text stays text."""

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import Engine, insert, select, update

from controller.api.app import create_api
from controller.store.engine import writing
from controller.store.people_tables import audit
from controller.store.tables import fault, kiosk_status, latest, site
from tests.support.console import show_token
from tests.support.fleet import NOW, seed_fleet

HOSTILE = "<script>alert(1)</script>\x1b[31m=cmd()\u202e"


def test_a_page_of_the_list_filters_and_sorts(api: TestClient) -> None:
    page = api.get("/api/v1/kiosks?state=ok&regency=Kota Bandung&sort=-name&size=3").json()
    names = [row["name"] for row in page["rows"]]
    assert names == sorted(names, reverse=True)
    assert {(row["state"], row["regency"]) for row in page["rows"]} == {("ok", "Kota Bandung")}
    assert (page["number"], page["size"], len(names)) == (1, 3, 3)
    assert page["total"] > 3


def test_words_of_one_filter_join_by_or_and_filters_by_and(api: TestClient) -> None:
    both = api.get("/api/v1/kiosks?state=ok&state=offline&apply=unknown&size=500").json()
    assert {row["state"] for row in both["rows"]} <= {"offline"}


def test_one_kiosk_is_everything_known_of_it(api: TestClient) -> None:
    one = api.get("/api/v1/kiosks/k-000000").json()
    assert one["row"]["name"] == "k-000000"
    assert [verdict["service"] for verdict in one["verdicts"]] == [
        "inform",
        "apply",
        "complain",
        "watch",
    ]
    assert one["probes"] == api.get("/api/v1/kiosks/k-000000/readings").json()


@pytest.mark.parametrize(
    "rest", ["", "/readings", "/history", "/series?metric=cpu_percent&since=0&until=1"]
)
def test_a_kiosk_nobody_registered_is_not_found(api: TestClient, rest: str) -> None:
    answer = api.get(f"/api/v1/kiosks/nobody-01{rest}")
    assert (answer.status_code, answer.json()["who"]) == (404, "asker")


def test_history_is_read_page_by_page_to_its_end(api: TestClient) -> None:
    seen: list[int] = []
    before = ""
    while True:
        part = api.get(f"/api/v1/kiosks/k-000000/history?size=7&before={before}").json()
        seen += [flip["id"] for flip in part["flips"]]
        if part["next"] is None:
            break
        before = part["next"]
    assert len(seen) == len(set(seen)) == 24


def test_series_are_steps_with_a_bound(api: TestClient) -> None:
    ask = (
        f"metric=cpu_percent&metric=memory_percent&since={NOW - 86_400_000}&until={NOW}&points=100"
    )
    cpu, memory = api.get(f"/api/v1/kiosks/k-000000/series?{ask}").json()
    assert (cpu["metric"], memory["metric"]) == ("cpu_percent", "memory_percent")
    assert 20 < len(cpu["points"]) <= 100


def test_a_window_that_is_empty_is_refused(api: TestClient) -> None:
    answer = api.get("/api/v1/kiosks/k-000000/series?metric=cpu_percent&since=5&until=5")
    assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "until")


def test_the_export_is_a_table_of_every_match_and_written_down(
    desk: TestClient, office_engine: Engine
) -> None:
    answer = desk.get("/api/v1/kiosks.csv?search=k-0000")
    lines = answer.text.splitlines()
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    assert lines[0].startswith('"name","site_code"')
    assert len(lines) == 21
    with office_engine.connect() as conn:
        query = select(audit.c.detail).where(audit.c.what == "kiosk.export")
        assert [*conn.scalars(query)] == [{"kiosks": 20}]


@pytest.fixture
def hostile(office_engine: Engine) -> TestClient:
    """A fleet in which every text that could be hostile is."""
    seed_fleet(office_engine, kiosks=5, sites=1)
    with writing(office_engine) as conn:
        conn.execute(update(site).values(name=HOSTILE[:80]))
        conn.execute(update(kiosk_status).values(state_why=HOSTILE, presence_why=HOSTILE))
        facts = {"page": HOSTILE, "long": "x" * 1_000_000}
        conn.execute(update(latest).values(why=HOSTILE, facts=facts, codes=[HOSTILE]))
        evil = {"kiosk_id": 1, "code": "evil.code", "severity": "fail", "opened_at": 1}
        evidence = {HOSTILE: HOSTILE}
        conn.execute(insert(fault).values(evil | {"why": HOSTILE, "evidence": evidence}))
        assert conn.scalar(select(fault.c.why).where(fault.c.code == "evil.code")) == HOSTILE
    app = create_api(office_engine, lambda: NOW)
    asking = TestClient(app, raise_server_exceptions=False)
    show_token(asking, office_engine, NOW)
    return asking


def test_row_67_hostile_text_comes_as_json_and_never_as_a_raw_control(hostile: TestClient) -> None:
    for path in ("kiosks", "kiosks/k-000000", "kiosks/k-000000/readings", "faults", "sites"):
        answer = hostile.get(f"/api/v1/{path}")
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "application/json"
        assert "<script>" in answer.text
        assert not any(byte < 0x20 for byte in answer.content)


def test_row_67_the_export_holds_no_formula_and_no_control(hostile: TestClient) -> None:
    answer = hostile.get("/api/v1/kiosks.csv")
    assert answer.status_code == 200
    assert "\x1b" not in answer.text
    assert '"=' not in answer.text
    assert len(answer.content) < 5000
