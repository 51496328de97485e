"""The dialog offers what may be asked for, and says why it cannot be."""

from starlette.testclient import TestClient

from dashboards.console.pages.act import GROUPS
from tests.dashboards.console.conftest import Fleet
from tests.support.console import admitted, wear
from tests.support.showcase import NOW
from tests.support.showcase_jobs import govern
from tests.support.signing import Ceremony
from wire.actions import KINDS


def test_every_kind_stands_in_one_group() -> None:
    offered = [kind for kinds in GROUPS.values() for kind in kinds]
    assert sorted(offered) == sorted(KINDS)


def test_a_technician_is_not_offered_what_only_others_may_ask_for(
    fleet: Fleet, stranger: TestClient
) -> None:
    govern(fleet.engine, Ceremony())
    wear(stranger, admitted(fleet.engine, NOW, "teknisi", ("technician", "")))
    text = stranger.get("/act", params={"kiosk": fleet.names["Coblong"]}).text
    assert "kind-screenshot" in text
    assert "kind-wipe" not in text
    assert "kind-clear_queue" not in text


def test_no_list_of_many_is_offered_to_be_wiped(fleet: Fleet, client: TestClient) -> None:
    govern(fleet.engine, Ceremony())
    text = client.get("/act", params={"query": "all=yes"}).text
    assert "kind-reboot" in text
    assert "kind-wipe" not in text


def test_a_name_nobody_registered_is_said_so(fleet: Fleet, client: TestClient) -> None:
    govern(fleet.engine, Ceremony())
    answer = client.get("/act", params={"kiosk": "<b>nowhere"})
    assert answer.status_code == 200
    assert "tidak dikenal" in answer.text
    assert "<b>nowhere" not in answer.text
