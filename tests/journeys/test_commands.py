"""What a person asks for is done by kiosks once, and answered; the whole house is between them."""

from collections.abc import Callable

import pytest

from controller.jobs.plan import Plan
from provisioning.players.wishes import Wish
from tests.support.command_office import CommandOffice
from tests.support.signing import RULES
from tests.support.wait import until
from wire.policy import Rule

KIOSKS = ("bdg-andir-1", "bdg-andir-2", "bdg-andir-3")
EVERY_KIND: dict[str, dict[str, object]] = {
    "noop": {},
    "reload_page": {},
    "restart_agent": {},
    "test_print": {"device": "receipt"},
    "clear_queue": {},
    "resume_queue": {},
    "identify": {"slip": True, "seconds": 1},
    "set_volume": {"percent": 35},
    "set_brightness": {"percent": 45},
    "screen": {"on": False},
    "maintenance": {"on": True, "why": "sedang diperiksa"},
    "collect_logs": {},
    "self_test": {},
    "set_log_level": {"level": "debug", "minutes": 1},
    "check_network": {},
    "measure_speed": {"most_kb": 64},
}


@pytest.fixture
def office(build_command_office: Callable[..., CommandOffice]) -> CommandOffice:
    made = build_command_office()
    made.open()
    return made


def test_commands_reach_kiosks_run_once_and_come_back_with_proof(office: CommandOffice) -> None:
    one, two, three = office.play(*KIOSKS)
    noop = office.wait_for(office.ask("noop", [one.name]), one.name)
    assert noop.state == "succeeded", noop
    _screenshot(office)
    _a_hung_page_is_cured_by_a_restart_of_its_browser(office)
    _three_are_rebooted_in_two_waves(office)
    for off in (two, three):
        office.wishes.put(Wish(off.name, "power_cut"))
        until(lambda: office.presence(off.name) == "offline", 60)  # noqa: B023 - now
    late = office.ask("noop", [three.name], valid_s=60, ago_s=58)
    due = office.ask("noop", [two.name])
    expired = office.wait_for(late, three.name, "overdue", "expired")
    assert expired.sent_at is None
    assert office.command(due, two.name).state == "queued"
    office.wishes.put(Wish(two.name, "power_cut", begins=False))
    assert office.wait_for(due, two.name).state == "succeeded"


def _screenshot(office: CommandOffice) -> None:
    name = KIOSKS[0]
    job = office.ask("screenshot", [name])
    row = office.wait_for(job, name)
    assert row.state == "succeeded", row
    kept = office.attachment(job, name)
    assert kept.sha256 == row.attachment
    assert bytes(kept.body) == office.players[name].body.browser.picture()


def _a_hung_page_is_cured_by_a_restart_of_its_browser(office: CommandOffice) -> None:
    name = KIOSKS[0]
    browser = office.players[name].body.browser
    office.wishes.put(Wish(name, "hung_page"))
    until(lambda: browser.hung, 10)
    row = office.wait_for(office.ask("restart_browser", [name]), name)
    assert row.state == "succeeded", row
    assert (browser.lives, browser.hung) == (2, False)


def _three_are_rebooted_in_two_waves(office: CommandOffice) -> None:
    before = {name: office.players[name].boot_id for name in KIOSKS}
    job = office.ask("reboot", KIOSKS, plan=Plan(waves=("1", "100%")))
    rows = [office.wait_for(job, name) for name in KIOSKS]
    assert {row.state for row in rows} == {"succeeded"}, rows
    assert sorted(row.wave for row in rows) == [1, 2, 2]
    first = next(row for row in rows if row.wave == 1)
    assert all(row.sent_at >= first.ended_at for row in rows if row.wave == 2)
    assert all(office.players[name].boot_id != before[name] for name in KIOSKS)
    until(lambda: all(office.presence(name) == "online" for name in KIOSKS), 60)


def test_a_played_kiosk_does_what_there_is_and_nothing_beyond_itself(
    build_command_office: Callable[..., CommandOffice],
) -> None:
    office = build_command_office(rules={**RULES, "sensitive": Rule(approvals=0)})
    office.open()
    (player,) = office.play(KIOSKS[0])
    ends = {}
    for kind, args in EVERY_KIND.items():
        row = office.wait_for(office.ask(kind, [player.name], args), player.name, within_s=120)
        ends[kind] = (row.state, row.code, row.why)
        if kind == "screen":  # else the next would not look at a dark screen
            player.body.root.connector()
            player.body.root.backlight()
    assert {kind: end for kind, end in ends.items() if end[0] != "succeeded"} == {}
    machine = player.body.root
    assert (machine.volume, machine.brightness) == (35, 45)
    assert player.body.receipt.slips == 2
