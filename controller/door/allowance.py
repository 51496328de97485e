"""How much one caller may ask: failed codes by address, signed requests by kiosk, all at once.

Owns the counters, in memory: they are a brake, no record. Only FAILED redemptions count against an
address: a thousand kiosks enrolled through one proxy are no attack. A signed request counts only
once its signature is verified: else strangers could spend a kiosk's allowance.
"""

import time
from typing import Final

from limits import RateLimitItem, RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import FixedWindowRateLimiter

from controller.door.addresses import bucket
from controller.door.refusals import Refused

FAILED: Final = RateLimitItemPerMinute(20, 15, namespace="failed")  # 20 in 15 minutes
SIGNED: Final = RateLimitItemPerMinute(120, 1, namespace="signed")


class Allowance:
    def __init__(self, failed: RateLimitItem = FAILED, signed: RateLimitItem = SIGNED) -> None:
        self._counters = FixedWindowRateLimiter(MemoryStorage())
        self._failed = failed
        self._signed = signed

    def check(self, address: str) -> None:
        """Raises Refused `locked_out` for an address that tried too many wrong codes."""
        if not self._counters.test(self._failed, bucket(address)):
            why = "too many wrong codes from this address: wait, then ask for a new code"
            raise Refused("locked_out", why, self._rest(self._failed, bucket(address)))

    def failed(self, address: str) -> bool:
        """Counts a wrong code; whether it was the one that locks the address out."""
        self._counters.hit(self._failed, bucket(address))
        return not self._counters.test(self._failed, bucket(address))

    def signed(self, kiosk: str) -> None:
        """Counts a signed request. Raises Refused `slow_down`."""
        if not self._counters.hit(self._signed, kiosk):
            why = f"more than {self._signed.amount} requests a minute"
            raise Refused("slow_down", why, self._rest(self._signed, kiosk))

    def _rest(self, item: RateLimitItem, key: str) -> int:
        stats = self._counters.get_window_stats(item, key)
        return max(1, round(stats.reset_time - time.time()))
