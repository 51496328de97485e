"""How much one caller may ask: guesses by address, refusals by code, signed requests by kiosk.

Owns the counters, in memory: they are a brake, no record. Only codes that NOBODY ISSUED count
against an address and are kept out by it: who guesses behind the same router as an honest kiosk
does not keep that one out. A code that was issued counts by itself: who has an old one does not
fill the log with it. A signed request counts only once its signature is verified: else strangers
could spend a kiosk's allowance.
"""

import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerDay, RateLimitItemPerHour, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from controller.door.addresses import bucket
from controller.door.refusals import Refused

FAILED: Final = RateLimitItemPerMinute(20, 15, namespace="failed")  # 20 in 15 minutes
SIGNED: Final = RateLimitItemPerMinute(120, 1, namespace="signed")
HANDED: Final = RateLimitItemPerHour(16 * 1024, 1, namespace="handed")  # kB
SPEED: Final = RateLimitItemPerHour(16 * 1024, 1, namespace="speed")  # kB, both directions
# A kiosk that was without a line for months brings everything at once.
RECORDS: Final = RateLimitItemPerHour(64 * 1024, 1, namespace="records")  # kB
RECORD_RATE: Final = RateLimitItemPerMinute(1_200, 1, namespace="record")
QUESTIONS: Final = RateLimitItemPerMinute(60, 10, namespace="questions")  # by kiosk
GUESSES: Final = RateLimitItemPerMinute(5, 15, namespace="guesses")  # wrong digits, by number
DAILY: Final = RateLimitItemPerDay(25, 1, namespace="daily")  # the same: 10,000 take a year
MISSES: Final = RateLimitItemPerHour(40, 1, namespace="misses")  # the same, by kiosk
PHOTOS: Final = RateLimitItemPerMinute(20, 10, namespace="photos")  # by address
PHOTOS_OF_KIOSK: Final = RateLimitItemPerHour(120, 1, namespace="photos-of")


class Allowance:
    def __init__(self, failed: RateLimitItem = FAILED, signed: RateLimitItem = SIGNED) -> None:
        self._counters = FixedWindowRateLimiter(MemoryStorage())
        self._failed = failed
        self._signed = signed

    def check(self, by: str) -> None:
        """`by`: an address, or the mark of a code. Raises Refused `locked_out` after too many."""
        if not self._counters.test(self._failed, bucket(by)):
            why = "too many wrong codes, or this one too often: wait, then ask for a new code"
            raise Refused("locked_out", why, self._rest(self._failed, bucket(by)))

    def failed(self, by: str) -> bool:
        """Counts a wrong code; whether it was the one after which `by` is locked out."""
        self._counters.hit(self._failed, bucket(by))
        return not self._counters.test(self._failed, bucket(by))

    def signed(self, kiosk: str, rate: RateLimitItem | None = None) -> None:
        """Counts a signed request, against a `rate` of its own. Raises Refused `slow_down`."""
        item = self._signed if rate is None else rate
        if not self._counters.hit(item, kiosk):
            why = f"more than {item.amount} requests a minute"
            raise Refused("slow_down", why, self._rest(item, kiosk))

    def once(self, item: RateLimitItem, by: str) -> int:
        """Counts one of what is limited apart; 0, or how many seconds to wait first."""
        return 0 if self._counters.hit(item, by) else self._rest(item, by)

    def used_up(self, item: RateLimitItem, by: str, beside: int = 0) -> int:
        """As `once`, and counts nothing; `beside` more that may still be counted."""
        return 0 if self._counters.test(item, by, cost=1 + beside) else self._rest(item, by)

    def bulk(self, budget: RateLimitItem, kiosk: str, size: int) -> None:
        """Counts bytes against HANDED or SPEED. Raises Refused `slow_down`, which costs nothing."""
        cost = -(-size // 1024)
        if not self._counters.test(budget, kiosk, cost=cost):
            why = f"{budget.namespace}: more than {budget.amount} kB an hour"
            raise Refused("slow_down", why, self._rest(budget, kiosk))
        self._counters.hit(budget, kiosk, cost=cost)

    def _rest(self, item: RateLimitItem, key: str) -> int:
        stats = self._counters.get_window_stats(item, key)
        return max(1, round(stats.reset_time - time.time()))
