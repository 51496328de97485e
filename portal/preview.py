"""Shows a service pack as a kiosk would: `python -m portal.preview --port 8090`.

For the office's editor, which is another process and another room: it posts a document and gets the
pages' HTML, each whole in itself, to be shown in a frame that may do nothing. It listens on
127.0.0.1, keeps nothing, and touches no tray and no printer.

POST / with JSON {"document": Service, "language": "id", "tenant": Tenant, "places": Places}, of
which only the document is needed -> {"pages": [{"name", "title", "html"}]} in the order in which a
citizen meets them; 400 {"error": sentence} when it is none.
"""

import argparse
import signal
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Final

import msgspec
from msgspec import Struct

from portal import assets
from portal.press import Press
from portal.specimen import PLACES, Language, pages
from portal.whole import whole
from wire.service.document import MOST, Service
from wire.service.tenant import Places, Tenant

HOST: Final = "127.0.0.1"
MOST_BODY: Final = 4 * MOST
JSON: Final = "application/json"


class Wanted(Struct, frozen=True):
    document: Service
    language: Language = "id"
    tenant: Tenant | None = None
    places: Places = PLACES


class Shown(Struct, frozen=True):
    name: str
    title: str
    html: str


class Preview:
    """`clock` in milliseconds since 1970. For many threads."""

    def __init__(self, clock: Callable[[], int]) -> None:
        self._clock, self._press = clock, Press()
        self._files: Mapping[str, assets.Document] = assets.load()

    def of(self, wanted: Wanted) -> list[Shown]:
        found = pages(
            wanted.document,
            self._press,
            self._clock(),
            language=wanted.language,
            tenant=wanted.tenant,
            places=wanted.places,
        )
        return [Shown(one.name, one.title, whole(one.html, self._files)) for one in found]


class PreviewServer(ThreadingHTTPServer):
    """`port` 0 takes a free one; `server_port` tells which."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, port: int, preview: Preview) -> None:
        self.preview = preview
        super().__init__((HOST, port), Door)
        self.names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}


class Door(BaseHTTPRequestHandler):
    server: PreviewServer
    timeout = 10  # seconds a silent client may hold its thread
    server_version = "anjungan"
    sys_version = ""

    def do_GET(self) -> None:
        """Only whether it is there."""
        known = self.headers.get("Host", "") in self.server.names and self.path == "/healthz"
        self._answer(HTTPStatus.OK if known else HTTPStatus.NOT_FOUND, {"ok": known})

    def do_POST(self) -> None:
        length = self.headers.get("Content-Length", "")
        size = int(length) if length.isascii() and length.isdigit() else -1
        if self.headers.get("Host", "") not in self.server.names:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, {"error": "another host"})
        elif self.headers.get_content_type() != JSON or not 0 <= size <= MOST_BODY:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": f"JSON of at most {MOST_BODY} bytes"})
        else:
            self._show(self.rfile.read(size))

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nobody reads what was looked at."""

    def _show(self, body: bytes) -> None:
        try:
            wanted = msgspec.json.decode(body, type=Wanted)
        except (msgspec.MsgspecError, ValueError, RecursionError) as error:
            self._answer(HTTPStatus.BAD_REQUEST, {"error": str(error)[:300]})
            return
        try:
            shown = self.server.preview.of(wanted)
        except ValueError as error:  # a condition that is none: its writer is in the middle of it
            self._answer(HTTPStatus.BAD_REQUEST, {"error": str(error)[:300]})
            return
        self._answer(HTTPStatus.OK, {"pages": shown})

    def _answer(self, status: HTTPStatus, said: object) -> None:
        body = msgspec.json.encode(said)
        self.send_response(status)
        for name, value in (("Content-Type", JSON), ("Content-Length", str(len(body)))):
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(body)


def main(argv: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="portal.preview", description="Pages of a service pack.")
    parser.add_argument("--port", type=int, default=8090, help="on 127.0.0.1; 0 takes a free one")
    port = parser.parse_args(argv).port
    try:
        server = PreviewServer(port, Preview(lambda: time.time_ns() // 1_000_000))
    except OSError as error:
        sys.stderr.write(f"portal.preview: port {port} on {HOST}: {error}\n")
        return 1
    sys.stdout.write(f"portal.preview: http://{HOST}:{server.server_port}/\n")
    sys.stdout.flush()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))  # it has nothing to bring to an end
    server.serve_forever()
    server.server_close()
    return 0


if __name__ == "__main__":
    sys.exit(main())
