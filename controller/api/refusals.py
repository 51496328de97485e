"""What people were refused, in the audit log, and no more of it than a disk can bear.

Each account fills at most so many rows an hour, all together at most so many more; what is
beyond is counted, and the count stands in the next row that is written. A refusal that cannot be
written is still a refusal.
"""

from collections.abc import Callable
from contextlib import suppress
from threading import Lock
from typing import Final

from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from controller.api.gate import Refused
from controller.api.who import Caller
from controller.people import audit
from controller.store.engine import writing

HOUR_MS: Final = 3_600_000
MOST_EACH: Final = 60
MOST: Final = 1_000


class AuditedRefusals:
    """`clock` gives milliseconds since 1970."""

    def __init__(
        self, engine: Engine, clock: Callable[[], int], most_each: int = MOST_EACH, most: int = MOST
    ) -> None:
        self._engine = engine
        self._clock = clock
        self._most_each = most_each
        self._most = most
        self._lock = Lock()
        self._since = 0
        self._written: dict[int, int] = {}  # account -> rows in this hour
        self._silent: dict[int, int] = {}  # account -> refusals no row tells of yet

    def note(self, caller: Caller, refused: Refused) -> None:
        now = self._clock()
        silent = self._room(caller.person.account, now)
        if silent is None:
            return
        detail = {"method": refused.method, "path": refused.path, "by": caller.mark}
        if silent:
            detail["untold_before"] = str(silent)
        entry = audit.Entry(
            who=caller.person.login,
            what=refused.what,
            subject=refused.subject,
            district=refused.district,
            address=caller.address,
            detail=detail,
        )
        with suppress(DBAPIError), writing(self._engine) as conn:
            audit.append(conn, entry, now)

    def _room(self, account: int, now: int) -> int | None:
        """How many went untold before this one, or None: this one goes untold too."""
        with self._lock:
            if now - self._since >= HOUR_MS:
                self._since, self._written = now, {}
            mine = self._written.get(account, 0)
            if mine >= self._most_each or sum(self._written.values()) >= self._most:
                self._silent[account] = self._silent.get(account, 0) + 1
                return None
            self._written[account] = mine + 1
            return self._silent.pop(account, 0)
