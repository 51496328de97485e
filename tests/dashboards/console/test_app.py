"""The application as a whole: built or not, static files, the API beside the pages."""

from pathlib import Path

import pytest
from starlette.testclient import TestClient

from dashboards.console.__main__ import is_loopback, main
from dashboards.console.app import NotBuilt, create_console
from dashboards.console.map.layer import BadLayer
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet


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


def test_a_file_asked_for_by_its_version_may_be_kept(client: TestClient) -> None:
    assert "immutable" in client.get("/static/base.css?v=1").headers["cache-control"]
    assert "cache-control" not in client.get("/static/base.css").headers
    assert client.get("/static/../app.py").status_code == 404
    assert client.get("/static/%2e%2e/app.py").status_code == 404


def test_pages_are_never_kept(client: TestClient) -> None:
    assert client.get("/").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.4", "::", "office.example"])
def test_it_serves_this_machine_only_until_there_are_accounts(
    host: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["--database", f"sqlite:///{tmp_path}/a.db", "--host", host])
    assert "no accounts yet" in capsys.readouterr().err


def test_loopback_has_many_names() -> None:
    assert all(map(is_loopback, ("127.0.0.1", "127.0.0.2", "::1", "localhost")))
