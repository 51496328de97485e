"""Who may speak for a kiosk's name, on its page: state, certificate, invitation, what may be done.

Reads the books of controller.identity. Which acts a state allows stands in ACTS, which power each
needs in NEEDS; the page offers no act that would be refused.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple

from controller.identity import standing
from controller.identity.invitations import Row as Invitation
from controller.identity.standing import CertificateRow, Whole
from dashboards.console import words
from dashboards.console.pages.ask import Ask
from dashboards.console.pages.page import Part
from dashboards.console.texts import Texts

LATE_MS: Final = 10_000  # a revocation is proven within five seconds where all is well
SHUT: Final = ("quarantined", "revoked", "decommissioned")
LIVE: Final = ("issued", "current")
NEEDS: Final = {
    "invite": "identity.invite",
    "replace": "identity.invite",
    "release": "identity.invite",
    "withdraw": "identity.invite",
    "revoke": "identity.revoke",
    "decommission": "identity.bury",
}
ACTS: Final = {
    "registered": ("invite", "decommission"),
    "pending": ("invite", "withdraw", "revoke", "decommission"),
    "active": ("replace", "withdraw", "revoke", "decommission"),
    "quarantined": ("release", "revoke", "decommission"),
    "revoked": ("invite", "decommission"),
    "decommissioned": (),
}


class Certificate(NamedTuple):
    """The one in use, else the newest. `soon`: renewal is long due."""

    serial: str
    key: str
    via: str
    issued_at: int
    not_after: int
    expired: bool
    soon: bool


class Shown(NamedTuple):
    """How an identity stands, for the panel.

    `shut_after` says how long it took until the broker was proven to refuse; `waiting`: a new
    machine holds a certificate that it has not used.
    """

    state: str
    why: str
    since: int | None
    shut_after: str | None
    shutting: bool
    late: bool
    invitation: Invitation | None
    certificate: Certificate | None
    waiting: bool


def load(ask: Ask) -> Mapping[str, Any]:
    """Raises NoSuchKiosk of controller.identity."""
    name = str(ask.request.path_params["name"])
    whole = standing.show(ask.conn, name, ask.now)
    one, site = shown(whole, ask.now, ask.t), whole.identity.site_code
    acts = [act for act in allowed(one) if ask.may(NEEDS[act], site)]
    seen = ask.may("identity.see", site)
    number = whole.identity.kiosk_id
    return {"name": name, "kiosk_id": number, "shown": seen, "one": one, "acts": acts}


def allowed(one: Shown) -> list[str]:
    """Acts of its state; there is something to withdraw only while an invitation is open."""
    acts = ACTS.get(one.state, ())
    return [act for act in acts if act != "withdraw" or one.invitation is not None]


def shown(whole: Whole, now: int, t: Texts) -> Shown:
    one = whole.identity
    ended = one.state in SHUT
    shutting = ended and one.shut_at is None and one.since is not None
    live = [cert for cert in whole.certificates if cert.state in LIVE]
    current = next((cert for cert in live if cert.state == "current"), None)
    return Shown(
        state=one.state,
        why="".join(piece.text for piece in words.said(one.why, t)) if ended else "",
        since=one.since,
        shut_after=_span(one.since, one.shut_at, t) if ended else None,
        shutting=shutting,
        late=shutting and now - (one.since or now) > LATE_MS,
        invitation=next((row for row in whole.invitations if row.state(now) == "open"), None),
        certificate=_certificate(current or next(iter(live), None), now),
        waiting=current is not None and any(_is_new(cert, current) for cert in live),
    )


def _is_new(cert: CertificateRow, current: CertificateRow) -> bool:
    return cert.state == "issued" and cert.via == "enrol" and cert.id > current.id


def _certificate(cert: CertificateRow | None, now: int) -> Certificate | None:
    if cert is None or cert.not_after is None:
        return None
    return Certificate(
        serial=_short(cert.serial or ""),
        key=cert.key,
        via=cert.via,
        issued_at=cert.issued_at or cert.requested_at,
        not_after=cert.not_after,
        expired=now > cert.not_after,
        soon=now > cert.not_after - standing.LATE_MS,
    )


def _short(serial: str) -> str:
    return f"{serial[:12]}…" if len(serial) > 13 else serial


def _span(since: int | None, shut_at: int | None, t: Texts) -> str | None:
    if since is None or shut_at is None:
        return None
    return words.seconds(max(0, shut_at - since) / 1000, t)


PART: Final = Part("identity", "parts/identity.html", load)
