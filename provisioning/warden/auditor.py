"""When the warden signs for the audit log, and when it must not.

Every five minutes and at the end it follows the chain from its last mark to the newest row, and
signs for that row. What does not follow is not signed for, and said aloud.
"""

from collections.abc import Callable

import msgspec
from sqlalchemy import Connection, select

from controller.people import audit
from controller.store.people_tables import audit as log
from provisioning.warden.checkpoints import EVERY_MS, Marks


class Auditor:
    """`n` and `at`: the last row signed for, and when it was last seen that all follows."""

    def __init__(self, marks: Marks, say: Callable[[str], None]) -> None:
        self.n, self.at = 0, 0
        self._marks, self._say = marks, say
        self._looked_at = 0
        self._trouble = ""

    def remember(self, n: int, at: int) -> None:
        """What the books say was signed for before we were started."""
        self.n, self.at = max(self.n, n), max(self.at, at)

    def due(self, now: int) -> bool:
        return not 0 <= now - self._looked_at < EVERY_MS

    def restored(self, conn: Connection) -> int:
        """Until when (milliseconds) more was signed for than this database knows; 0: it is ours."""
        try:
            last = self._marks.last
        except msgspec.DecodeError:
            return 0
        if last is None or not _broken(conn, audit.Mark(last.n, last.hash)):
            return 0
        return last.at

    def step(self, conn: Connection, now: int) -> None:
        """`conn` only reads. Raises SQLAlchemyError, OSError."""
        self._looked_at = now
        try:
            last = self._marks.last
        except msgspec.DecodeError:
            self._complain("its file of marks was edited")
            return
        start = audit.START if last is None else audit.Mark(last.n, last.hash)
        if why := _broken(conn, start) or self._cut(start):
            self._complain(why)
            return
        verdict = audit.verify(conn, after=start)
        if not verdict.ok:
            self._complain(verdict.why)
        elif verdict.mark.n > start.n:
            self._marks.add(verdict.mark.n, verdict.mark.hash, now)
        if verdict.ok:
            self.n, self.at, self._trouble = verdict.mark.n, now, ""

    def _cut(self, last: audit.Mark) -> str:
        """Without any file of marks we begin anew: an administrator moved it away."""
        if last == audit.START or self.n <= last.n:
            return ""
        return f"the marks end at row {last.n}, though row {self.n} was signed for"

    def _complain(self, why: str) -> None:
        if why != self._trouble:
            self._say(
                f"THE AUDIT LOG IS NOT WHAT WAS SIGNED FOR: {why}. Run `anjungan audit verify`"
            )
        self._trouble = why


def hash_of(conn: Connection, n: int) -> str | None:
    found: str | None = conn.scalar(select(log.c.hash).where(log.c.n == n))
    return found


def _broken(conn: Connection, start: audit.Mark) -> str:
    if start == audit.START or (there := hash_of(conn, start.n)) == start.hash:
        return ""
    return f"row {start.n} is {'gone' if there is None else 'another one'}"
