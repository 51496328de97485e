"""Every command once, answered once: duplicates, cuts, cancels, old numbers, a failing disk."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from msgspec.structs import replace

from agent.commands.executor import LATE, MOST_TAKEN
from agent.store import Store
from tests.agent.commands.played import KIOSK, Played
from wire.envelope import Envelope

OK = ("succeeded", "")


def notes(played: Played) -> list[tuple[str, str]]:
    return [(under.state, under.note) for under in played.news()]


def commands(played: Played) -> list[str]:
    return [command for command, _, _ in played.results]


class Counting(Store):
    """Counts the transactions that wrote something."""

    writes = 0

    @contextmanager
    def transaction(self, *, of_old: bool = False) -> Iterator[sqlite3.Connection]:
        with super().transaction(of_old=of_old) as db:
            before = db.total_changes
            yield db
            self.writes += db.total_changes > before


@pytest.mark.parametrize(("kind", "writes"), [("noop", 1), ("reload_page", 2)])
def test_a_command_costs_the_disk_no_more_than_correctness_asks_for(
    tmp_path: Path, kind: str, writes: int
) -> None:
    played = Played(tmp_path, connects=Counting)
    played.lay_policy()
    played.begin()
    played.do()
    assert isinstance(played.store, Counting)
    before = played.store.writes
    played.do(played.envelope(kind))
    assert played.ends() == [OK]
    assert played.store.writes - before == writes
    played.end()


def test_an_action_is_begun_said_to_run_and_answered(played: Played) -> None:
    one = played.envelope("screen", {"on": True})
    played.hear(one)
    assert notes(played) == [("running", "")]
    assert played.results == []
    played.commands.run_pending()
    assert played.results == [(one.command, *OK)]
    assert len(played.asked) == 1


def test_lowest_number_first_one_at_a_time(played: Played) -> None:
    kinds = ("reload_page", "self_test", "check_network")
    given = [played.envelope(kind) for kind in kinds]
    played.hear(*reversed(given))
    assert [state for state, _ in notes(played)] == ["running", "accepted", "accepted"]
    played.commands.run_pending()
    assert commands(played) == [one.command for one in given]


def test_a_no_op_and_a_log_level_do_not_wait_behind_an_action(played: Played) -> None:
    slow = played.envelope("reload_page")
    quick = [played.envelope(), played.envelope("set_log_level", {"level": "debug"})]
    played.hear(slow, *quick)
    assert commands(played) == [one.command for one in quick]
    assert played.levels == ["debug"]
    played.commands.run_pending()
    assert commands(played) == [quick[0].command, quick[1].command, slow.command]


def test_row_48_a_hundred_duplicates_are_done_once_and_answered_once(played: Played) -> None:
    one, quick = played.envelope("test_print", {"device": "printer"}), played.envelope()
    for _ in range(50):
        played.hear(one, quick)
    played.commands.run_pending()
    for _ in range(50):
        played.do(one, quick)
    assert len(played.asked) == 1
    assert sorted(commands(played)) == sorted([one.command, quick.command])


def test_row_48_one_batch_with_the_same_command_eight_times_is_one_command(played: Played) -> None:
    one = played.envelope("reload_page")
    played.do(*[one] * 8)
    assert played.ends() == [OK]
    assert len(played.asked) == 1


def test_row_46_the_same_command_is_not_done_again_by_a_later_life(played: Played) -> None:
    one = played.envelope("reload_page")
    played.do(one)
    played.again().do(one)
    played.reboot().do(one)
    assert len(played.asked) == 1
    assert {command for command, _, _ in played.results} == {one.command}


def test_row_46_a_lower_number_is_refused_also_after_a_reboot(played: Played) -> None:
    played.do(played.envelope(number=9_000))
    lower = [played.envelope(number=number) for number in (8_999, 9_000, 1)]
    played.do(lower[0])
    played.reboot()
    played.do(*lower[1:])
    assert played.ends() == [OK, *[("rejected", "replayed")] * 3]
    assert played.standing.number == 9_000


def test_row_46_an_office_put_back_to_an_old_backup_is_told_again_and_nothing_is_done(
    played: Played,
) -> None:
    one = played.envelope("test_print", {"device": "printer"})
    played.do(one)
    played.outbox.forget(1)
    played.do(one)  # the office knows nothing of its result
    assert played.results == [(one.command, *OK)]
    played.do(one)  # and has not acknowledged it yet
    assert len(played.results) == 1
    assert len(played.asked) == 1


def test_an_end_is_not_told_again_more_often_than_every_few_seconds(played: Played) -> None:
    one = played.envelope()
    played.do(one)
    for number in (1, 2, 3):
        played.outbox.forget(number)
        played.do(one)
    assert played.outbox.newest == 2
    played.now += 11
    played.do(one)
    assert played.outbox.newest == 3


def test_row_46_a_ledger_that_has_forgotten_the_command_still_refuses_its_number(
    played: Played,
) -> None:
    one = played.envelope()
    played.do(one)
    with played.store.transaction() as db:
        db.execute("DELETE FROM commands")
    played.again().do(one)
    assert played.ends() == [OK, ("rejected", "replayed")]


def test_row_47_an_expired_command_is_answered_as_expired(played: Played) -> None:
    one = played.envelope("reboot", expires=played.office_now - 1)
    played.do(one)
    assert played.ends() == [("expired", "expired")]
    assert played.asked == []


def test_row_47_one_that_expires_while_it_waits_is_not_begun(played: Played) -> None:
    late = played.envelope("reload_page", after=played.office_now + 5_000)
    late_too = replace(late, number=late.number)
    played.do(late_too)
    played.now += 4_000
    played.commands.run_pending()
    assert played.ends() == [("expired", "expired")]


def test_row_47_a_number_of_the_far_future_is_refused_and_blocks_nothing(played: Played) -> None:
    played.do(played.envelope(number=2**53))
    played.do(played.envelope())
    assert played.ends() == [("rejected", "future"), OK]
    assert played.born().number < 2**53


@pytest.mark.parametrize("rtc", [0, 4_070_908_800_000])
def test_row_47_a_lying_clock_of_the_kiosk_changes_nothing(played: Played, rtc: int) -> None:
    played.wall_ms = rtc
    played.do(played.envelope(), played.envelope(expires=played.office_now - 1))
    assert played.ends() == [("expired", "expired"), OK]
    played.reboot()
    played.do(played.envelope())
    assert played.ends()[-1] == OK


def test_a_command_of_later_waits_until_then_and_through_a_restart(played: Played) -> None:
    one = played.envelope("reload_page", after=played.office_now + 30_000)
    played.do(one)
    assert played.results == []
    played.now += 29
    played.commands.run_pending()
    assert played.results == []
    played.again()
    played.now += 2
    played.commands.run_pending()
    assert played.ends() == [OK]


def test_a_command_that_waits_lets_a_higher_number_pass_and_is_done_after_it(
    played: Played,
) -> None:
    waits, goes = played.envelope(after=played.office_now + 9_000), played.envelope("reload_page")
    played.do(waits, goes)
    played.now += 10
    played.do(waits)
    assert commands(played) == [goes.command, waits.command]
    assert played.ends() == [OK, OK]


def test_reordered_batches_lose_nothing(played: Played) -> None:
    first, second = played.envelope("reload_page"), played.envelope("self_test")
    before = played.orders(first)
    played.do(first, second)
    played.commands.heard(before)
    played.commands.run_pending()
    assert commands(played) == [first.command, second.command]


def test_row_49_cut_between_accepted_and_executed(played: Played) -> None:
    once = played.envelope("test_print", {"device": "printer"})
    twice = played.envelope("screenshot")
    back = played.envelope("screen", {"on": False})
    for one in (once, twice, back):
        played.hear(one)  # begun on the disk or waiting, and then the power is cut
        played.reboot()
        played.do()
    assert played.results == [
        (once.command, "unknown", "interrupted"),
        (twice.command, *OK),
        (back.command, "failed", "undone"),
    ]
    assert ['"recover"' in line for line in played.asked] == [True]


def test_row_49_what_is_repeatable_is_not_repeated_after_its_time(played: Played) -> None:
    one = played.envelope("screenshot")
    played.hear(one)
    played.reboot(away_s=7_200)
    played.commands.run_pending()
    assert played.results == []  # the time is not known
    played.do()
    assert played.results == [(one.command, "failed", "interrupted")]
    assert played.asked == []


def test_a_kiosk_that_knows_the_time_has_passed_waits_for_no_office(played: Played) -> None:
    one = played.envelope("screenshot")
    played.hear(one)
    played.hear(now=played.office_now + 10**8)  # and the office's clock was read far later
    played.reboot()
    played.commands.run_pending()
    assert played.ends() == [("failed", "interrupted")]


def test_a_reboot_is_proven_by_the_next_start_of_the_machine(played: Played) -> None:
    one = played.envelope("reboot")
    played.do(one)
    assert played.results == []
    played.hear(replace(one, cancel=True))
    assert notes(played)[-1][1] == LATE
    played.reboot()
    assert played.results == [(one.command, *OK)]


def test_a_reboot_that_does_not_come_has_failed(played: Played) -> None:
    played.do(played.envelope("reboot"))
    played.now += 899
    played.commands.run_pending()
    assert played.results == []
    played.now += 2
    played.commands.run_pending()
    assert played.ends() == [("failed", "timeout")]


def test_a_restart_of_the_agent_waits_for_nothing_and_is_proven_by_the_next_one(
    played: Played,
) -> None:
    slow, restart = played.envelope("self_test"), played.envelope("restart_agent")
    played.hear(slow)
    played.hear(slow, restart)
    assert len(played.restarts) == 1
    played.commands.run_pending()  # nothing is begun any more
    assert played.asked == []
    played.again().do()
    assert commands(played) == [restart.command, slow.command]
    assert played.ends() == [OK, OK]


def test_two_restarts_are_two(played: Played) -> None:
    given = [played.envelope("restart_agent") for _ in range(2)]
    played.do(*given)
    played.again().do(*given)
    played.again().do(*given)
    assert len(played.restarts) == 2
    assert commands(played) == [one.command for one in given]


def test_a_restart_that_does_not_come_has_failed_and_others_go_on(played: Played) -> None:
    played.do(played.envelope("restart_agent"), played.envelope("reload_page"))
    played.now += 121
    played.commands.run_pending()
    assert played.ends() == [("failed", "timeout"), OK]


def cancelled(one: Envelope) -> Envelope:
    return replace(one, cancel=True)


def test_a_command_cancelled_before_it_was_seen_is_never_done(played: Played) -> None:
    one = played.envelope("reload_page")
    played.do(cancelled(one))
    played.do(one)  # an older word that came later
    assert played.results == [(one.command, "cancelled", "cancelled")]
    assert played.asked == []


def test_one_that_waits_is_cancelled(played: Played) -> None:
    first, second = played.envelope("reload_page"), played.envelope("self_test")
    played.hear(first, second)
    played.do(first, cancelled(second))
    assert played.results == [(second.command, "cancelled", "cancelled"), (first.command, *OK)]


def test_one_that_has_ended_says_so_again(played: Played) -> None:
    one = played.envelope("reload_page")
    played.do(one)
    played.outbox.forget(1)
    played.do(cancelled(one))
    assert played.results == [(one.command, *OK)]


def test_what_was_begun_goes_on_though_the_office_says_nothing_of_it(played: Played) -> None:
    played.hear(played.envelope("reload_page"))
    played.hear()
    played.commands.run_pending()
    assert played.ends() == [OK]


def test_known_ones_are_answered_with_how_they_get_on(played: Played) -> None:
    given = [played.envelope("reload_page"), played.envelope("self_test")]
    played.hear(*given)
    played.news()
    played.hear(*given)
    assert [state for state, _ in notes(played)] == ["running", "accepted"]


def test_more_than_the_most_are_not_taken_yet_and_are_taken_later(played: Played) -> None:
    given = [played.envelope("reload_page") for _ in range(MOST_TAKEN + 4)]
    for start in range(0, len(given), 8):
        played.hear(*given[start : start + 8])
    played.commands.run_pending()
    assert len(played.results) == MOST_TAKEN
    played.do(*given[MOST_TAKEN:])
    assert commands(played) == [one.command for one in given]


def test_the_policy_s_rate_holds_within_one_batch_and_over_reboots(played: Played) -> None:
    ceremony = played.ceremony
    played.lay_policy(ceremony.policy(2, an_hour={"screenshot": 2}), join="2" * 64)
    played.again()
    played.do(*[played.envelope("screenshot") for _ in range(3)])
    assert played.ends() == [("rejected", "too_often"), OK, OK]
    played.reboot().do(played.envelope("screenshot"))
    assert played.ends()[-1] == ("rejected", "too_often")
    played.now += 3_700
    played.do(played.envelope("screenshot"))
    assert played.ends()[-1] == OK


def test_an_office_gone_mad_is_not_answered_without_end(played: Played) -> None:
    for _ in range(20):
        played.do(*[played.envelope(expires=1) for _ in range(8)])
    assert len(played.results) == 60
    assert "refused within an hour" in played.commands.trouble()
    played.now += 3_601
    played.do(played.envelope(expires=1))
    assert len(played.results) == 61


def test_an_order_for_another_kiosk_is_refused_by_its_address(played: Played) -> None:
    other = played.ceremony.envelope("bdg-coblong-02", number=3_000)
    played.do(other)
    assert played.ends() == [("rejected", "address")]
    assert KIOSK not in other.order
