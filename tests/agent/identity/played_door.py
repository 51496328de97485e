"""A door played over real TLS: it keeps the rules of wire.door, and misbehaves when told to.

`plan` holds what happens to the next requests, one each: "lose" (done, but the answer never
arrives), "later" (202), "busy" (503), "garbage", or a (status, Refusal). `seen` is every request.
"""

import base64
import hashlib
import ssl
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
import trustme
from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.x509.oid import NameOID

from wire import door, signed
from wire.invitation import Invitation, pin_of

KIOSK = "bdg-andir-01"
DAY_MS = 86_400_000
Mishap = str | tuple[int, door.Refusal]


class Issued(NamedTuple):
    pem: str
    serial: str
    csr: str
    not_before: int
    not_after: int
    key: ec.EllipticCurvePublicKey


class PlayedDoor:
    """`clock` gives the office's milliseconds. To be closed."""

    def __init__(self, clock: Callable[[], int], **dates: datetime) -> None:
        self.clock = clock
        self.broker = door.BrokerPlace("127.0.0.1", 8883)
        self.life_days = door.LIFE_DAYS
        self.plan: list[Mishap] = []
        self.seen: list[tuple[str, str]] = []
        self.used: list[str] = []
        self.ended: dict[str, str] = {}  # serial -> refusal code
        self.issued: dict[str, Issued] = {}  # by serial
        self.name = KIOSK
        self.root = ""
        self.policy = ""  # "none": a door from before there were policies
        self._key = ec.generate_private_key(ec.SECP256R1())
        self._server_ca = trustme.CA()
        self.dates = dates
        self._tokens: dict[str, str] = {}  # token -> csr that used it
        self._invited: set[str] = set()
        self._nonces: set[str] = set()
        self._lock = threading.Lock()
        self._server = _serve(self, self._context())

    @property
    def url(self) -> str:
        return f"https://127.0.0.1:{self._server.server_address[1]}"

    @property
    def authority(self) -> str:
        return self._server_ca.cert_pem.bytes().decode()

    def invite(self) -> Invitation:
        token = hashlib.sha256(str(len(self._invited)).encode()).digest()[:24]
        self._invited.add(token.hex())
        return Invitation(token, pin_of(ssl.PEM_cert_to_DER_cert(self.authority.strip())))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def certificate_of_office(self) -> trustme.LeafCert:
        return self._server_ca.issue_cert("127.0.0.1", "localhost", **self.dates)  # type: ignore[arg-type]

    def device_authority(self, folder: Path) -> Path:
        """What a broker checks kiosks against."""
        now = datetime.now(UTC)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "devices")])
        made = (
            x509.CertificateBuilder(name, name, self._key.public_key())
            .serial_number(1)
            .not_valid_before(now - timedelta(days=900))
            .not_valid_after(now + timedelta(days=900))
            .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
            .sign(self._key, hashes.SHA256())
        )
        path = folder / "device-ca.pem"
        path.write_bytes(made.public_bytes(serialization.Encoding.PEM))
        return path

    def answer(self, method: str, path: str, headers: Any, body: bytes) -> tuple[int, bytes] | None:
        """None when the answer is lost."""
        with self._lock:
            self.seen.append((method, path))
            mishap = self.plan.pop(0) if self.plan else ""
            if isinstance(mishap, tuple):
                return mishap[0], msgspec.json.encode(mishap[1])
            if mishap in ("later", "busy"):
                refusal = door.Refusal(mishap, "office", "not yet", self.clock())
                return (202 if mishap == "later" else 503), msgspec.json.encode(refusal)
            if mishap == "garbage":
                return 200, b"<html>sign in to this network"
            try:
                status, said = 200, msgspec.json.encode(self._do(path, headers, body))
            except _No as no:
                refusal = door.Refusal(no.code, "technician", "no", self.clock())
                status, said = 403, msgspec.json.encode(refusal)
            return None if mishap == "lose" else (status, said)

    def _do(self, path: str, headers: Any, body: bytes) -> msgspec.Struct:
        if path == door.AUTHORITY_PATH:
            return door.Authority(self.authority)
        if path == door.TIME_PATH:
            return door.Clock(self.clock())
        if path == door.ENROL_PATH:
            return self._enrol(msgspec.json.decode(body, type=door.Enrol))
        method = "POST" if path == door.RENEW_PATH else "GET"
        caller = self._caller(method, path, headers, body)
        if caller.serial not in self.used:
            self.used.append(caller.serial)
        if path == door.RENEW_PATH:
            return self._grant(msgspec.json.decode(body, type=door.Renew).csr)
        if path == door.POLICY_PATH and self.policy == "none":
            raise _No("not_found")
        if path == door.POLICY_PATH:
            return door.InForce(self.policy, self.root)
        now = self.clock()
        return door.Standing(self.name, "active", "current", caller.serial, caller.not_after, now)

    def _enrol(self, enrol: door.Enrol) -> door.Granted:
        token = base64.urlsafe_b64decode(enrol.token + "=").hex()
        if token not in self._invited:
            raise _No("token")
        if self._tokens.setdefault(token, enrol.csr) != enrol.csr:
            raise _No("token_used")
        return self._grant(enrol.csr)

    def _grant(self, csr: str) -> door.Granted:
        same = [issued for issued in self.issued.values() if issued.csr == csr]
        if same and same[0].serial in self.used:
            raise _No("key_used")
        made = same[0] if same else self._sign(csr)
        return door.Granted(
            self.name,
            made.pem,
            made.serial,
            self.authority,
            self.broker,
            made.not_before,
            made.not_after,
            self.clock(),
            "" if self.policy == "none" else self.policy,
            self.root,
        )

    def _sign(self, csr: str) -> Issued:
        asked = x509.load_pem_x509_csr(csr.encode())
        assert asked.is_signature_valid
        begins = datetime.fromtimestamp(self.clock() // 1000 - 300, UTC)
        ends = begins + timedelta(days=self.life_days)
        name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, self.name)])
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "devices")])
        made = (
            x509.CertificateBuilder(issuer, name, asked.public_key())
            .serial_number(x509.random_serial_number())
            .not_valid_before(begins)
            .not_valid_after(ends)
            .sign(self._key, hashes.SHA256())
        )
        key = asked.public_key()
        assert isinstance(key, ec.EllipticCurvePublicKey)
        pem = made.public_bytes(serialization.Encoding.PEM).decode()
        dates = (int(begins.timestamp() * 1000), int(ends.timestamp() * 1000))
        issued = Issued(pem, f"{made.serial_number:x}", csr, *dates, key)
        self.issued[issued.serial] = issued
        return issued

    def _caller(self, method: str, path: str, headers: Any, body: bytes) -> Issued:
        given, signature = signed.parse(headers["signature-input"], headers["signature"])
        if abs(given.created - self.clock() // 1000) > signed.SKEW_S:
            raise _No("clock")
        if given.nonce in self._nonces or headers["content-digest"] != signed.digest(body):
            raise _No("replay")
        self._nonces.add(given.nonce)
        issued = self.issued.get(given.keyid)
        if issued is None:
            raise _No("unknown")
        r, s = (int.from_bytes(signature[at : at + 32], "big") for at in (0, 32))
        base = signed.base(method, path, "", headers["content-digest"], given)
        try:
            issued.key.verify(encode_dss_signature(r, s), base, ec.ECDSA(hashes.SHA256()))
        except InvalidSignature:
            raise _No("signature") from None
        if self.clock() > issued.not_after + door.GRACE_DAYS * DAY_MS:
            raise _No("expired")
        if given.keyid in self.ended:
            raise _No(self.ended[given.keyid])
        return issued

    def _context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.certificate_of_office().configure_cert(context)
        return context


class _No(Exception):  # noqa: N818
    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def _serve(played: PlayedDoor, context: ssl.SSLContext) -> ThreadingHTTPServer:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = self.rfile.read(int(self.headers.get("content-length", "0")))
            answer = played.answer(self.command, self.path, self.headers, body)
            if answer is None:
                return
            self.send_response(answer[0])
            if answer[0] != 200:
                self.send_header("retry-after", "0")
            self.end_headers()
            self.wfile.write(answer[1])

        do_POST = do_GET  # noqa: N815 - the name http.server looks for

        def log_message(self, *_: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *_: Any) -> None:
            pass  # a client that does not trust us hangs up

        def finish_request(self, request: Any, address: Any) -> None:
            super().finish_request(context.wrap_socket(request, server_side=True), address)

    server = Server(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
    return server
