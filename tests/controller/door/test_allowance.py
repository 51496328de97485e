"""A brake for whoever guesses or floods, not for whoever works a lot."""

import pytest
from limits import RateLimitItemPerHour, RateLimitItemPerMinute

from controller.door.allowance import HANDED, Allowance
from controller.door.refusals import Refused


def test_row_40_wrong_codes_lock_their_address_out_and_no_other() -> None:
    allowance = Allowance(failed=RateLimitItemPerMinute(3, namespace="failed"))
    assert [allowance.failed("192.0.2.1") for _ in range(4)] == [False, False, True, True]
    with pytest.raises(Refused) as refused:
        allowance.check("192.0.2.1")
    assert refused.value.code == "locked_out"
    assert 1 <= (refused.value.retry_after_s or 0) <= 60
    allowance.check("192.0.2.2")


def test_right_codes_never_count() -> None:
    allowance = Allowance(failed=RateLimitItemPerMinute(1, namespace="failed"))
    for _ in range(1000):
        allowance.check("192.0.2.1")


def test_signed_requests_are_counted_by_kiosk() -> None:
    allowance = Allowance(signed=RateLimitItemPerMinute(2, namespace="signed"))
    allowance.signed("one")
    allowance.signed("one")
    with pytest.raises(Refused) as refused:
        allowance.signed("one")
    assert refused.value.code == "slow_down"
    allowance.signed("two")


def test_bytes_are_paid_for_by_the_kilobyte_each_kiosk_for_itself() -> None:
    budget = RateLimitItemPerHour(10, 1, namespace="speed")
    allowance = Allowance()
    allowance.bulk(budget, "bdg-a-1", 9 * 1024)
    with pytest.raises(Refused, match="slow_down") as refused:
        allowance.bulk(budget, "bdg-a-1", 1025)
    assert refused.value.retry_after_s
    allowance.bulk(budget, "bdg-a-1", 1)
    with pytest.raises(Refused, match="slow_down"):
        allowance.bulk(budget, "bdg-a-1", 1)
    allowance.bulk(budget, "bdg-a-2", 10 * 1024)
    allowance.bulk(HANDED, "bdg-a-1", 10 * 1024)
