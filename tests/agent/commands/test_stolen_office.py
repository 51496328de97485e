"""Whoever has the office's key signs numbers and the time, too: what that is good for, and its end.

A policy without the stolen key, signed by the roots, must give the kiosk back whole.
"""

from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec.structs import replace

from agent.commands.executor import MOST_TAKEN
from agent.commands.ledger import Ledger
from tests.agent.commands.played import Played
from wire.envelope import Envelope
from wire.messages import NewPolicy
from wire.policy import AHEAD_MS, FURTHEST, Rule

OK = ("succeeded", "")
FAR = 2**53
FREE = {"routine": Rule(approvals=0), "destructive": Rule(approvals=2)}
HOUR_MS = 3_600_000


def rule(played: Played, **changes: object) -> None:
    """From now on by another policy."""
    policy = played.ceremony.policy(played.standing.policy + 1, **changes)
    signed = played.ceremony.signed_policy(policy)
    played.commands.heard(NewPolicy(policy=signed.policy, signatures=signed.signatures))
    played.born()


def agreed(played: Played, kind: str = "reload_page") -> Envelope:
    """What two people agreed to for the whole fleet."""
    at = played.office_now
    return played.envelope(kind, count=100, approvals={"siti": at, "budi": at})


def take_the_key_away(played: Played) -> None:
    played.ceremony.office = Ed25519PrivateKey.generate()
    rule(played, rules=FREE)


def test_row_51_numbers_near_their_end_lock_no_kiosk_out(played: Played) -> None:
    told = FAR - 10_000
    played.do(played.envelope(number=told, expires=FAR), now=told)
    played.do(played.envelope(number=FURTHEST + AHEAD_MS, expires=FAR), now=told)
    assert played.ends() == [("rejected", "future"), OK]
    above = played.born().number + 1
    played.do(played.envelope(number=above))
    played.again().do(played.envelope(number=above + 1))
    assert played.ends() == [("rejected", "future"), OK, OK, OK]


def test_row_51_a_time_far_ahead_ends_with_the_key_that_told_it(played: Played) -> None:
    rule(played, rules=FREE)
    played.do(now=FAR - 10_000)
    played.born()
    played.do(agreed(played))
    assert played.ends() == [("expired", "expired")]
    take_the_key_away(played)
    played.do(agreed(played))
    assert played.ends()[-1] == OK


def test_row_51_a_kiosk_full_of_what_never_begins_is_free_again_without_the_stolen_key(
    played: Played,
) -> None:
    later: dict[str, Any] = {"not_before": FAR - 1, "expires": FAR}
    for _ in range(MOST_TAKEN // 8):
        played.do(*[played.envelope(**later) for _ in range(8)])
    played.do(played.envelope())
    assert played.ends() == []
    take_the_key_away(played)
    assert played.ends() == [("rejected", "unknown_key")] * MOST_TAKEN
    played.do(played.envelope())
    assert played.ends()[-1] == OK


def test_a_policy_that_keeps_the_office_s_key_forgets_no_number(played: Played) -> None:
    played.do(played.envelope())
    before = played.standing.number
    rule(played, rules=FREE)
    assert played.standing.number > before


def test_row_51_what_people_agreed_to_long_ago_is_not_revived_by_a_clock_set_back(
    played: Played,
) -> None:
    rule(played, rules=FREE)
    old = agreed(played)
    played.now += 2 * 3600
    played.do()  # the office has told the time since
    played.born()
    played.do(old, now=played.office_now - 2 * HOUR_MS)
    assert played.ends() == [("expired", "expired")]
    assert played.asked == []


def test_an_office_whose_clock_was_wrong_goes_on_when_it_is_right_again(played: Played) -> None:
    tomorrow = played.office_now + 24 * HOUR_MS
    played.do(played.envelope(number=tomorrow, expires=tomorrow + 1_000), now=tomorrow)
    above = played.born().number + 1
    played.do(played.envelope(number=above))
    assert played.ends() == [OK, OK]


def test_row_51_what_people_agreed_to_is_not_repeated_by_drowning_its_memory(
    played: Played, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Ledger.__init__, "__defaults__", (4, 4))
    monkeypatch.setattr("agent.commands.ledger.PRUNE_EVERY", 1)
    rule(played, rules=FREE)
    played.again()
    once = agreed(played)
    played.do(once)
    for _ in range(6):
        played.do(played.envelope())
    played.do(replace(once, number=played.numbers + 1))
    assert len(played.asked) == 1


@pytest.mark.parametrize("ahead_ms", [0, HOUR_MS + 1_000, 400 * 24 * HOUR_MS])
def test_row_51_a_rate_is_counted_by_the_kiosk_s_own_clock_whatever_the_office_says(
    played: Played, ahead_ms: int
) -> None:
    rule(played, rules=FREE, an_hour={"reload_page": 2})
    for step in range(4):
        told = played.office_now + step * ahead_ms
        played.do(played.envelope("reload_page", expires=told + HOUR_MS), now=told)
        played.born()
    assert len(played.asked) == 2
    played.now += 3_700
    played.born()
    played.do(played.envelope("reload_page"))
    assert len(played.asked) == 3, "and nobody is locked out for longer than an hour"
