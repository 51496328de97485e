"""The whole over HTTP: sites, counts, the office, what changed."""

from fastapi.testclient import TestClient
from sqlalchemy import Engine

from controller.api.app import create_api
from tests.support.console import show_token
from tests.support.fleet import NOW


def test_sites_come_as_a_list_and_as_geojson_longitude_first(api: TestClient) -> None:
    sites = api.get("/api/v1/sites").json()
    answer = api.get("/api/v1/sites.geojson")
    features = answer.json()["features"]
    assert answer.headers["content-type"] == "application/geo+json"
    assert len(sites) == len(features) == 12
    first = features[0]
    assert first["geometry"]["coordinates"] == [sites[0]["lng"], sites[0]["lat"]]
    assert first["properties"]["worst"] == sites[0]["worst"]
    assert "lat" not in first["properties"]


def test_counts_add_up(api: TestClient) -> None:
    counts = api.get("/api/v1/counts").json()
    assert sum(counts["states"].values()) == counts["kiosks"] == 61
    assert all(sum(answers.values()) == 61 for answers in counts["verdicts"].values())


def test_the_office_hears_while_its_controller_does(api: TestClient) -> None:
    office = api.get("/api/v1/office").json()
    assert (office["deaf"], office["now"]) == (None, NOW)
    assert office["controllers"][0]["partitions"] == list(range(16))


def test_a_deaf_office_says_so_and_is_still_healthy_itself(fleet_61: Engine) -> None:
    later = TestClient(create_api(fleet_61, lambda: NOW + 60_000))
    show_token(later, fleet_61, NOW)
    assert later.get("/api/v1/office").json()["deaf"]["condition"] == "no_controller"
    health = later.get("/healthz")
    assert (health.status_code, health.json()) == (200, {"status": "ok", "deaf": "no_controller"})


def test_a_poller_hears_of_what_people_do(desk: TestClient) -> None:
    start = desk.get("/api/v1/changes").json()["next"]
    one = desk.get("/api/v1/faults?acknowledged=false").json()["rows"][0]
    desk.post(f"/api/v1/faults/{one['id']}/acknowledge")
    told = desk.get(f"/api/v1/changes?after={start}").json()
    assert [(change["topic"], change["kiosk"]) for change in told["changes"]] == [
        ("fault", one["kiosk"])
    ]
    assert desk.get(f"/api/v1/changes?after={told['next']}").json()["changes"] == []
