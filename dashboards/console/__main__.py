"""`python -m dashboards.console --database URL`: serves the console on this machine alone.

There are no accounts yet: whoever reaches the port may acknowledge faults. So it listens on the
loopback only, and refuses anything else aloud.
"""

import argparse
import ipaddress
import os
import sys
import time
from pathlib import Path

from controller.store.engine import open_engine
from controller.store.migrate import migrate
from dashboards.console.app import NotBuilt, create_console
from dashboards.console.map.layer import BadLayer
from dashboards.console.server import Server
from dashboards.console.settings import Settings


def arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m dashboards.console", description=__doc__)
    parser.add_argument("--database", default=os.environ.get("ANJUNGAN_DATABASE"))
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--geojson", type=Path, help="your own borders for the map")
    return parser


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def now() -> int:
    return time.time_ns() // 1_000_000


def main(argv: list[str] | None = None) -> int:
    parser = arguments()
    asked = parser.parse_args(argv)
    if not asked.database:
        parser.error("say which database: --database URL or ANJUNGAN_DATABASE")
    if not is_loopback(asked.host):
        parser.error(
            f"--host {asked.host}: the console has no accounts yet and serves this machine only; "
            "use 127.0.0.1, and an SSH tunnel from elsewhere"
        )
    migrate(asked.database)
    try:
        app = create_console(open_engine(asked.database), now, Settings(geojson=asked.geojson))
    except (NotBuilt, BadLayer) as error:
        sys.stderr.write(f"{error}\n")
        return 2
    Server(app, asked.host, asked.port).run()
    return 0


if __name__ == "__main__":
    sys.exit(main())
