"""The list of jobs, and the few words about them on the start page."""

from starlette.testclient import TestClient

from dashboards.console.pages.jobs import JOB_TONES, bars
from tests.dashboards.console.conftest import Fleet
from tests.support.showcase_jobs import govern, tell_jobs
from tests.support.signing import Ceremony
from wire.lifecycle import JOB, states


def test_every_state_of_a_job_has_a_tone() -> None:
    assert set(JOB_TONES) == states(JOB)


def test_a_bar_is_as_wide_as_what_it_counts() -> None:
    drawn = bars({"succeeded": 2, "queued": 1, "failed": 1}, 4)
    assert drawn == [("ok", 0.0, 50.0), ("fail", 50.0, 25.0), ("none", 75.0, 25.0)]
    assert bars({}, 0) == []


def test_what_waits_for_people_stands_first_and_on_the_start_page(
    fleet: Fleet, client: TestClient
) -> None:
    govern(fleet.engine, Ceremony("siang", "malam"))
    shown = tell_jobs(fleet.engine, fleet.names)
    text = client.get("/jobs").text
    assert text.index(f'id="job-{shown["wipe"]}"') < text.index(f'id="job-{shown["shot"]}"')
    assert text.count(f'id="job-{shown["wipe"]}"') == 1
    assert "2 menunggu persetujuan" in client.get("/").text
    only = client.get("/jobs", params={"kind": "reboot"}).text
    assert f'id="job-{shown["waves"]}"' in only
    assert f'id="job-{shown["shot"]}"' not in only


def test_a_state_nobody_knows_is_refused(client: TestClient) -> None:
    assert client.get("/jobs", params={"state": "nonsense"}).status_code == 422
