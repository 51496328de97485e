"""A real door under test: uvicorn over TLS on a private port, and a warden played in a thread.

`door` is a Door on SQLite; `build_door(url, ...)` makes others. `Caller` is a kiosk that speaks to
it: its key, its request for a certificate, its signatures; each can be told to lie.
"""

import base64
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

import httpx
import pytest
import trustme
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from sqlalchemy import Engine, select, update
from sqlalchemy.exc import OperationalError

from controller import fleet
from controller.door.allowance import Allowance
from controller.door.app import Settings, create_door
from controller.door.server import DoorServer
from controller.identity import invitations
from controller.identity.states import By, find
from controller.store.engine import open_engine, writing
from controller.store.identity_tables import certificate
from controller.store.tables import kiosk
from tests.support.child import free_port
from tests.support.wait import until
from wire import door as paths
from wire import signed
from wire.invitation import Invitation, pin_of

SITE = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)
OFFICER = By("teknisi-pagi", "192.0.2.7")
PEM = serialization.Encoding.PEM


class Clock:
    """Real milliseconds since 1970, and as many more as a test wants."""

    def __init__(self) -> None:
        self.ahead_ms = 0

    def __call__(self) -> int:
        return time.time_ns() // 1_000_000 + self.ahead_ms


class Warden:
    """Plays the warden: signs what was asked for, with an authority of its own."""

    def __init__(self, engine: Engine, clock: Callable[[], int]) -> None:
        self.key = ec.generate_private_key(ec.SECP256R1())
        self.life = timedelta(days=paths.LIFE_DAYS)
        self._name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "device authority")])
        self._engine = engine
        self._clock = clock
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._work, daemon=True)

    def start(self) -> "Warden":
        self._thread.start()
        return self

    def stop(self) -> None:
        self._end.set()
        if self._thread.is_alive():
            self._thread.join(10)

    def sign_all(self) -> int:
        """How many certificates were waiting."""
        query = (
            select(certificate.c.id, certificate.c.csr, kiosk.c.name)
            .join_from(certificate, kiosk, kiosk.c.id == certificate.c.kiosk_id)
            .where(certificate.c.state == "requested")
        )
        with writing(self._engine) as conn:
            waiting = conn.execute(query.order_by(certificate.c.id)).all()
            for row in waiting:
                values = self._signed(row.csr, row.name)
                same = (certificate.c.id == row.id, certificate.c.state == "requested")
                conn.execute(update(certificate).where(*same).values(values))
        return len(waiting)

    def _work(self) -> None:
        while not self._end.wait(0.05):
            with suppress(OperationalError):  # locked for long: the real one waits too
                self.sign_all()

    def _signed(self, csr: bytes, name: str) -> dict[str, Any]:
        now = datetime.fromtimestamp(self._clock() // 1000, UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
            .issuer_name(self._name)
            .public_key(x509.load_der_x509_csr(csr).public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - timedelta(minutes=5))
            .not_valid_after(now + self.life)
            .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
            .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False)
            .sign(self.key, hashes.SHA256())
        )
        return {
            "state": "issued",
            "serial": f"{made.serial_number:x}",
            "pem": made.public_bytes(PEM).decode(),
            "not_before": int(made.not_valid_before_utc.timestamp()) * 1000,
            "not_after": int(made.not_valid_after_utc.timestamp()) * 1000,
            "issued_at": self._clock(),
        }


class Door:
    """`url` is where it listens, `authority` the PEM of the server authority, in `ca_file`."""

    def __init__(self, folder: Path, database: str, **settings: Any) -> None:
        self.database = database
        self.engine = open_engine(database)
        self.clock = Clock()
        self.port = free_port()
        self.url = f"https://127.0.0.1:{self.port}"
        self.ca = ca = trustme.CA(key_type=trustme.KeyType.ECDSA)
        self.authority = ca.cert_pem.bytes().decode()
        self.ca_file = folder / f"server-ca-{self.port}.pem"
        self.ca_file.write_text(self.authority)
        self.certificate, self.key = folder / f"{self.port}.crt", folder / f"{self.port}.key"
        pair = ca.issue_cert("127.0.0.1", "localhost", "::1", key_type=trustme.KeyType.ECDSA)
        self.certificate.write_bytes(b"".join(one.bytes() for one in pair.cert_chain_pems))
        self.key.write_bytes(pair.private_key_pem.bytes())
        self.key.chmod(0o600)
        self.warden = Warden(self.engine, self.clock)
        self._settings = settings
        self._server = self._build()
        self._thread = threading.Thread(target=self._server.run, daemon=True)

    @property
    def pin(self) -> bytes:
        return pin_of(ssl.PEM_cert_to_DER_cert(self.authority))

    def start(self) -> "Door":
        self._thread.start()
        until(lambda: self._server.started, 20)
        return self

    def stop(self) -> None:
        """The door alone: the warden and the database stay."""
        self._server.should_exit = True
        self._thread.join(15)

    def restart(self) -> None:
        """Another process as far as its memory goes, at the same address."""
        self.stop()
        self._server = self._build()
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self.start()

    def close(self) -> None:
        self.stop()
        self.warden.stop()
        self.engine.dispose()

    def register(self, *names: str) -> None:
        with writing(self.engine) as conn:
            fleet.import_fleet(conn, [SITE], [fleet.NewKiosk(n, SITE.code) for n in names], 1)

    def invite(self, name: str) -> Invitation:
        """Registers the kiosk when nobody has."""
        self.register(name)
        with writing(self.engine) as conn:
            subject = find(conn, name)
            return invitations.issue(conn, subject.id, self.pin, OFFICER, self.clock())

    def client(self, **options: Any) -> httpx.Client:
        context = ssl.create_default_context(cafile=str(self.ca_file))
        return httpx.Client(base_url=self.url, verify=context, timeout=30, **options)

    def caller(self, name: str = "bdg-sukasari-1") -> "Caller":
        return Caller(self, name)

    def enrolled(self, name: str = "bdg-sukasari-1") -> "Caller":
        """A kiosk that has its certificate and has used it."""
        caller, invitation = self.caller(name), self.invite(name)
        answer = caller.enrol(invitation)
        while answer.status_code == 202:  # not signed yet: the same request again
            answer = caller.enrol(invitation)
        assert answer.status_code == 200, answer.text
        caller.take(answer)
        assert caller.standing().status_code == 200
        return caller

    def certificates(self, name: str) -> list[Any]:
        query = select(certificate).join(kiosk).where(kiosk.c.name == name)
        with self.engine.connect() as conn:
            return list(conn.execute(query.order_by(certificate.c.id)))

    def _build(self) -> DoorServer:
        given = dict(self._settings)
        allowance = Allowance(*given.pop("allowance", ()))
        server = {name: given.pop(name) for name in tuple(given) if name in _OF_SERVER}
        broker = paths.BrokerPlace("localhost", 8883)
        given.setdefault("registrar_s", 60.0)  # however busy the machine of the suite is
        settings = Settings(authority=self.authority, broker=broker, **given)
        app = create_door(open_engine(self.database), self.clock, settings, allowance)
        return DoorServer(
            app, "127.0.0.1", self.port, certificate=self.certificate, key=self.key, **server
        )


