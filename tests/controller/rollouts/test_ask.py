"""Asking for a rollout: who may, what cannot be, and that a click is one rollout."""

from typing import Any

import pytest

from controller.jobs.asked import Asked
from controller.jobs.refused import Lacks, Refused
from controller.rollouts import steer
from controller.rollouts.plan import Phase, Plan
from controller.scope import Outside
from tests.support.rollouts import CANARY, RolloutDesk

TOKEN = "0123456789abcdef" * 2


def test_it_is_written_with_a_place_for_every_kiosk(desk: RolloutDesk) -> None:
    rollout = desk.ask(why=" new prices ")
    row = desk.row(rollout)
    assert (row.state, row.phase, row.kiosks, row.why) == ("ready", 0, 61, "new prices")
    assert len(desk.shares(rollout, state="waiting")) == 61
    (entry,) = desk.log("rollout.ask")
    assert (entry.who, entry.subject) == ("siti", f"rollout {rollout}")
    assert desk.desired() == {}


def test_a_click_said_twice_is_one_rollout(desk: RolloutDesk) -> None:
    first = desk.ask(token=TOKEN)
    desk.now += 5_000
    assert desk.ask(token=TOKEN) == first
    with pytest.raises(Refused, match="used for something else"):
        desk.ask(token=TOKEN, who="budi")
    with pytest.raises(Refused, match="32 characters"):
        desk.ask(token="x")


def test_one_rollout_of_a_bundle_at_a_time_on_a_kiosk(desk: RolloutDesk) -> None:
    names = sorted(desk.ids)
    first = desk.ask(*names[:5])
    with pytest.raises(Refused, match=f"rollout {first} of layanan is under way"):
        desk.ask(*names[4:8])
    desk.ask(*names[5:8])
    desk.steer(steer.abort, first)
    assert desk.ask(*names[:5]) > first


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"seq": 9}, "unknown"),
        ({"bundle": "video"}, "unknown"),
        ({"why": " "}, "why"),
        ({"why": "a\nb"}, "why"),
        ({"at_most": 60}, "grown"),
        ({"approvals": 4}, "plan"),
        ({"plan": Plan(phases=(Phase("3"),))}, "plan"),
        ({"asked": Asked(query="state=never")}, "asked"),
        ({"asked": Asked()}, "asked"),
        ({"asked": Asked(kiosks=("nobody",))}, "unknown"),
    ],
)
def test_what_cannot_be_is_refused(desk: RolloutDesk, more: dict[str, Any], code: str) -> None:
    desk.status(desk.ids.values(), state="ok")
    with pytest.raises(Refused) as refused:
        desk.ask(**more)
    assert refused.value.code == code


def test_programs_and_what_has_no_canary_need_a_second_person(desk: RolloutDesk) -> None:
    assert desk.row(desk.ask(plan=Plan(phases=(Phase("100%"),)))).approvals == 1


def test_few_kiosks_need_none_and_who_asks_may_ask_for_more(desk: RolloutDesk) -> None:
    names = sorted(desk.ids)
    assert desk.row(desk.ask(names[0], plan=Plan(phases=(Phase("100%"),)))).approvals == 0
    assert desk.row(desk.ask(*names[1:4], plan=CANARY, approvals=2)).approvals == 2


def test_power_and_place(desk: RolloutDesk) -> None:
    desk.people["dodi"] = desk.person("dodi", ("operator", "99"))
    desk.people["rina"] = desk.person("rina", ("technician", ""))
    with pytest.raises(Lacks):
        desk.ask(who="rina")
    with pytest.raises(Outside):
        desk.ask(min(desk.ids), who="dodi")
    with pytest.raises(Refused, match="no kiosk of yours"):
        desk.ask(who="dodi")
