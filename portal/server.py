"""The portal's door: HTTP on 127.0.0.1 and nowhere else.

It owns which addresses exist (a fixed table, and below /content/ the files that the signed index of
the release names: no file name ever comes from a request), the content policy and the check of the
Host header, without which a page from elsewhere could talk to the portal through the citizen's
browser. It needs no network and keeps nothing about who asked: of its page it remembers one word,
whether somebody has something of theirs on it (`session`).
"""

import json
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import BinaryIO, Final, NamedTuple
from urllib.parse import unquote

from portal import notice, ranges
from portal.closed import closed
from portal.content import Content, Opened
from portal.page import welcome
from portal.session import WORDS, Session

HOST: Final = "127.0.0.1"
STATIC: Final = Path(__file__).parent / "static"
HTML: Final = "text/html; charset=utf-8"
TEXT: Final = "text/plain; charset=utf-8"
CONTENT: Final = "/content/"
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",  # a new release must show at the next load
}
_PIECE: Final = 64 * 1024


class Document(NamedTuple):
    kind: str
    body: bytes


class PortalServer(ThreadingHTTPServer):
    """`port` 0 takes a free one; `server_port` tells which. Serve with `serve_forever`.

    `content`: the folder of the bundle that is shown, None for what is built in. `release`: that of
    the portal itself, 0 when it was installed by hand.
    """

    daemon_threads = True
    allow_reuse_address = True

    def __init__(
        self,
        port: int,
        kiosk: str,
        version: str,
        since: str,
        notices: Path | None = None,
        *,
        content: Path | None = None,
        release: int = 0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kiosk, self._notices = kiosk, notices
        self._about = {"version": version, "since": since, "release": release}
        self._content = Content(content)
        self.said = Session(clock)
        self.documents: Mapping[str, Document] = {
            "/portal.css": _static("portal.css", "text/css; charset=utf-8"),
            "/clock.js": _static("clock.js", "text/javascript; charset=utf-8"),
            "/session.js": _static("session.js", "text/javascript; charset=utf-8"),
            "/pictures.svg": _static("pictures.svg", "image/svg+xml"),
            "/kawung.svg": _static("kawung.svg", "image/svg+xml"),
        }
        super().__init__((HOST, port), Door)
        self.names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    @property
    def session(self) -> str:
        return self.said.word

    def document(self, path: str) -> Document | None:
        """What stands at that address now, None when nothing does."""
        if path == "/healthz":
            return Document("application/json", json.dumps(self._health()).encode())
        if path == "/":
            return Document(HTML, self._page().encode())
        return self.documents.get(path)

    def file(self, path: str) -> Opened | None:
        """A file of the release in use; whoever asks closes it."""
        return self._content.open(unquote(path.removeprefix(CONTENT)))

    def _page(self) -> str:
        shown = self._content.look().shown
        if found := notice.read(self._notices):
            return closed(self._kiosk, found, shown.seq)
        return welcome(self._kiosk, shown)

    def _health(self) -> dict[str, object]:
        """`content`: the release in use; `content_ok`: it is what the page shows."""
        state = self._content.look()
        return {
            **self._about,
            "maintenance": notice.read(self._notices) is not None,
            "session": self.session,
            "content": state.seq,
            "content_shown": state.shown.seq,
            "content_ok": state.ok,
            "content_why": state.why,
        }

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in mid-answer is nothing to write about."""


class Door(BaseHTTPRequestHandler):
    server: PortalServer
    timeout = 10  # seconds a silent client may hold its thread
    server_version = "anjungan"
    sys_version = ""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        if self.headers.get("Host", "") not in self.server.names:
            self._answer(HTTPStatus.MISDIRECTED_REQUEST, None)
        elif path.startswith(CONTENT) and (found := self.server.file(path)):
            with found.stream:
                self._give(found)
        else:
            document = self.server.document(path)
            self._answer(HTTPStatus.OK if document else HTTPStatus.NOT_FOUND, document)

    def do_POST(self) -> None:
        """The page's one word. From the page itself only: others have another origin."""
        word = WORDS.get(self.path)
        ours = {f"http://{name}" for name in self.server.names}
        if self.headers.get("Host", "") not in self.server.names or word is None:
            self._answer(HTTPStatus.NOT_FOUND, None)
        elif self.headers.get("Origin", "") not in ours:
            self._answer(HTTPStatus.FORBIDDEN, None)
        else:
            self.server.said.say(word)
            self._answer(HTTPStatus.OK, None)

    do_HEAD = do_GET  # noqa: N815 - the name is the library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing about citizens is written anywhere."""

    def _answer(self, status: HTTPStatus, document: Document | None) -> None:
        kind, body = document or Document(TEXT, status.phrase.encode())
        self._head(status, kind, len(body))
        if self.command != "HEAD":
            self.wfile.write(body)

    def _give(self, found: Opened) -> None:
        """A file, or the part of it that a player asks for."""
        try:
            part = ranges.part(self.headers.get("Range", ""), found.size)
        except ranges.Outside:
            self._answer(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE, None)
            return
        status = HTTPStatus.PARTIAL_CONTENT if part else HTTPStatus.OK
        size = part.size if part else found.size
        more = {"Accept-Ranges": "bytes"}
        if part:
            more["Content-Range"] = f"bytes {part.first}-{part.last}/{found.size}"
            found.stream.seek(part.first)
        self._head(status, found.kind, size, more)
        if self.command != "HEAD":
            self._copy(found.stream, size)

    def _copy(self, stream: BinaryIO, left: int) -> None:
        while left and (piece := stream.read(min(left, _PIECE))):
            self.wfile.write(piece)
            left -= len(piece)

    def _head(
        self, status: HTTPStatus, kind: str, size: int, more: Mapping[str, str] | None = None
    ) -> None:
        self.send_response(status)
        said = {"Content-Type": kind, "Content-Length": str(size), **(more or {})}
        for name, value in {**HEADERS, **said}.items():
            self.send_header(name, value)
        self.end_headers()


def _static(name: str, kind: str) -> Document:
    return Document(kind, (STATIC / name).read_bytes())
