"""The books of identities in a database of their own, with the warden played by hand."""

from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from sqlalchemy import select, update

from controller import fleet
from controller.identity import csr, invitations, life
from controller.identity.redeem import Asked, Denied, redeem
from controller.identity.states import By, Subject, find, state_of
from controller.people.audit import verify
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import certificate, identity
from controller.store.people_tables import audit
from tests.support.door import SITE, Warden
from wire.invitation import Invitation

DAY_MS = 86_400_000
BY = By("teknisi-pagi", "192.0.2.7")
PIN = b"p" * 14
OTHER = fleet.Site("32.04.01", "Ciwidey", "Kabupaten Bandung", -7.1, 107.4)


def request(key: ec.EllipticCurvePrivateKey | None = None) -> csr.Request:
    """What a kiosk with a new key (or this one) asks for."""
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ours")])
    builder = x509.CertificateSigningRequestBuilder().subject_name(name)
    made = builder.sign(key or ec.generate_private_key(ec.SECP256R1()), hashes.SHA256())
    return csr.read(made.public_bytes(serialization.Encoding.PEM).decode())


class Books:
    """Two kiosks, `bdg-sukasari-1` and `kab-ciwidey-1`. `now` in milliseconds, moved by tests."""

    def __init__(self, url: str) -> None:
        self.engine = open_engine(url)
        self.now = 1_790_000_000_000
        self.warden = Warden(self.engine, lambda: self.now)
        with writing(self.engine) as conn:
            kiosks = [("bdg-sukasari-1", SITE.code), ("kab-ciwidey-1", OTHER.code)]
            wanted = [fleet.NewKiosk(*one) for one in kiosks]
            fleet.import_fleet(conn, [SITE, OTHER], wanted, self.now)
            self.one: Subject = find(conn, "bdg-sukasari-1")
            self.two: Subject = find(conn, "kab-ciwidey-1")

    def invite(self, kiosk: Subject | None = None) -> Invitation:
        with writing(self.engine) as conn:
            return invitations.issue(conn, (kiosk or self.one).id, PIN, BY, self.now)

    def redeem(self, invitation: Invitation, asked: csr.Request) -> Asked | Denied:
        with writing(self.engine) as conn:
            return redeem(conn, invitation.token, asked, "192.0.2.9", self.now)

    def enrol(self, kiosk: Subject | None = None) -> int:
        """A certificate, signed, not used yet: its number."""
        return self.signed(self.redeem(self.invite(kiosk), request()))

    def renew(self, signer: int, asked: csr.Request | None = None) -> Asked | Denied:
        with writing(self.engine) as conn:
            return life.renew(conn, signer, asked or request(), "192.0.2.9", self.now)

    def use(self, number: int) -> bool:
        with writing(self.engine) as conn:
            return life.first_use(conn, number, self.now)

    def signed(self, answer: Asked | Denied) -> int:
        assert isinstance(answer, Asked), answer
        self.warden.sign_all()
        return answer.certificate_id

    def do(self, what: Any, *args: Any) -> Any:
        """`what(conn, *args, now)` in a transaction of its own."""
        with writing(self.engine) as conn:
            return what(conn, *args, self.now)

    def state(self, kiosk: Subject | None = None) -> str:
        with self.engine.connect() as conn:
            return state_of(conn, (kiosk or self.one).id)

    def row(self, kiosk: Subject | None = None) -> Any:
        query = select(identity).where(identity.c.kiosk_id == (kiosk or self.one).id)
        with self.engine.connect() as conn:
            return conn.execute(query).one()

    def certificate(self, number: int) -> Any:
        with self.engine.connect() as conn:
            return conn.execute(select(certificate).where(certificate.c.id == number)).one()

    def certificates(self) -> dict[int, str]:
        query = select(certificate.c.id, certificate.c.state).order_by(certificate.c.id)
        with self.engine.connect() as conn:
            return {row[0]: row[1] for row in conn.execute(query)}

    def shut(self) -> None:
        """The warden proved that the broker refuses the kiosk."""
        with writing(self.engine) as conn:
            conn.execute(update(identity).values(shut_at=self.now))

    def told(self) -> list[tuple[str, str, str]]:
        """The audit log: who, what, subject; in order, and the chain is sound."""
        with self.engine.connect() as conn:
            assert verify(conn).ok
            query = select(audit.c.who, audit.c.what, audit.c.subject).order_by(audit.c.n)
            return [(row[0], row[1], row[2]) for row in conn.execute(query)]


@pytest.fixture
def books(database: str) -> Books:
    """Once on each database."""
    return Books(database)
