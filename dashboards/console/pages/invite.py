"""Invitations as people see them: the code shown once, how far the kiosk has come, the sheet.

Which step a kiosk has reached is computed from the books at every look, never remembered.
"""

import csv
import io
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Select, func, select

from controller.people.powers import Scope
from controller.scope import sites_within
from controller.store.identity_tables import certificate, identity, invitation
from controller.store.tables import kiosk, site, thread
from controller.words import BadQuestion
from dashboards.console.doorplate import Doorplate, qr
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.numbers import whole
from dashboards.console.pages.page import Page, Part
from wire.invitation import Invitation

MOST: Final = 200  # cards of one sheet; for more there is a command
OFFERED: Final = 500
MOST_BYTES: Final = 256 * 1024
_WITHOUT: Final = ("registered", "pending", "quarantined", "revoked")
_STATE: Final = func.coalesce(identity.c.state, "registered")


class Candidate(NamedTuple):
    name: str
    site_name: str
    regency: str
    identity: str


class Ticket(NamedTuple):
    """One card of the sheet."""

    name: str
    site_name: str
    line: str
    qr: str


def code_of(made: Invitation, plate: Doorplate) -> dict[str, Any]:
    line = plate.line(made.code)
    return {"code": made.code, "groups": made.code.split("-"), "line": line, "qr": qr(line)}


def step(conn: Connection, invitation_id: int, kiosk_id: int, now: int) -> str:
    """waiting, signing, joined, online, or over: how far this invitation has come."""
    mine = (invitation.c.id == invitation_id, invitation.c.kiosk_id == kiosk_id)
    row = conn.execute(select(invitation).where(*mine)).first()
    if row is None or (row.used_at is None and (row.withdrawn_at or row.expires_at <= now)):
        return "over"
    if row.used_at is None:
        return "waiting"
    query = select(certificate.c.state).where(
        certificate.c.kiosk_id == kiosk_id, certificate.c.csr_sha256 == row.csr_sha256
    )
    state = conn.scalar(query.order_by(certificate.c.id.desc()).limit(1))
    if state == "requested":
        return "signing"
    if state not in ("issued", "current"):
        return "over"
    heard = conn.scalar(select(thread.c.last_heard).where(thread.c.kiosk_id == kiosk_id))
    return "online" if state == "current" and (heard or 0) > row.used_at else "joined"


def joined(ask: Ask) -> Mapping[str, Any]:
    """For the live line of the page that shows a code; `since` is the invitation's number."""
    name = str(ask.request.path_params["name"])
    number = ask.conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name)) or 0
    since = whole(ask.request.query_params.get("since"), "since", 0)
    if not since:  # the answer that shows the code: the newest invitation is this one
        query = select(func.max(invitation.c.id)).where(invitation.c.kiosk_id == number)
        since = ask.conn.scalar(query) or 0
    found = step(ask.conn, since, number, ask.now)
    return {"name": name, "kiosk_id": number, "since": since, "step": found}


def candidates(ask: Ask) -> Mapping[str, Any]:
    """Kiosks without an identity, where this person may invite."""
    wanted = _candidates(ask.scope("identity.invite"))
    total = ask.conn.scalar(select(func.count()).select_from(wanted.subquery())) or 0
    rows = ask.conn.execute(wanted.order_by(site.c.code, kiosk.c.name).limit(OFFERED))
    found = [Candidate(*row) for row in rows]
    return {"kiosks": found, "total": total, "most": MOST, "refusal": ""}


def names_in(data: bytes) -> list[str]:
    """The kiosks of a CSV: its column `kiosk`, or `name`, in whatever order and case.

    Raises BadQuestion.
    """
    try:
        text = data.decode("utf-8-sig")
        first = text.splitlines()[0] if text.strip() else ""
        mark = ";" if first.count(";") > first.count(",") else ","
        table = [row for row in csv.reader(io.StringIO(text), delimiter=mark) if any(row)]
        head = [cell.strip().lower() for cell in table[0]]
        at = next(head.index(word) for word in ("kiosk", "name") if word in head)
        names = [row[at].strip() for row in table[1:]]
    except (UnicodeDecodeError, csv.Error, IndexError, StopIteration):
        raise BadQuestion("csv", "", ["a column kiosk"]) from None
    return [name for name in dict.fromkeys(names) if name]


def tickets(conn: Connection, made: Mapping[str, Invitation], plate: Doorplate) -> Iterable[Ticket]:
    """In the order of places, as somebody drives from one to the next."""
    query = select(kiosk.c.name, site.c.name).join_from(kiosk, site)
    rows = conn.execute(query.where(kiosk.c.name.in_(made)).order_by(site.c.code, kiosk.c.name))
    for name, site_name in rows:
        line = plate.line(made[name].code)
        yield Ticket(name, site_name, line, qr(line))


def _candidates(scope: Scope) -> Select[Any]:
    return (
        select(kiosk.c.name, site.c.name.label("site_name"), site.c.regency, _STATE.label("state"))
        .join_from(kiosk, site, site.c.code == kiosk.c.site_code)
        .outerjoin(identity, identity.c.kiosk_id == kiosk.c.id)
        .where(_STATE.in_(_WITHOUT), *sites_within(scope, kiosk.c.site_code))
    )


JOINED: Final = Part("joined", "parts/joined.html", joined)
INVITED: Final = Page("invited.html", "kiosks", (JOINED,))
MANY: Final = Page("invite_many.html", "kiosks", (), candidates)
SHEET: Final = Page("sheet.html", "kiosks", ())
ACT: Final = Page("identity_act.html", "kiosks", (), lambda _: {"refusal": ""})
