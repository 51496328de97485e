"""How identities stand, for people: one kiosk whole, all of them by page, and who ends soon.

Only reads. Everything it shows stands in the books; of the broker it says no more than the warden
has proven (`shut_at`, `listed_at`).
"""

from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from sqlalchemy import ColumnElement, Connection, Select, and_, func, select

from controller.identity.csr import fingerprint
from controller.identity.invitations import Row as InvitationRow
from controller.identity.invitations import invitations_of
from controller.identity.states import REGISTERED, NoSuchKiosk
from controller.kiosk_list import called_like
from controller.paging import Page, check_page
from controller.people.powers import EVERYWHERE, Scope
from controller.scope import sites_within
from controller.store.identity_tables import certificate, identity, invitation
from controller.store.tables import kiosk, site
from controller.words import check_text, check_words
from wire.door import GRACE_DAYS, LIFE_DAYS
from wire.lifecycle import IDENTITY, states

DAY_MS: Final = 86_400_000
STATES: Final = tuple(sorted(states(IDENTITY)))
LATE_MS: Final = LIFE_DAYS // 3 * DAY_MS  # renewal is due at half life: this is well after it
LATE: Final = ("late", "expired", "lost")
_STATE = func.coalesce(identity.c.state, REGISTERED)


@dataclass(frozen=True, kw_only=True)
class IdentityQuery:
    """Raises BadQuestion for a word outside its set."""

    states: tuple[str, ...] = ()
    search: str = ""  # part of the kiosk's or its site's name
    page: int = 1
    size: int = 50

    def __post_init__(self) -> None:
        check_words("state", self.states, STATES)
        check_text("search", self.search)
        check_page(self.page, self.size)


class IdentityRow(NamedTuple):
    """`open_until` is the end of the open invitation; `not_after` of the newest live certificate.

    `shut_at` is when the broker was proven to refuse the kiosk: None until then, or when it may in.
    """

    kiosk_id: int
    kiosk: str
    site_code: str
    site_name: str
    state: str
    since: int | None
    why: str
    shut_at: int | None
    not_after: int | None
    open_until: int | None


class CertificateRow(NamedTuple):
    """Times in milliseconds since 1970. `key` is the fingerprint shown on the kiosk, too."""

    id: int
    state: str
    via: str
    serial: str | None
    key_sha256: str
    requested_at: int
    issued_at: int | None
    not_before: int | None
    not_after: int | None
    first_used_at: int | None
    ended_at: int | None
    ended_why: str | None
    listed_at: int | None

    @property
    def key(self) -> str:
        return fingerprint(self.key_sha256)


class Whole(NamedTuple):
    """Newest certificates and invitations first."""

    identity: IdentityRow
    certificates: list[CertificateRow]
    invitations: list[InvitationRow]


class Late(NamedTuple):
    """An active kiosk that did not renew in time. `how`: late, expired, or lost (needs a code)."""

    kiosk_id: int
    kiosk: str
    site_code: str
    site_name: str
    serial: str
    not_after: int
    how: str


def list_identities(
    conn: Connection, query: IdentityQuery, now: int, scope: Scope = EVERYWHERE
) -> Page[IdentityRow]:
    """By name of kiosk."""
    wanted: list[ColumnElement[bool]] = [*sites_within(scope, kiosk.c.site_code)]
    if query.states:
        wanted.append(_STATE.in_(query.states))
    if query.search.strip():
        wanted.append(kiosk.c.id.in_(select(kiosk.c.id).where(called_like(query.search))))
    numbers = _joined(select(func.count())).where(*wanted)
    rows = _rows(now).where(*wanted).order_by(kiosk.c.name)
    page = rows.limit(query.size).offset((query.page - 1) * query.size)
    found = [IdentityRow(*row) for row in conn.execute(page)]
    return Page(found, conn.scalar(numbers) or 0, query.page, query.size)


def show(conn: Connection, name: str, now: int) -> Whole:
    """Raises NoSuchKiosk."""
    row = conn.execute(_rows(now).where(kiosk.c.name == name)).first()
    if row is None:
        raise NoSuchKiosk(name)
    one = IdentityRow(*row)
    columns: list[Any] = [certificate.c[field] for field in CertificateRow._fields]
    query = select(*columns).where(certificate.c.kiosk_id == one.kiosk_id)
    found = conn.execute(query.order_by(certificate.c.id.desc()))
    certificates = [CertificateRow(*row) for row in found]
    return Whole(one, certificates, invitations_of(conn, one.kiosk_id))


def counts(conn: Connection, scope: Scope = EVERYWHERE) -> dict[str, int]:
    """How many kiosks are in each state; every state is a key."""
    here = sites_within(scope, kiosk.c.site_code)
    words: list[Any] = [_STATE, func.count()]
    grouped = select(*words).group_by(_STATE)
    tally = {row[0]: row[1] for row in conn.execute(_joined(grouped).where(*here))}
    return {state: tally.get(state, 0) for state in STATES}


def late(conn: Connection, now: int, scope: Scope = EVERYWHERE, most: int = 500) -> list[Late]:
    """Active kiosks whose newest live certificate ends within a month: worst first.

    Renewal is due 45 days before the end: who stands here has tried in vain or was not there.
    """
    newest = _newest_end()
    query = (
        select(
            kiosk.c.id,
            kiosk.c.name,
            kiosk.c.site_code,
            site.c.name,
            certificate.c.serial,
            certificate.c.not_after,
        )
        .join_from(identity, kiosk, kiosk.c.id == identity.c.kiosk_id)
        .join(site, site.c.code == kiosk.c.site_code)
        .join(certificate, and_(certificate.c.kiosk_id == kiosk.c.id, _live()))
        .where(
            identity.c.state == "active",
            certificate.c.not_after == newest,
            certificate.c.not_after < now + LATE_MS,
            *sites_within(scope, kiosk.c.site_code),
        )
        .order_by(certificate.c.not_after, kiosk.c.name)
    )
    return [Late(*row, _how(row[-1], now)) for row in conn.execute(query.limit(most))]


def _how(not_after: int, now: int) -> str:
    if now > not_after + GRACE_DAYS * DAY_MS:
        return "lost"
    return "expired" if now > not_after else "late"


def _live() -> ColumnElement[bool]:
    return certificate.c.state.in_(("issued", "current"))


def _newest_end() -> Any:
    ends = certificate.alias()
    return (
        select(func.max(ends.c.not_after))
        .where(ends.c.kiosk_id == kiosk.c.id, ends.c.state.in_(("issued", "current")))
        .correlate(kiosk)
        .scalar_subquery()
    )


def _rows(now: int) -> Select[Any]:
    still_open = (
        select(func.max(invitation.c.expires_at))
        .where(
            invitation.c.kiosk_id == kiosk.c.id,
            invitation.c.used_at.is_(None),
            invitation.c.withdrawn_at.is_(None),
            invitation.c.expires_at > now,
        )
        .correlate(kiosk)
        .scalar_subquery()
    )
    named: list[Any] = [kiosk.c.id, kiosk.c.name, kiosk.c.site_code, site.c.name, _STATE]
    state: list[Any] = [identity.c.since, func.coalesce(identity.c.why, ""), identity.c.shut_at]
    return _joined(select(*named, *state, _newest_end(), still_open))


def _joined(query: Select[Any]) -> Select[Any]:
    return (
        query.select_from(kiosk)
        .join(site, site.c.code == kiosk.c.site_code)
        .outerjoin(identity, identity.c.kiosk_id == kiosk.c.id)
    )
