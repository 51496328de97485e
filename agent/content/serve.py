"""`python -m agent.content.serve`: gives other kiosks on this network the chunks of our releases.

Only where agent.toml says so. Knows one question, GET /chunks/ab/HASH, and reads one chunk to
answer it; what is read is compared with its name first. What it gives is public anyway: whoever
asks checks it against a signed index. Gives to few at a time, and keeps nobody's line open long.
"""

import argparse
import os
import re
import socketserver
import threading
from collections.abc import Sequence
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, Final

from agent.config import BadConfig, load
from agent.content.held import Held
from wire.pack import RAW, write_chunk

AT_ONCE: Final = 8
PATIENCE_S: Final = 10.0
_CHUNK = re.compile(r"/chunks/([0-9a-f]{2})/(\1[0-9a-f]{62})")


class Stock:
    """What stands in the current folders: learned anew when a release came or went."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = folders
        self._lock = threading.Lock()
        self._seen: tuple[tuple[str, int], ...] = ()
        self._held: list[Held] = []

    def read(self, sha256: str) -> bytes | None:
        for held in self._now():
            if (plain := held.read(sha256)) is not None:
                return plain
        return None

    def _now(self) -> list[Held]:
        slots = [path for folder in self._folders for path in sorted(folder.glob("*/slots"))]
        seen = tuple((str(path), path.stat().st_mtime_ns) for path in slots)
        with self._lock:
            if seen != self._seen:
                self._held = [Held(path, path.parent / "shelf") for path in slots]
                self._seen = seen
            return self._held


class _Answerer(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = PATIENCE_S
    server: "Server"

    def do_GET(self) -> None:
        found = _CHUNK.fullmatch(self.path)
        plain = self.server.stock.read(found[2]) if found else None
        body = b"" if plain is None else write_chunk(RAW, plain)
        self.send_response(404 if plain is None else 200)
        self.send_header("Content-Type", "application/octet-stream")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def version_string(self) -> str:
        return "anjungan"

    def log_message(self, *_: Any) -> None:
        """Nothing: who asks for what is nobody's business."""


class Server(socketserver.ThreadingTCPServer):
    """More than AT_ONCE are turned away at once."""

    allow_reuse_address = True
    daemon_threads = True

    def __init__(self, host: str, port: int, stock: Stock) -> None:
        self.stock = stock
        self._places = threading.BoundedSemaphore(AT_ONCE)
        super().__init__((host, port), _Answerer)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self._places.acquire(blocking=False):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread is to be had
            self._places.release()
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._places.release()

    def handle_error(self, *_: Any) -> None:
        """Whoever asked went away."""


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m agent.content.serve", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, help="agent.toml")
    try:
        config = load(parser.parse_args(arguments).config)
    except BadConfig as error:
        parser.error(str(error))
    settings = config.content
    if settings is None or not settings.neighbour.serve:
        return 0  # this kiosk does not
    os.nice(10)
    folders = [Path(one) for one in (settings.folder, settings.programs) if one]
    with Server("", settings.neighbour.serve, Stock(folders)) as server:
        server.serve_forever()
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
