"""Curves for charts: seconds, and values held to now while the kiosk is online."""

from starlette.testclient import TestClient

from controller.history import Point
from dashboards.console.series import METRICS, curve
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase


def test_the_last_value_holds_until_now_while_the_kiosk_is_online() -> None:
    points = [Point(1000, 4.0), Point(2000, 5.0)]
    assert curve(points, 9000, online=True) == [[1.0, 2.0, 9.0], [4.0, 5.0, 5.0]]
    assert curve(points, 9000, online=False) == [[1.0, 2.0], [4.0, 5.0]]
    assert curve([*points, Point(3000, None)], 9000, online=True)[1][-1] is None
    assert curve([], 9000, online=True) == [[], []]


def test_a_value_holds_until_the_kiosk_is_lost_sight_of() -> None:
    points = [Point(1000, 4.0), Point(5000, None), Point(7000, 6.0)]
    assert curve(points, 9000, online=True) == [
        [1.0, 4.999, 5.0, 7.0, 9.0],
        [4.0, 4.0, None, 6.0, 6.0],
    ]


def test_charts_get_an_hour_or_a_day_and_nothing_else(client: TestClient, fleet: Fleet) -> None:
    path = f"/kiosks/{fleet.names['Coblong']}/series"
    day = client.get(f"{path}?hours=24").json()
    assert set(day["series"]) == set(METRICS)
    assert day["end"] == showcase.NOW / 1000
    assert len(day["series"]["cpu_percent"][0]) > 300
    assert client.get(f"{path}?hours=999").status_code == 422
    assert client.get("/kiosks/nobody-1/series").status_code == 404
