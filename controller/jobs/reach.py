"""Where the kiosks of a job or a rollout stand: who may see and steer it, and the log's word of it.

Seen by whoever may see one of its kiosks; steered by whoever holds the power over all of them.
"""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, not_

from controller.deeds import Doer
from controller.jobs.refused import Lacks
from controller.people import audit
from controller.people.powers import Scope
from controller.scope import Outside, within
from controller.store.tables import kiosk


class Reach(NamedTuple):
    """`subject`: what people call it. `places`: a query of the site codes of its kiosks."""

    subject: str
    places: Select[Any]

    def must_hold(self, conn: Connection, by: Doer, power: str) -> None:
        """Raises Lacks, and Outside when it has a kiosk where this person lacks the power."""
        scope = by.person.scope(power)
        if not scope.districts:
            raise Lacks(power)
        self.must_cover(conn, scope)

    def must_cover(self, conn: Connection, scope: Scope) -> None:
        """Raises Outside when it has a kiosk beyond the scope."""
        beyond = self.places.where(not_(within(scope, kiosk.c.site_code)))
        outside = conn.scalar(beyond.limit(1))
        if outside is not None:
            raise Outside(self.subject, outside)

    def must_see(self, conn: Connection, scope: Scope) -> None:
        """Raises Outside when none of its kiosks lies in the scope."""
        if scope.everywhere:
            return
        inside = self.places.where(within(scope, kiosk.c.site_code))
        if conn.scalar(inside.limit(1)) is None:
            raise Outside(self.subject, conn.scalar(self.places.limit(1)) or "")

    def write_down(
        self, conn: Connection, by: Doer, what: str, now: int, detail: Mapping[str, Any]
    ) -> None:
        """In the audit log."""
        codes = conn.scalars(self.places.distinct())
        audit.append(conn, self.entry(by, what, codes, detail), now)

    def entry(
        self, by: Doer, what: str, codes: Iterable[str], detail: Mapping[str, Any]
    ) -> audit.Entry:
        """For the audit log. `codes`: of the sites where its kiosks stand."""
        district = common(codes)
        return audit.Entry(by.person.login, what, self.subject, district, by.address, detail)


def common(codes: Iterable[str]) -> str:
    """The smallest district that holds all of these sites; empty for everywhere."""
    same = []
    for level in zip(*(code.split(".") for code in set(codes)), strict=False):
        if len(set(level)) > 1:
            break
        same.append(level[0])
    return ".".join(same)
