"""The portal's door: HTTP on 127.0.0.1 and nowhere else.

It owns which addresses exist (a fixed table: no file name ever comes from a request), the content
policy and the check of the Host header, without which a page from elsewhere could talk to the
portal through the citizen's browser. It needs no network and keeps nothing about who asked: of its
page it remembers one word, whether somebody has something of theirs on it (`data-session`).
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, NamedTuple

from portal import notice
from portal.closed import closed
from portal.page import welcome

HOST: Final = "127.0.0.1"
STATIC: Final = Path(__file__).parent / "static"
HTML: Final = "text/html; charset=utf-8"
SESSIONS: Final = {"/session/open": "open", "/session/closed": "closed"}
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",  # a new release must show at the next load
}


class Document(NamedTuple):
    kind: str
    body: bytes


class PortalServer(ThreadingHTTPServer):
    """`port` 0 takes a free one; `server_port` tells which. Serve with `serve_forever`."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self, port: int, kiosk: str, version: str, since: str, notices: Path | None = None
    ) -> None:
        self._kiosk, self._notices = kiosk, notices
        self._about = {"version": version, "since": since}
        self.session = "unknown"  # until the page has said a word
        self.documents: Mapping[str, Document] = {
            "/": Document(HTML, welcome(kiosk).encode()),
            "/portal.css": _static("portal.css", "text/css; charset=utf-8"),
            "/clock.js": _static("clock.js", "text/javascript; charset=utf-8"),
            "/session.js": _static("session.js", "text/javascript; charset=utf-8"),
            "/pictures.svg": _static("pictures.svg", "image/svg+xml"),
            "/kawung.svg": _static("kawung.svg", "image/svg+xml"),
        }
        super().__init__((HOST, port), Door)
        self.names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    def document(self, path: str) -> Document | None:
        """What stands at that address now, None when nothing does."""
        if path == "/healthz":
            shown = notice.read(self._notices) is not None
            health = {**self._about, "maintenance": shown, "session": self.session}
            return Document("application/json", json.dumps(health).encode())
        if path == "/" and (found := notice.read(self._notices)):
            return Document(HTML, closed(self._kiosk, found).encode())
        return self.documents.get(path)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in mid-answer is nothing to write about."""


class Door(BaseHTTPRequestHandler):
    server: PortalServer
    timeout = 10  # seconds a silent client may hold its thread
    server_version = "anjungan"
    sys_version = ""

    def do_GET(self) -> None:
        if self.headers.get("Host", "") not in self.server.names:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, None)
            return
        document = self.server.document(self.path.partition("?")[0])
        self._answer(HTTPStatus.OK if document else HTTPStatus.NOT_FOUND, document)

    def do_POST(self) -> None:
        """The page's one word. From the page itself only: others have another origin."""
        word = SESSIONS.get(self.path)
        ours = {f"http://{name}" for name in self.server.names}
        if self.headers.get("Host", "") not in self.server.names or word is None:
            self._answer(HTTPStatus.NOT_FOUND, None)
        elif self.headers.get("Origin", "") not in ours:
            self._answer(HTTPStatus.FORBIDDEN, None)
        else:
            self.server.session = word
            self._answer(HTTPStatus.OK, None)

    do_HEAD = do_GET  # noqa: N815 - the name is the library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing about citizens is written anywhere."""

    def _answer(self, status: HTTPStatus, document: Document | None) -> None:
        kind, body = document or Document("text/plain; charset=utf-8", status.phrase.encode())
        self.send_response(status)
        for name, value in HEADERS.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)


def _static(name: str, kind: str) -> Document:
    return Document(kind, (STATIC / name).read_bytes())
