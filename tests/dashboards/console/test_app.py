"""The application as a whole: built or not, static files, the API beside the pages."""

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from starlette.testclient import TestClient

from controller.api.problems import MEDIA_TYPE
from dashboards.console.app import NotBuilt, create_console
from dashboards.console.map.shape import BadLayer
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase
from tests.support.console import admitted, wear


def test_without_vendor_files_it_says_what_to_run(fleet: Fleet, tmp_path: Path) -> None:
    with pytest.raises(NotBuilt, match=r"npm ci --ignore-scripts"):
        create_console(fleet.engine, lambda: 0, Settings(static=tmp_path))


def test_an_unusable_map_is_refused_at_start(fleet: Fleet, tmp_path: Path) -> None:
    (tmp_path / "map.geojson").write_text("{}")
    with pytest.raises(BadLayer, match="FeatureCollection"):
        create_console(fleet.engine, lambda: 0, Settings(geojson=tmp_path / "map.geojson"))


def test_the_api_and_the_metrics_live_beside_the_pages(client: TestClient) -> None:
    assert client.get("/api/v1/kiosks").json()["total"] == 61
    assert client.get("/metrics").status_code == 200
    assert client.get("/healthz").status_code == 200
    assert client.get("/openapi.json").json()["openapi"].startswith("3.1")


def test_a_file_asked_for_by_its_version_may_be_kept(client: TestClient) -> None:
    assert "immutable" in client.get("/static/base.css?v=1").headers["cache-control"]
    assert "cache-control" not in client.get("/static/base.css").headers
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404


def test_pages_are_never_kept(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-store"


def test_a_stranger_is_led_to_the_login_from_every_address_alike(stranger: TestClient) -> None:
    for path in ("/", "/kiosks/nobody-1", "/nowhere", "/faults?code=x"):
        answer = stranger.get(path, headers={"accept": "text/html"})
        there = f"/login?next={quote(path, safe='')}"
        assert (answer.status_code, answer.headers["location"]) == (303, there)
        script = stranger.get(path, headers={"hx-request": "true", "accept": "text/html"})
        assert (script.status_code, script.headers["hx-redirect"]) == (401, there)
    for path in ("/api/v1/kiosks", "/api/v1/nowhere", "/metrics", "/live", "/openapi.json"):
        assert stranger.get(path, headers={"accept": "*/*"}).status_code == 401, path
    form = stranger.post("/faults/acknowledge", headers={"accept": "text/html"})
    assert (form.status_code, form.headers["location"]) == (303, "/login")


def test_an_api_address_that_leads_nowhere_is_a_problem(client: TestClient) -> None:
    answer = client.get("/api/v1/nowhere")
    assert (answer.status_code, answer.json()["who"]) == (404, "asker")


def test_a_page_refused_says_so_in_the_language_of_whoever_asks(
    fleet: Fleet, stranger: TestClient
) -> None:
    wear(stranger, admitted(fleet.engine, showcase.NOW, "regol", ("technician", "32.73")))
    abroad = stranger.get(f"/kiosks/{fleet.names['Nagreg']}")
    assert (abroad.status_code, "wilayah lain" in abroad.text) == (403, True)
    stranger.headers["x-csrf"] = "old"
    late = stranger.post("/faults/acknowledge", data={}, headers={"hx-request": "true"})
    assert (late.status_code, "usang" in late.text) == (403, True)
    wear(stranger, admitted(fleet.engine, showcase.NOW, "petugas", ("officer", "32.73")))
    powerless = stranger.post("/faults/acknowledge", data={"fault": ["1"]})
    assert (powerless.status_code, "peran Anda" in powerless.text) == (403, True)


@pytest.mark.parametrize(
    ("path", "field", "status", "says"),
    [
        ("/faults/1/notes", {"text": "x" * 4001}, 422, "paling banyak 4000 huruf"),
        ("/faults/acknowledge", {"fault": ["1"] * 501}, 422, "Satu isian tidak dapat dibaca"),
        ("/faults/one/notes", {}, 404, "Halaman tidak ditemukan"),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_page(
    client: TestClient, path: str, field: dict[str, Any], status: int, says: str
) -> None:
    answer = client.post(path, data=field, headers={"accept": "text/html"})
    assert answer.headers["content-type"].startswith("text/html")
    assert (answer.status_code, says in answer.text) == (status, True)
    script = client.post(path, data=field, headers={"hx-request": "true"})
    assert script.headers["content-type"].startswith("text/plain")


def test_a_program_that_asks_wrongly_hears_of_each_field(client: TestClient) -> None:
    answer = client.get("/api/v1/kiosks/k-1/commands", params={"size": "many"})
    assert (answer.status_code, answer.headers["content-type"]) == (422, MEDIA_TYPE)
