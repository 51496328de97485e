"""What a wish would mean: power, people, waves, problems; written nowhere."""

from typing import Any

import pytest
from msgspec import structs

from controller.jobs.ask import preview
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan
from controller.jobs.refused import Lacks, Refused
from controller.jobs.weigh import Preview
from controller.scope import Outside
from tests.support.jobs import BANDUNG, JobDesk


def told(desk: JobDesk, *names: str, kind: str = "noop", who: str = "siti", **more: Any) -> Preview:
    with desk.reading() as conn:
        return preview(conn, desk.people[who], desk.wish(kind, *names, **more), desk.now)


def codes(found: Preview) -> list[str]:
    return [one.code for one in found.problems]


def test_a_routine_wish_needs_nobody(desk: JobDesk) -> None:
    found = told(desk, *desk.names()[:20], plan=Plan(waves=("50%", "100%")), why="")
    assert (found.kiosks, found.online, found.power, found.approvals) == (20, 20, "routine", 0)
    assert (found.waves, found.problems) == ((10, 10), ())
    assert (found.first, found.expires) == (desk.now, desk.now + 3_600_000)


def test_who_is_away_is_counted(desk: JobDesk) -> None:
    desk.presence(desk.commands(desk.ask(desk.wish("noop", *desk.names()[:3]))), "offline")
    found = told(desk, *desk.names()[:20])
    assert (found.online, found.offline) == (17, 3)


def test_a_sensitive_wish_needs_one_and_a_reason(desk: JobDesk) -> None:
    found = told(desk, kind="clear_queue")
    assert (found.power, found.approvals, codes(found)) == ("sensitive", 1, [])
    assert codes(told(desk, kind="clear_queue", why=" ")) == ["why"]


def test_row_51_many_kiosks_are_destructive_and_begin_with_a_canary(desk: JobDesk) -> None:
    found = told(desk, asked=Asked(query="all=yes"))
    assert (found.kiosks, found.power, found.approvals) == (40, "destructive", 2)
    assert (found.cool_off_s, found.first - desk.now) == (900, 900_000)
    assert found.waves == (1, 1, 38)


def test_row_51_a_wipe_is_for_one_named_kiosk(desk: JobDesk) -> None:
    one, other = desk.names()[:2]
    assert codes(told(desk, one, kind="wipe")) == []
    assert codes(told(desk, one, other, kind="wipe")) == ["arguments"]
    assert codes(told(desk, one, kind="wipe", args={"kiosk": other})) == ["arguments"]
    everyone = told(desk, kind="wipe", args={"kiosk": one}, asked=Asked(query="all=yes"))
    assert codes(everyone) == ["asked", "arguments"]


def test_row_51_more_kiosks_than_the_policy_bears_are_refused(desk: JobDesk) -> None:
    policy = desk.ceremony.policy(2)
    rules = {**policy.rules, "destructive": structs.replace(policy.rules["destructive"], most=30)}
    desk.put_in_force(desk.ceremony.signed_policy(desk.ceremony.policy(2, rules=rules)))
    assert codes(told(desk, asked=Asked(query="all=yes"))) == ["too_many"]


def test_a_power_that_only_many_kiosks_need_is_a_problem(desk: JobDesk) -> None:
    desk.people["tono"] = desk.person("tono", ("technician", ""))
    found = told(desk, asked=Asked(query="all=yes"), who="tono")
    assert [one.lacks for one in found.problems] == ["command.destructive"]
    with pytest.raises(Lacks):
        told(desk, kind="clear_queue", who="tono")


def test_row_69_the_scope_is_that_of_the_power_itself(desk: JobDesk) -> None:
    grants = ("technician", ""), ("operator", BANDUNG)
    desk.people["tono"] = desk.person("tono", *grants)
    theirs = next(name for name in desk.names() if name not in desk.names(BANDUNG))
    assert codes(told(desk, theirs, who="tono")) == []
    assert codes(told(desk, desk.names(BANDUNG)[0], kind="clear_queue", who="tono")) == []
    with pytest.raises(Outside):
        told(desk, theirs, kind="clear_queue", who="tono")


def test_a_plan_without_time_is_a_problem(desk: JobDesk) -> None:
    found = told(desk, *desk.names()[:20], plan=Plan(rate_per_min=1), valid_s=60)
    assert codes(found) == ["plan"]
    assert codes(told(desk, valid_s=1)) == ["plan"]


def test_without_enough_keys_in_the_policy_nobody_is_asked_for_long(desk: JobDesk) -> None:
    keys = desk.ceremony.policy().keys[:2]
    desk.put_in_force(desk.ceremony.signed_policy(desk.ceremony.policy(2, keys=keys)))
    assert codes(told(desk, desk.names()[0], kind="wipe")) == ["keys"]


@pytest.mark.parametrize(
    ("kind", "args"),
    [
        ("format_disk", {}),
        ("noop", {"x": 1}),
        ("set_volume", {"percent": 101}),
        ("set_volume", {"percent": "40"}),
        ("set_volume", {}),
        ("maintenance", {"on": True, "why": "\x1b[31m"}),
        ("set_log_level", {"level": "chatty"}),
    ],
)
def test_row_45_a_kind_or_an_argument_nobody_knows_is_refused(
    desk: JobDesk, kind: str, args: dict[str, Any]
) -> None:
    with pytest.raises(Refused) as refused:
        told(desk, kind=kind, args=args)
    assert refused.value.code == "arguments"


def test_arguments_left_out_are_written_out(desk: JobDesk) -> None:
    job_id = desk.ask(desk.wish("identify", args={"slip": True}))
    assert desk.job(job_id).args == {"beep": True, "flash": True, "slip": True, "seconds": 10}
