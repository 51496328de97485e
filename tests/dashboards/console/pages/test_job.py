"""The page of a job."""

from starlette.testclient import TestClient

from dashboards.console.pages.job import leaves
from tests.dashboards.console.conftest import Fleet
from tests.support.showcase_jobs import govern, tell_jobs
from tests.support.signing import Ceremony
from wire.envelope import Order, Tree, parse


def test_every_job_of_a_morning_has_its_page_and_no_kiosks_word_is_markup(
    fleet: Fleet, client: TestClient
) -> None:
    govern(fleet.engine, Ceremony("siang", "malam"))
    shown = tell_jobs(fleet.engine, fleet.names)
    for what, number in shown.items():
        answer = client.get(f"/jobs/{number}")
        assert answer.status_code == 200, what
        assert "<img src=x" not in answer.text, what
    assert "(diduga)" in client.get(f"/jobs/{shown['waves']}").text


def test_the_kiosks_a_browser_checks_are_those_of_the_orders_tree(
    fleet: Fleet, client: TestClient
) -> None:
    govern(fleet.engine, Ceremony("siang", "malam"))
    number = tell_jobs(fleet.engine, fleet.names)["waiting"]
    told = client.get(f"/jobs/{number}/statement").json()
    with fleet.engine.connect() as conn:
        assert [tuple(one) for one in told["kiosks"]] == leaves(conn, number)
    assert Tree(dict(told["kiosks"])).root == parse(told["order"], Order).kiosks


def test_a_job_nobody_knows_is_no_page(client: TestClient) -> None:
    assert client.get("/jobs/999").status_code == 404
