"""The list of rollouts, and the words about them on the start page."""

from starlette.testclient import TestClient

from controller.rollouts import steer
from tests.dashboards.console.conftest import Shelf
from tests.support.showcase import NOW
from tests.support.showcase_releases import Morning


def test_what_needs_somebody_stands_first_and_on_the_start_page(
    shelf: Shelf, reader: TestClient
) -> None:
    text = reader.get("/").text
    assert "1 penyebaran berjalan" in text
    assert "perlu ditangani" not in text
    Morning(shelf.fleet.engine, NOW).steer(steer.pause, shelf.rollouts["running"])
    assert "1 penyebaran perlu ditangani" in reader.get("/").text
    listed = reader.get("/rollouts").text
    held, done = (f'id="rollout-{shelf.rollouts[name]}"' for name in ("running", "finished"))
    assert listed.index(held) < listed.index(done)
    assert listed.count(held) == 1


def test_a_list_is_of_one_state_when_that_is_asked(shelf: Shelf, reader: TestClient) -> None:
    only = reader.get("/rollouts", params={"state": "rolled_back"}).text
    assert f'id="rollout-{shelf.rollouts["stopped"]}"' in only
    assert f'id="rollout-{shelf.rollouts["running"]}"' not in only


def test_a_state_nobody_knows_is_refused(reader: TestClient) -> None:
    assert reader.get("/rollouts", params={"state": "nonsense"}).status_code == 422
