"""`python -m dashboards.console --database URL`: serves the console.

On this machine alone it may be plain; to any other address it speaks HTTPS, with a certificate of
its own or behind a proxy that has one. There is no way to offer a login in clear over a network.
"""

import argparse
import ipaddress
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from controller import self_check
from controller.people.provider import provider_of
from controller.people.sessions import Lifetime
from controller.registrar.client import Registrar
from controller.releases.folder import Releases
from controller.self_check import UnsafeStart
from controller.store.engine import open_engine
from controller.store.migrate import migrate
from dashboards.console import doorplate
from dashboards.console.app import NotBuilt, create_console
from dashboards.console.map.shape import BadLayer
from dashboards.console.preview import Preview
from dashboards.console.server import Server, Tls
from dashboards.console.settings import LIFETIME, LOOPBACK, Settings

HOUR_MS = 3_600_000
MINUTE_MS = 60_000
WILDCARDS = ("0.0.0.0", "::")  # noqa: S104 - compared with, not listened on


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dashboards.console", description=__doc__)
    add = parser.add_argument
    add("--database", default=os.environ.get("ANJUNGAN_DATABASE"))
    add("--host", default="127.0.0.1", help="address to listen on")
    add("--port", type=int, default=8080)
    add("--host-name", action="append", default=[], metavar="NAME",
        help="a name people reach it by; may be repeated")  # fmt: skip
    add("--tls-cert", type=Path, metavar="FILE", help="certificate chain, PEM: speak HTTPS")
    add("--tls-key", type=Path, metavar="FILE", help="its key, PEM")
    add("--behind-proxy", action="append", default=[], metavar="ADDRESS",
        help="only this proxy (address or network), which speaks HTTPS, may ask")  # fmt: skip
    add(
        "--session-hours", type=float, default=LIFETIME.most / HOUR_MS, help="a login lasts so long"
    )
    add("--idle-minutes", type=float, default=LIFETIME.idle / MINUTE_MS, help="and how long unused")
    add("--geojson", type=Path, help="your own borders for the map")
    add("--door", metavar="URL", help="the office's door as kiosks reach it: https://HOST:PORT")
    add("--releases", default=os.environ.get("ANJUNGAN_RELEASES"), metavar="DIR",
        help="where releases lie: to publish from here")  # fmt: skip
    add("--registrar", type=Path, default=os.environ.get("ANJUNGAN_REGISTRAR"), metavar="SOCKET",
        help="the registrar's socket: officers open through it what citizens wrote")  # fmt: skip
    add(
        "--preview",
        metavar="URL",
        help="where python -m portal.preview listens, on this machine: http://127.0.0.1:PORT",
    )
    add("--server-ca", type=Path, metavar="FILE", help="the authority of its certificate, PEM")
    return parser


def wrongs(asked: argparse.Namespace) -> Iterator[str]:
    """What is wrong with the options, and what to do about it."""
    if not asked.database:
        yield "say which database: --database URL or ANJUNGAN_DATABASE"
    if (asked.tls_cert is None) != (asked.tls_key is None):
        yield "--tls-cert and --tls-key belong together"
    if asked.tls_cert and asked.behind_proxy:
        yield "either --tls-cert or --behind-proxy: who speaks HTTPS with the browsers?"
    for one in asked.behind_proxy:
        if not is_network(one):
            yield f"--behind-proxy {one}: an address or network, e.g. 10.0.0.5 or 10.0.0.0/28"
    if (asked.door is None) != (asked.server_ca is None):
        yield "--door and --server-ca belong together"
    if not all(0 < one < 10_000 for one in (asked.session_hours, asked.idle_minutes)):
        yield "--session-hours and --idle-minutes are above 0, and below 10000"
    if not is_loopback(asked.host) and not asked.tls_cert and not asked.behind_proxy:
        yield (
            f"--host {asked.host}: passwords would pass the network in clear. Give --tls-cert and "
            "--tls-key, or --behind-proxy ADDRESS; or stay on 127.0.0.1 behind an SSH tunnel"
        )
    if asked.host in WILDCARDS and not asked.host_name:
        yield f"--host {asked.host}: say by which name people reach it: --host-name NAME"


def settings(asked: argparse.Namespace) -> Settings:
    """Raises ValueError or OSError for a door that cannot be read."""
    registrar = Registrar(Path(asked.registrar)) if asked.registrar else None
    own = () if asked.host in (*WILDCARDS, *LOOPBACK) else (asked.host,)
    return Settings(
        hosts=tuple(dict.fromkeys((*LOOPBACK, *own, *asked.host_name))),
        geojson=asked.geojson,
        https=bool(asked.tls_cert or asked.behind_proxy),
        proxies=tuple(asked.behind_proxy),
        provider=provider_of(os.environ),
        releases=Releases(Path(asked.releases)) if asked.releases else None,
        opener=registrar,
        channel=registrar,
        preview=Preview(asked.preview) if asked.preview else None,
        door=doorplate.read(asked.door, asked.server_ca) if asked.door else None,
        lifetime=Lifetime(int(asked.session_hours * HOUR_MS), int(asked.idle_minutes * MINUTE_MS)),
    )


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def is_network(text: str) -> bool:
    try:
        ipaddress.ip_network(text)
    except ValueError:
        return False
    return True


def now() -> int:
    return time.time_ns() // 1_000_000


def main(argv: list[str] | None = None) -> int:
    parser = arguments()
    asked = parser.parse_args(argv)
    for wrong in wrongs(asked):
        parser.error(wrong)
    try:
        self_check.enforce(os.environ, asked.database, [asked.tls_key] if asked.tls_key else [])
    except (UnsafeStart, OSError) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    migrate(asked.database)
    tls = Tls(asked.tls_cert, asked.tls_key) if asked.tls_cert else None
    try:
        app = create_console(open_engine(asked.database), now, settings(asked))
        server = Server(app, asked.host, asked.port, tls)
    except (NotBuilt, BadLayer, ValueError, OSError) as error:  # OSError: also an unusable pair
        sys.stderr.write(f"{error}\n")
        return 2
    server.run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