_OF_SERVER = ("request_s", "handshake_s", "most_connections")


@dataclass
class Caller:
    """A kiosk at the door. `base_url` of another place, e.g. a proxy, may be set."""

    door: Door
    name: str
    key: ec.EllipticCurvePrivateKey = field(
        default_factory=lambda: ec.generate_private_key(ec.SECP256R1())
    )
    serial: str = ""
    base_url: str = ""
    ca_file: Path | None = None

    def csr(self, key: ec.EllipticCurvePrivateKey | None = None, said: str = "ours") -> str:
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, said)])
        builder = x509.CertificateSigningRequestBuilder().subject_name(name)
        return builder.sign(key or self.key, hashes.SHA256()).public_bytes(PEM).decode()

    def enrol(self, invitation: Invitation, csr: str | None = None, **how: Any) -> httpx.Response:
        token = base64.urlsafe_b64encode(invitation.token).decode().rstrip("=")
        wish = {"token": token, "csr": csr or self.csr()}
        with self._client() as client:
            return client.post(paths.ENROL_PATH, json=wish, **how)

    def take(self, granted: httpx.Response) -> dict[str, Any]:
        """Stores what was granted."""
        said: dict[str, Any] = granted.json()
        self.serial = said["serial"]
        return said

    def standing(self, **how: Any) -> httpx.Response:
        return self.signed("GET", paths.IDENTITY_PATH, **how)

    def renew(self, csr: str, **how: Any) -> httpx.Response:
        body = httpx.Request("POST", "https://x", json={"csr": csr}).content
        return self.signed("POST", paths.RENEW_PATH, body=body, **how)

    def signed(self, method: str, path: str, body: bytes = b"", **lies: Any) -> httpx.Response:
        """`lies`: sent_method, sent_path, sent_body, headers: what is sent instead of what was
        signed; created, nonce, keyid, key: what is signed."""
        headers = {**self.headers(method, path, body, **lies), **lies.get("headers", {})}
        with self._client() as client:
            return client.request(
                lies.get("sent_method", method),
                lies.get("sent_path", path),
                content=lies.get("sent_body", body),
                headers=headers,
            )

    def headers(self, method: str, path: str, body: bytes = b"", **lies: Any) -> dict[str, str]:
        path, _, query = path.partition("?")
        given = signed.Parameters(
            lies.get("created", self.door.clock() // 1000),
            lies.get("nonce", token_urlsafe(16)),
            lies.get("keyid", self.serial),
        )
        digest = signed.digest(body)
        base = signed.base(method, path, query, digest, given)
        key = lies.get("key", self.key)
        r, s = decode_dss_signature(key.sign(base, ec.ECDSA(hashes.SHA256())))
        return signed.headers(given, digest, r.to_bytes(32, "big") + s.to_bytes(32, "big"))

    def _client(self) -> httpx.Client:
        if not self.base_url:
            return self.door.client()
        context = ssl.create_default_context(cafile=str(self.ca_file or self.door.ca_file))
        return httpx.Client(base_url=self.base_url, verify=context, timeout=30)


@contextmanager
def running(server: DoorServer) -> Iterator[None]:
    """A server of another application, while the block runs."""
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started, 20)
    yield
    server.should_exit = True
    thread.join(15)


BuildDoor = Callable[..., Door]


@pytest.fixture
def build_door(tmp_path: Path) -> Iterator[BuildDoor]:
    """`build_door(url, wait_s=..., proxies=..., request_s=...)`: listening; no warden yet."""
    built: list[Door] = []

    def build(database: str, **settings: Any) -> Door:
        built.append(Door(tmp_path, database, **settings))
        return built[-1].start()

    yield build
    for one in built:
        one.close()


@pytest.fixture
def door(sqlite_url: str, build_door: BuildDoor) -> Door:
    """A door and its warden, on SQLite."""
    made = build_door(sqlite_url)
    made.warden.start()
    return made


@pytest.fixture
def any_door(database: str, build_door: BuildDoor) -> Door:
    """A door and its warden, once on each database."""
    made = build_door(database)
    made.warden.start()
    return made
