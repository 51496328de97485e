"""Runs the portal: `python -m portal --port 8080 --kiosk bandung-coblong-01`."""

import argparse
import os
import signal
import sys
import threading
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from portal.built import Options, build
from portal.server import HOST, PortalServer


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="portal", description="The citizens' screen.")
    parser.add_argument("--port", type=int, default=8080, help="on 127.0.0.1; 0 takes a free one")
    parser.add_argument("--kiosk", default="anjungan", help="the name shown on the screen")
    parser.add_argument("--notices", type=Path, help="folder in which the agent leaves notices")
    parser.add_argument("--site", default="", help="code of the place it stands at: 32.73.05")
    parser.add_argument("--content", type=Path, help="folder of the releases that are shown")
    parser.add_argument("--tray", type=Path, help="folder in which records wait for the agent")
    parser.add_argument("--asks", type=Path, help="folder in memory in which the office is asked")
    parser.add_argument("--queue", default="", help="the print queue for receipts")
    parser.add_argument("--photos", default="", help="where telephones give photos: https://HOST")
    options = parser.parse_args(argv)
    its, content = build(
        Options(
            options.kiosk,
            options.site,
            options.notices,
            options.content,
            options.tray,
            options.asks,
            options.queue,
            options.photos,
        )
    )
    since = datetime.now(UTC).isoformat(timespec="seconds")
    try:
        server = PortalServer(
            options.port,
            options.kiosk,
            _version(),
            since,
            options.notices,
            content=content,
            release=_release(),
            its=its,
        )
    except OSError as error:
        print(f"portal: port {options.port} on {HOST}: {error}", file=sys.stderr)  # noqa: T201 - for whoever started it
        return 1
    print(f"portal: http://{HOST}:{server.server_port}/", flush=True)  # noqa: T201 - for whoever started it
    _stop_on_signals(server)
    server.serve_forever()
    server.server_close()
    return 0


def _stop_on_signals(server: PortalServer) -> None:
    def stop(*_: object) -> None:
        # shutdown() waits for the loop that this handler has interrupted: never from its thread
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)


def _release() -> int:
    """Of the portal itself, as whoever started it says (agent/software/launch.py)."""
    said = os.environ.get("ANJUNGAN_RELEASE", "")
    return int(said) if said.isascii() and said.isdigit() else 0


def _version() -> str:
    try:
        return version("anjungan")
    except PackageNotFoundError:
        return "0"  # run from a folder that was never installed


if __name__ == "__main__":
    sys.exit(main())
