"""How long a district of a thousand kiosks takes to be enrolled the bulk way, all of it real.

`anjungan enrol --csv` writes the codes; then every kiosk makes its key and its request, enrols over
a TLS connection of its own at a real door, waits for a real warden, and proves its certificate by a
first signed request. Kiosks, door and warden share this machine. The yardstick is the same number
of bare connections with two bare requests each, to the same door in the same run.
"""

import base64
import http.client
import json
import secrets
import ssl
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from sqlalchemy import func, select

from controller.store.engine import open_engine
from controller.store.identity_tables import certificate
from provisioning.enrol import main as enrol
from provisioning.sites import place, read_sites, write_kiosks
from tests.bench.figures import Figure
from tests.bench.processes import percentile, running, wait_until
from tests.support.child import free_port, listens
from wire import door as paths
from wire import signed
from wire.invitation import Invitation, parse

KIOSKS: Final = 1_000
AT_ONCE: Final = 32  # connections held by the one process that plays all kiosks


class Office(NamedTuple):
    """A warden and a door at work. `trust` is the kiosks' TLS context."""

    url: str
    port: int
    ca: Path
    trust: ssl.SSLContext
    folder: Path

    @property
    def door(self) -> str:
        return f"https://localhost:{self.port}"


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        url, authority, port = f"sqlite:///{folder}/office.db", folder / "authority", free_port()
        keeper = ("--authority", str(authority), "--exchange", str(folder / "exchange"))
        warden = ("-m", "provisioning.warden", "--database", url, *keeper)
        with running(*warden, log=folder / "warden.log"):
            issued = authority / "issued"
            wait_until((issued / "server-ca.pem").exists, 60, "the authority")
            wait_until((issued / "door.crt").exists, 60, "the door's certificate")
            with running(*_door(url, port, issued), log=folder / "door.log"):
                wait_until(lambda: listens(port), 60, "the door")
                ca = issued / "server-ca.pem"
                trust = ssl.create_default_context(cafile=str(ca))
                yield from _figures(Office(url, port, ca, trust, folder))


def _door(url: str, port: int, issued: Path) -> tuple[str, ...]:
    pair = ("--cert", str(issued / "door.crt"), "--key", str(issued / "door.key"))
    trust = ("--server-ca", str(issued / "server-ca.pem"), "--broker", "localhost:8883")
    return ("-m", "provisioning.door", "--database", url, "--port", str(port), *pair, *trust)


def _figures(one: Office) -> Iterator[Figure]:
    bare, _ = _timed(lambda _: _bare(one), [None] * KIOSKS)
    start = time.monotonic()
    codes = _codes(one)
    invited = time.monotonic() - start
    took, each = _timed(lambda item: _enrol(one, *item), sorted(codes.items()))
    note = f"{KIOSKS} kiosks, {AT_ONCE} at once, codes from a CSV included"
    yield Figure("enrolment.seconds", invited + took, "s", bare, "<= 60", note)
    yield Figure(
        "enrolment.rate", KIOSKS / took, "kiosks/s", KIOSKS / bare, "", "codes not counted"
    )
    yield Figure("enrolment.codes", invited, "s", None, "", "anjungan enrol --csv")
    yield Figure("enrolment.one_p99", percentile(each, 0.99), "s", None, "", "of one kiosk")
    yield Figure("enrolment.missing", KIOSKS - _current(one), "kiosks", None, "<= 0")


def _timed(work: Callable[[Any], None], items: list[Any]) -> tuple[float, list[float]]:
    """Seconds of all, and of each."""

    def timed(item: Any) -> float:
        start = time.monotonic()
        work(item)
        return time.monotonic() - start

    start = time.monotonic()
    with ThreadPoolExecutor(AT_ONCE) as pool:
        each = list(pool.map(timed, items))
    return time.monotonic() - start, each


def _codes(one: Office) -> dict[str, Invitation]:
    file, out = one.folder / "kiosks.csv", one.folder / "codes"
    write_kiosks(file, place(read_sites(), KIOSKS))
    where = ["--database", one.url, "--door", one.door, "--server-ca", str(one.ca)]
    if enrol([*where, "--csv", str(file), "--out", str(out)]):
        raise RuntimeError("anjungan enrol failed; it said why")
    return {path.stem: parse(path.read_text().split()[-1]) for path in out.glob("*.token")}


def _bare(one: Office) -> None:
    line = http.client.HTTPSConnection("localhost", one.port, context=one.trust, timeout=60)
    for _ in range(2):
        _ask(line, "GET", paths.TIME_PATH, b"", {})
    line.close()


def _enrol(one: Office, _name: str, made: Invitation) -> None:
    """All that a kiosk does, from its key to its first signed request."""
    key = ec.generate_private_key(ec.SECP256R1())
    builder = x509.CertificateSigningRequestBuilder().subject_name(x509.Name([]))
    csr = builder.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM).decode()
    token = base64.urlsafe_b64encode(made.token).decode().rstrip("=")
    body = json.dumps({"token": token, "csr": csr}).encode()
    line = http.client.HTTPSConnection("localhost", one.port, context=one.trust, timeout=60)
    granted = _ask(line, "POST", paths.ENROL_PATH, body, {})
    headers = _signed("GET", paths.IDENTITY_PATH, granted["serial"], key)
    standing = _ask(line, "GET", paths.IDENTITY_PATH, b"", headers)
    assert standing["certificate"] == "current", standing
    line.close()


def _ask(
    line: http.client.HTTPSConnection, method: str, path: str, body: bytes, headers: dict[str, str]
) -> dict[str, Any]:
    for _ in range(30):
        line.request(method, path, body or None, headers)
        answer = line.getresponse()
        said: dict[str, Any] = json.loads(answer.read())
        if answer.status != 202:
            break
        time.sleep(float(answer.headers["retry-after"]))
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {said}")
    return said


def _signed(method: str, path: str, serial: str, key: ec.EllipticCurvePrivateKey) -> dict[str, str]:
    given = signed.Parameters(int(time.time()), secrets.token_urlsafe(16), serial)
    base = signed.base(method, path, "", signed.digest(b""), given)
    r, s = decode_dss_signature(key.sign(base, ec.ECDSA(hashes.SHA256())))
    both = r.to_bytes(32, "big") + s.to_bytes(32, "big")
    return signed.headers(given, signed.digest(b""), both)


def _current(one: Office) -> int:
    engine = open_engine(one.url)
    query = select(func.count()).where(certificate.c.state == "current")
    with engine.connect() as conn:
        found = conn.scalar(query) or 0
    engine.dispose()
    return found
