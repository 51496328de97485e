"""The portal's door: HTTP on 127.0.0.1 and nowhere else.

It owns which addresses exist (a fixed table: no file name ever comes from a request), the content
policy and the check of the Host header, without which a page from elsewhere could talk to the
portal through the citizen's browser. It needs no network and keeps nothing about who asked.
"""

import json
from collections.abc import Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Final, NamedTuple

from portal.page import welcome

HOST: Final = "127.0.0.1"
STATIC: Final = Path(__file__).parent / "static"
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
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

    def __init__(self, port: int, kiosk: str, version: str, since: str) -> None:
        health = json.dumps({"version": version, "since": since}).encode()
        self.documents: Mapping[str, Document] = {
            "/": Document("text/html; charset=utf-8", welcome(kiosk).encode()),
            "/healthz": Document("application/json", health),
            "/portal.css": _static("portal.css", "text/css; charset=utf-8"),
            "/clock.js": _static("clock.js", "text/javascript; charset=utf-8"),
            "/pictures.svg": _static("pictures.svg", "image/svg+xml"),
            "/kawung.svg": _static("kawung.svg", "image/svg+xml"),
        }
        super().__init__((HOST, port), Door)
        self.names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

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
        document = self.server.documents.get(self.path.partition("?")[0])
        self._answer(HTTPStatus.OK if document else HTTPStatus.NOT_FOUND, document)

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
