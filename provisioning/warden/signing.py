"""Requested certificates become issued ones, or are refused with the reason.

Weighs and signs outside any transaction, so that nobody waits for it, and stores under the lock
that everybody takes who changes an identity: what was ended meanwhile is not issued. Killed
anywhere, a request is simply still `requested`: a certificate that was not stored never existed.
"""

from collections.abc import Callable, Iterable
from typing import Any, Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import Connection, Engine, bindparam, select, update

from controller.identity.states import By, Said, Subject, hold_all, tell
from controller.store.engine import writing
from controller.store.identity_tables import certificate, identity
from controller.store.tables import kiosk
from provisioning.authority.certificates import Authority, BadName, for_kiosk, ms
from provisioning.authority.requests import RequestRefused, read
from provisioning.warden.ledger import Ledger, Line
from wire.lifecycle import CERTIFICATE, move

AT_ONCE: Final = 200
WARDEN: Final = By("warden")


class Waiting(NamedTuple):
    """A row that waits for us; `id` is the certificate's."""

    id: int
    kiosk_id: int
    kiosk: str
    via: str
    csr: bytes
    csr_sha256: str
    key_sha256: str


class Weighed(NamedTuple):
    """`paper` when it may be signed, else `why` not."""

    asked: Waiting
    paper: x509.Certificate | None
    why: str


class Signer:
    """`wall` gives milliseconds since 1970."""

    def __init__(
        self, engine: Engine, device: Authority, ledger: Ledger, wall: Callable[[], int]
    ) -> None:
        self._engine, self._device, self._ledger, self._wall = engine, device, ledger, wall

    def step(self) -> int:
        """How many requests were decided; at most AT_ONCE. Raises SQLAlchemyError, OSError."""
        with self._engine.connect() as conn:
            waiting = _waiting(conn)
        if not waiting:
            return 0
        now = self._wall()
        weighed = [self._weigh(one, now) for one in waiting]
        with writing(self._engine) as conn:
            return _store(conn, self._ledger, weighed, now)

    def _weigh(self, one: Waiting, now: int) -> Weighed:
        try:
            asked = read(one.csr)
            paper = for_kiosk(self._device, one.kiosk, asked.public, now)
        except (RequestRefused, BadName) as error:
            return Weighed(one, None, str(error))
        same = asked.key_sha256 == one.key_sha256
        return Weighed(one, paper, "" if same else "the request is for another key than stored")


def _waiting(conn: Connection) -> list[Waiting]:
    names = ("via", "csr", "csr_sha256", "key_sha256")
    columns = (certificate.c.id, certificate.c.kiosk_id, kiosk.c.name)
    query = select(*columns, *(certificate.c[name] for name in names))
    query = query.join(kiosk, kiosk.c.id == certificate.c.kiosk_id)
    query = query.where(certificate.c.state == "requested").order_by(certificate.c.id)
    return [Waiting(*row) for row in conn.execute(query.limit(AT_ONCE))]


def _store(conn: Connection, ledger: Ledger, weighed: Iterable[Weighed], now: int) -> int:
    found = [*weighed]
    subjects = {one.id: one for one in hold_all(conn, {one.asked.kiosk for one in found})}
    still = _still_waiting(conn, [one.asked.id for one in found])
    trouble = _trouble(conn, [one.asked for one in found])
    decided = [
        one._replace(why=one.why or trouble.get(one.asked.id, ""))
        for one in found
        if one.asked.id in still
    ]
    signed = [(one, _issued(one, now)) for one in decided if not one.why]
    ledger.add(_line(one.asked, values) for one, values in signed)
    _write(conn, [values for _, values in signed])
    _write(conn, [_refused(one, now) for one in decided if one.why])
    tell(conn, WARDEN, [_said(one, subjects[one.asked.kiosk_id]) for one in decided], now)
    return len(decided)


def _still_waiting(conn: Connection, ids: list[int]) -> set[int]:
    same = (certificate.c.id.in_(ids), certificate.c.state == "requested")
    return set(conn.scalars(select(certificate.c.id).where(*same)))


def _trouble(conn: Connection, asked: list[Waiting]) -> dict[int, str]:
    """Why not, by certificate: the kiosk is not active, or the key is known from elsewhere."""
    query = select(identity.c.kiosk_id, identity.c.state)
    query = query.where(identity.c.kiosk_id.in_({one.kiosk_id for one in asked}))
    states: dict[int, str] = {row[0]: row[1] for row in conn.execute(query)}
    found = {
        one.id: f"the kiosk is {states.get(one.kiosk_id, 'registered')}"
        for one in asked
        if states.get(one.kiosk_id) != "active"
    }
    return found | _known_keys(conn, asked)


def _known_keys(conn: Connection, asked: list[Waiting]) -> dict[int, str]:
    columns = (certificate.c.id, certificate.c.kiosk_id, certificate.c.state)
    query = select(*columns, certificate.c.key_sha256).where(
        certificate.c.key_sha256.in_({one.key_sha256 for one in asked}),
        certificate.c.state != "refused",
    )
    others: dict[str, list[Any]] = {}
    for row in conn.execute(query):
        others.setdefault(row.key_sha256, []).append(row)
    found = {}
    for one in asked:
        for other in others.get(one.key_sha256, ()):
            earlier = other.state != "requested" or other.id < one.id
            if other.kiosk_id != one.kiosk_id and earlier:
                found[one.id] = "the key belongs to another kiosk"
            elif other.state in ("revoked", "superseded"):
                found[one.id] = f"the key was {other.state} before"
    return found


def _issued(one: Weighed, now: int) -> dict[str, Any]:
    assert one.paper is not None
    return {
        "which": one.asked.id,
        "state": move(CERTIFICATE, "requested", "sign"),
        "serial": f"{one.paper.serial_number:x}",
        "pem": one.paper.public_bytes(Encoding.PEM).decode(),
        "not_before": ms(one.paper.not_valid_before_utc),
        "not_after": ms(one.paper.not_valid_after_utc),
        "issued_at": now,
    }


def _line(asked: Waiting, values: dict[str, Any]) -> Line:
    names = ("serial", "not_before", "not_after", "issued_at", "pem")
    known = {name: values[name] for name in names}
    return Line(
        asked.kiosk, asked.via, csr_sha256=asked.csr_sha256, key_sha256=asked.key_sha256, **known
    )


def _refused(one: Weighed, now: int) -> dict[str, Any]:
    state = move(CERTIFICATE, "requested", "refuse")
    return {"which": one.asked.id, "state": state, "ended_at": now, "ended_why": one.why[:120]}


def _write(conn: Connection, rows: list[dict[str, Any]]) -> None:
    """All of `rows` have the same columns."""
    if not rows:
        return
    same = (certificate.c.id == bindparam("which"), certificate.c.state == "requested")
    values: dict[str, Any] = {name: bindparam(name) for name in rows[0] if name != "which"}
    conn.execute(update(certificate).where(*same).values(values), rows)


def _said(one: Weighed, subject: Subject) -> Said:
    if one.why or one.paper is None:
        return Said("certificate.refuse", subject, {"certificate": one.asked.id, "why": one.why})
    serial = f"{one.paper.serial_number:x}"
    return Said("certificate.issue", subject, {"certificate": one.asked.id, "serial": serial})
