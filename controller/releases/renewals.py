"""What else people sign: that a release is no longer offered, and that a role lives another year."""

from typing import Final, NamedTuple

from sqlalchemy import Connection

from controller.people.audit import By
from controller.releases.folder import Releases

WARN_MS: Final = 60 * 86_400_000


class Ending(NamedTuple):
    """A role of the offline keys whose metadata expires soon, or did. Milliseconds since 1970."""

    role: str
    expires: int


def ending(releases: Releases, now: int) -> list[Ending]:
    """Roles that expire within WARN_MS: root and targets need a ceremony, the others `renew`."""
    raise NotImplementedError


def renew(conn: Connection, releases: Releases, role: str, by: By, now: int) -> int:
    """The signing (its id) of the role as it is, for another year. Raises Refused (`state`)."""
    raise NotImplementedError


def withdraw(conn: Connection, releases: Releases, release_id: int, by: By, now: int) -> int:
    """The signing (its id) that takes a published release off offer. Raises Refused.

    Kiosks that have it keep it. Inside a `writing` transaction, last in it.
    """
    raise NotImplementedError
