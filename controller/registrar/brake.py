"""How often one account does something within an hour. In memory: a brake, no record.

For accounts whose power is not in doubt: it bounds what somebody can do who has stolen one.
"""

import threading
from collections import deque
from typing import Final

from controller.registrar.client import CannotOpen

HOUR_MS: Final = 3_600_000


class Brake:
    """At most `most` an hour and account; `what` they are, for whoever is refused."""

    def __init__(self, most: int, what: str) -> None:
        self._most, self._what = most, what
        self._alone = threading.Lock()
        self._times: dict[int, deque[int]] = {}

    def check(self, account_id: int, now: int) -> None:
        """Counts one. Raises CannotOpen `denied`, which counts for nothing."""
        with self._alone:
            times = self._times.setdefault(account_id, deque())
            while times and times[0] <= now - HOUR_MS:
                times.popleft()
            if len(times) >= self._most:
                why = f"more than {self._most} {self._what} in an hour by one account"
                raise CannotOpen("denied", f"{why}: wait, or ask why")
            times.append(now)
