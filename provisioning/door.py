"""`anjungan door`: the kiosks' own door over HTTPS, for enrolment and everything after it.

Only builds and checks: what the door does is in controller/door. Refuses to start where it would
be open to others by mistake: a key that strangers may read, a pair that does not fit, a broker
without TLS on another machine.
"""

import argparse
import ipaddress
import os
import resource
import ssl
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path

from cryptography import x509

from controller import self_check
from controller.door.addresses import Network, networks
from controller.door.app import Settings, create_door
from controller.door.server import DoorServer
from controller.store.engine import open_engine
from controller.store.migrate import migrate
from provisioning import terminal
from provisioning.terminal import add_releases
from wire.door import BrokerPlace


class Wrong(ValueError):  # noqa: N818 - says what happened
    """The administrator must start it otherwise; `str()` says how."""


def main(argv: list[str] | None = None) -> int:
    asked = _parser().parse_args(argv)
    try:
        server = build(asked)
    except (Wrong, OSError, ssl.SSLError, ValueError) as error:
        print(f"door: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    print(f"door: https://{asked.host}:{asked.port}", flush=True)  # noqa: T201 - this is a command
    try:
        server.run()
    except (OSError, RuntimeError) as error:
        print(f"door: {error}", file=sys.stderr)  # noqa: T201 - this is a command
        return 2
    return 0


def build(asked: argparse.Namespace) -> DoorServer:
    """Raises Wrong, OSError, or ssl.SSLError for a key that does not fit its certificate."""
    if not asked.database:
        raise Wrong("say which database: --database URL or ANJUNGAN_DATABASE")
    self_check.enforce(os.environ, asked.database)
    settings = Settings(
        authority=_authority(asked.server_ca),
        broker=_broker(asked.broker, plain=asked.broker_plain),
        proxies=_proxies(asked.proxy),
        releases=asked.releases,
        registrar=asked.registrar,
    )
    private(asked.key)
    migrate(asked.database)
    _many_files()
    app = create_door(open_engine(asked.database), now, settings)
    return DoorServer(app, asked.host, asked.port, certificate=asked.cert, key=asked.key)


def private(key: Path) -> None:
    """Raises Wrong for a key that other accounts may read; a group made for it may."""
    mode = stat.S_IMODE(key.stat().st_mode)
    if mode & 0o027:
        raise Wrong(f"{key} has mode {mode:o}: others may read or change it; chmod 600 it")


def is_loopback(host: str) -> bool:
    with suppress(ValueError):
        return ipaddress.ip_address(host).is_loopback
    return host == "localhost"


def place(text: str) -> tuple[str, int]:
    """HOST:PORT, or [IPV6]:PORT. Raises Wrong."""
    host, _, port = text.rpartition(":")
    host = host.removeprefix("[").removesuffix("]")
    if not host or not port.isascii() or not port.isdigit() or not 0 < int(port) < 65536:
        raise Wrong(f"{text!r} is no HOST:PORT")
    return host, int(port)


def now() -> int:
    return time.time_ns() // 1_000_000


def _broker(text: str, *, plain: bool) -> BrokerPlace:
    host, port = place(text)
    if plain and not is_loopback(host):
        raise Wrong(
            f"--broker-plain: kiosks would speak to {host} without TLS; that is for a broker on "
            "the kiosk's own machine only (127.0.0.1)"
        )
    return BrokerPlace(host, port, tls=not plain)


def _authority(path: Path) -> str:
    """The one certificate kiosks pin. Raises Wrong."""
    try:
        found = x509.load_pem_x509_certificates(path.read_bytes())
    except ValueError:
        found = []
    if len(found) != 1:
        raise Wrong(f"--server-ca {path}: needs exactly one certificate, the server authority's")
    return path.read_text(encoding="ascii")


def _proxies(named: list[str]) -> tuple[Network, ...]:
    try:
        return networks(named)
    except ValueError as error:
        raise Wrong(f"--proxy: {error}") from None


def _many_files() -> None:
    """A connection is a file: as many as the system lets us have."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="anjungan door", description=__doc__)
    terminal.add_database(parser)
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on")
    parser.add_argument("--port", type=int, default=8443)
    parser.add_argument("--cert", type=Path, required=True, help="the door's own, with its chain")
    parser.add_argument("--key", type=Path, required=True, help="for its owner only (0600)")
    parser.add_argument("--server-ca", type=Path, required=True, help="what kiosks pin")
    parser.add_argument("--broker", required=True, metavar="HOST:PORT", help="as kiosks reach it")
    parser.add_argument("--broker-plain", action="store_true", help="no TLS: loopback only")
    add_releases(parser)
    parser.add_argument(
        "--registrar",
        type=Path,
        metavar="SOCKET",
        help="who judges and opens what citizens hand in",
    )
    parser.add_argument(
        "--proxy",
        action="append",
        default=[],
        metavar="ADDRESS",
        help="a proxy in front whose X-Forwarded-For is believed; may be given again",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
