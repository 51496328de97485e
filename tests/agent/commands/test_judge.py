"""What a kiosk asks of a command before it does it."""

from collections.abc import Mapping

import pytest
from msgspec.structs import replace

from agent.commands.judge import Refuse, Rules, Take, Verdict, Wait, weigh, weigh_again
from tests.support.signing import Ceremony, verify
from wire.envelope import Envelope
from wire.policy import AHEAD_MS, Time

KIOSK = "bdg-andir-01"
CEREMONY = Ceremony("siti", "budi")
NOW = 5_000_000
TIME = Time(NOW, NOW + 100)


def rules(
    off: tuple[str, ...] = (), *, durable: bool = True, begun: int = 0, **changes: object
) -> Rules:
    policy = CEREMONY.policy(**changes)  # type: ignore[arg-type]
    return Rules(KIOSK, policy, verify, frozenset(off), durable, lambda _kind: begun)


def judged(envelope: Envelope, highest: int = 0, given: Rules | None = None) -> Verdict:
    return weigh(envelope, given or rules(), TIME, highest)


def command(kind: str = "noop", args: Mapping[str, bool] | None = None, **more: object) -> Envelope:
    return CEREMONY.envelope(KIOSK, kind, args, **more)  # type: ignore[arg-type]


def test_a_good_command_is_taken() -> None:
    verdict = judged(command(number=7), 6)
    assert isinstance(verdict, Take)
    assert verdict.order.kind == "noop"


@pytest.mark.parametrize("number", [0, 5, 6])
def test_row_46_a_number_not_above_the_highest_is_refused(number: int) -> None:
    verdict = judged(command(number=number), 6)
    assert isinstance(verdict, Refuse)
    assert (verdict.state, verdict.code) == ("rejected", "replayed")


@pytest.mark.parametrize("number", [NOW + AHEAD_MS + 101, 2**53])
def test_row_47_a_number_in_the_future_is_refused(number: int) -> None:
    verdict = judged(command(number=number))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "future"


@pytest.mark.parametrize("expires", [1, NOW, NOW + 99, NOW + 100])
def test_row_47_expiry_is_judged_by_the_latest_the_time_can_be(expires: int) -> None:
    verdict = judged(command(expires=expires))
    assert isinstance(verdict, Refuse)
    assert (verdict.state, verdict.code) == ("expired", "expired")
    assert isinstance(judged(command(expires=NOW + 101)), Take)


def test_a_beginning_is_judged_by_the_earliest_the_time_can_be() -> None:
    verdict = judged(command(after=NOW + 50))
    assert isinstance(verdict, Wait)
    assert verdict.until == NOW + 50
    assert isinstance(judged(command(after=NOW)), Take)


def test_one_that_must_wait_may_have_no_old_number_either() -> None:
    verdict = judged(command(after=NOW + 50, number=3), 3)
    assert isinstance(verdict, Refuse)
    assert verdict.code == "replayed"


def test_row_45_another_kind_is_refused_by_its_name() -> None:
    verdict = judged(command("dance"))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "unknown_kind"


def test_row_45_arguments_that_are_not_its_own_are_refused() -> None:
    verdict = judged(command(args={"hard": True}))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "arguments"


def test_row_50_a_destructive_command_with_one_person_twice_is_refused() -> None:
    args = {"kiosk": KIOSK}
    one = CEREMONY.envelope(KIOSK, "wipe", args, approvals={"siti": 1})
    twice = CEREMONY.envelope(KIOSK, "wipe", args)
    order = twice.order
    approvals = (CEREMONY.approve("siti", order, 1), CEREMONY.approve("siti", order, 2))
    for given in (one, replace(twice, approvals=approvals)):
        verdict = judged(given)
        assert isinstance(verdict, Refuse)
        assert verdict.code == "threshold"


def test_a_wiped_kiosk_takes_nothing_more_but_the_wipe_itself() -> None:
    wiped = rules()._replace(wiped=True)
    verdict = judged(command("noop"), given=wiped)
    assert isinstance(verdict, Refuse)
    assert (verdict.state, verdict.code) == ("rejected", "wiping")
    wipe = CEREMONY.envelope(KIOSK, "wipe", {"kiosk": KIOSK})
    unsigned = judged(wipe, given=wiped)
    assert isinstance(unsigned, Refuse)
    assert unsigned.code == "threshold"


def test_what_agent_toml_forbids_is_refused_as_disabled() -> None:
    verdict = judged(command("reboot"), given=rules(("reboot",)))
    assert isinstance(verdict, Refuse)
    assert (verdict.state, verdict.code) == ("rejected", "disabled")


def test_a_kiosk_that_cannot_write_does_only_what_may_be_done_twice() -> None:
    given = rules(durable=False)
    assert isinstance(judged(command("reload_page"), given=given), Take)
    for kind in ("reboot", "test_print"):
        verdict = judged(command(kind), given=given)
        assert isinstance(verdict, Refuse)
        assert verdict.code == "no_disk"


def test_the_policy_says_how_often_an_hour() -> None:
    given = rules(an_hour={"reboot": 2})
    verdict = judged(command("reboot"), given=given._replace(begun={"reboot": 2}.__getitem__))
    assert isinstance(verdict, Refuse)
    assert verdict.code == "too_often"
    assert isinstance(judged(command("reboot"), given=given._replace(begun=lambda *_: 1)), Take)


def test_one_that_was_taken_is_not_asked_for_its_number_again() -> None:
    assert isinstance(weigh_again(command(number=1), rules(), TIME), Take)


def test_an_office_whose_clock_was_ahead_goes_on_above_what_was_taken() -> None:
    ahead = NOW + 10 * AHEAD_MS
    assert isinstance(judged(command(number=ahead + 1), ahead), Take)
    verdict = judged(command(number=ahead + AHEAD_MS + 1), ahead)
    assert isinstance(verdict, Refuse)
    assert verdict.code == "future"


def test_row_51_what_people_agreed_to_ends_by_the_latest_the_time_ever_was() -> None:
    agreed = command("reload_page", count=26, approvals={"siti": 0, "budi": 0}, expires=NOW + 500)
    later = TIME._replace(floor=NOW + 500)
    verdict = weigh(agreed, rules(), later, 0)
    assert isinstance(verdict, Refuse)
    assert verdict.code == "expired"
    assert isinstance(weigh(command(expires=NOW + 500), rules(), later, 0), Take)


def test_a_cancelled_one_that_was_never_seen_has_ended() -> None:
    verdict = judged(command(cancel=True))
    assert isinstance(verdict, Refuse)
    assert verdict.state == "cancelled"
