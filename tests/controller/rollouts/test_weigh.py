"""Whose phase is a list, a filter or a number; and whose canary comes first."""

from controller.jobs.asked import Asked
from controller.rollouts.plan import Phase, Plan
from tests.support.rollouts import CANARY, RolloutDesk


def test_phases_may_be_lists_and_filters_within_what_was_asked(desk: RolloutDesk) -> None:
    names = sorted(desk.ids)
    desk.status([desk.ids[one] for one in names[5:9]], presence="offline")
    phases = (
        Phase(asked=Asked(kiosks=tuple(names[:2]))),
        Phase(asked=Asked(query="presence=offline")),
        Phase("100%"),
    )
    rollout = desk.ask(*names[:20], plan=CANARY._replace(phases=phases))
    by_phase = [{row.kiosk_id for row in desk.shares(rollout, phase=one)} for one in (1, 2)]
    assert by_phase[0] == {desk.ids[one] for one in names[:2]}
    assert by_phase[1] == {desk.ids[one] for one in names[5:9]}


def test_who_is_there_and_serves_comes_first(desk: RolloutDesk) -> None:
    ids = sorted(desk.ids.values())
    desk.status(ids[:30], presence="offline")
    desk.status(ids[30:50], watch="no")
    rollout = desk.ask()
    assert {row.kiosk_id for row in desk.shares(rollout, phase=1)} <= set(ids[50:])
    assert {row.kiosk_id for row in desk.shares(rollout, control=True)} <= set(ids[50:])


def test_a_canary_that_finds_nobody_is_none_and_needs_a_second_person(desk: RolloutDesk) -> None:
    names = sorted(desk.ids)
    nobody = Phase(asked=Asked(kiosks=tuple(names[20:22])))
    plan = Plan(phases=(nobody, Phase("100%")))
    rollout = desk.ask(*names[:20], plan=plan)
    assert desk.row(rollout).state == "waiting"
    desk.agree(rollout, "budi")
    assert desk.row(rollout).state == "ready"
