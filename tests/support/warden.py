"""The warden's surroundings for tests: the books as door and console write them, and a keeper.

Kiosks enrol by the door's own code (invite, redeem, first use); the keeper is a folder that the
test answers in, or lets answer by itself.
"""

import json
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from sqlalchemy import insert, select, update

from controller import fleet
from controller.identity import csr, ending, invitations, life, redeem
from controller.identity.states import By
from controller.people import audit
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import certificate, identity
from controller.store.tables import kiosk
from provisioning.authority.files import put
from tests.support.authority import NOW, AnyKey, request
from wire.invitation import PIN_BYTES

SITE = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)
PERSON = By("admin", "192.0.2.1")
PIN = bytes(PIN_BYTES)


def pem_of(der: bytes) -> str:
    return x509.load_der_x509_csr(der).public_bytes(Encoding.PEM).decode()


class Books:
    """The office's database, and what people and kiosks do to it."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.engine = open_engine(url)

    def register(self, *names: str) -> None:
        with writing(self.engine) as conn:
            fleet.import_fleet(conn, [SITE], [fleet.NewKiosk(n, SITE.code) for n in names], NOW)

    def id_of(self, name: str) -> int:
        with self.engine.connect() as conn:
            return conn.scalar(select(kiosk.c.id).where(kiosk.c.name == name)) or 0

    def invite(self, name: str, now: int = NOW) -> bytes:
        with writing(self.engine) as conn:
            return invitations.issue(conn, self.id_of(name), PIN, PERSON, now).token

    def enrol(self, name: str, key: AnyKey | None = None, now: int = NOW) -> int:
        """The row of the certificate that was asked for."""
        token = self.invite(name, now)
        with writing(self.engine) as conn:
            asked = csr.read(pem_of(request(key)))
            done = redeem.redeem(conn, token, asked, "192.0.2.9", now)
        assert isinstance(done, redeem.Asked), done
        return done.certificate_id

    def enrol_all(self, names: list[str], now: int = NOW) -> None:
        """Many at once: rows as the door leaves them."""
        ids = {name: self.id_of(name) for name in names}
        asked = {name: csr.read(pem_of(request())) for name in names}
        rows = [
            {
                "kiosk_id": ids[name],
                "state": "requested",
                "via": "enrol",
                "csr": one.der,
                "csr_sha256": one.csr_sha256,
                "key_sha256": one.key_sha256,
                "requested_at": now,
            }
            for name, one in asked.items()
        ]
        active = [
            {"kiosk_id": ids[name], "state": "active", "since": now, "why": ""} for name in names
        ]
        with writing(self.engine) as conn:
            conn.execute(insert(identity), active)
            conn.execute(insert(certificate), rows)

    def use(self, certificate_id: int, now: int = NOW) -> None:
        with writing(self.engine) as conn:
            life.first_use(conn, certificate_id, now)

    def end(self, name: str, how: str = "revoke", now: int = NOW) -> None:
        with writing(self.engine) as conn:
            who = self.id_of(name)
            if how == "quarantine":
                ending.quarantine(conn, who, "a second machine", now)
            else:
                getattr(ending, how)(conn, who, "stolen", PERSON, now)

    def note(self, what: str, now: int = NOW) -> int:
        """One more row of the audit log; its number."""
        with writing(self.engine) as conn:
            return audit.append(conn, audit.Entry("admin", what), now)

    def certificate(self, which: int) -> Any:
        with self.engine.connect() as conn:
            return conn.execute(select(certificate).where(certificate.c.id == which)).one()

    def change(self, which: int, **values: Any) -> None:
        """What no part of the office would ever do."""
        with writing(self.engine) as conn:
            conn.execute(update(certificate).where(certificate.c.id == which).values(values))

    def identity(self, name: str) -> Any:
        with self.engine.connect() as conn:
            query = select(identity).where(identity.c.kiosk_id == self.id_of(name))
            return conn.execute(query).one()

    def states(self) -> dict[str, int]:
        """How many certificates are in which state."""
        found: dict[str, int] = {}
        with self.engine.connect() as conn:
            for state in conn.scalars(select(certificate.c.state)):
                found[state] = found.get(state, 0) + 1
        return found

    def open_invitations(self) -> int:
        with self.engine.connect() as conn:
            rows = [
                row
                for kiosk_id in conn.scalars(select(kiosk.c.id))
                for row in invitations.invitations_of(conn, kiosk_id)
            ]
        return sum(row.state(NOW) == "open" for row in rows)

    def log(self, what: str) -> int:
        """How many rows of the audit log say so."""
        with self.engine.connect() as conn:
            return sum(row.what == what for row in audit.walk(conn))


class KeeperFolder:
    """The keeper's half of the exchange."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def wanted(self) -> dict[str, Any]:
        """The newest lists; empty when there are none."""
        files = sorted((self.folder / "wanted").glob("*.json"))
        found: dict[str, Any] = json.loads(files[-1].read_bytes()) if files else {}
        return found

    def serials(self) -> set[int]:
        crl = x509.load_pem_x509_crl(self.wanted()["crl"].encode())
        return {one.serial_number for one in crl}

    def answer(self, *, ok: bool = True, why: str = "", at: int = NOW) -> None:
        """To the newest lists, if they were not answered."""
        newest = self.wanted()
        path = self.folder / "answer.json"
        before = json.loads(path.read_bytes())["stamp"] if path.exists() else -1
        if newest and newest["stamp"] > before:
            said = {"stamp": newest["stamp"], "ok": ok, "why": why, "at": at}
            put(path, json.dumps(said | {"crl_number": newest["crl_number"]}).encode())
