"""What else people sign: that a release is no longer offered, that a list lives another year.

Owns no table: what is signed is begun and kept in controller/releases/signing.py.
"""

from datetime import datetime
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, select

from controller.jobs.refused import Refused
from controller.people import audit
from controller.people.audit import By
from controller.releases import log, metadata, signing
from controller.releases.folder import Releases
from controller.store.release_tables import release
from wire.content import ROLES, role_of, target_path

WARN_MS: Final = 60 * 86_400_000


class Ending(NamedTuple):
    """A role of the offline keys whose metadata expires soon, or did. Milliseconds since 1970."""

    role: str
    expires: int


def ending(releases: Releases, now: int) -> list[Ending]:
    """Roles that expire within WARN_MS: root and targets need a ceremony, the others `renew`.

    The soonest first; empty before the first ceremony. Raises Held.
    """
    found = metadata.present(releases)
    if found is None:
        return []
    every: dict[str, Any] = {"root": found.root, "targets": found.targets, **found.roles}
    ends = [Ending(role, _ms(one.signed.expires)) for role, one in every.items()]
    return sorted((one for one in ends if one.expires < now + WARN_MS), key=lambda one: one.expires)


def renew(conn: Connection, releases: Releases, role: str, by: By, now: int) -> int:
    """The signing (its id) of the role as it is, for another year. Raises Refused.

    Inside a `writing` transaction, last in it.
    """
    if role not in ROLES:
        raise Refused("role", f"{' or '.join(ROLES)}: the others need a ceremony")
    one = signing.begin(conn, releases, role, "renew", None, lambda _: None, by, now)
    entry = audit.Entry(by.who, "release.renew", f"signing {one.id}", "", by.address)
    log.write(conn, entry, now)
    return one.id


def withdraw(conn: Connection, releases: Releases, release_id: int, by: By, now: int) -> int:
    """The signing (its id) that takes a published release off offer. Raises Refused.

    Kiosks that have it keep it. Inside a `writing` transaction, last in it.
    """
    row = conn.execute(select(release).where(release.c.id == release_id)).one_or_none()
    if row is None:
        raise Refused("unknown", "there is no such release")
    if row.state != "published":
        raise Refused("state", f"{row.bundle} {row.seq} is {row.state}: it is not on offer")
    path = target_path(row.bundle, row.seq)
    one = signing.begin(
        conn,
        releases,
        role_of(row.bundle),
        "withdraw",
        release_id,
        lambda list_: list_.targets.pop(path, None),
        by,
        now,
    )
    subject = f"{row.bundle} {row.seq}"
    entry = audit.Entry(by.who, "release.withdraw", subject, "", by.address, {"signing": one.id})
    log.write(conn, entry, now)
    return one.id


def _ms(when: datetime) -> int:
    return int(when.timestamp() * 1000)
