"""The portal's door: HTTP on 127.0.0.1 and nowhere else.

It owns what comes before any page: the content policy, the checks of the Host header and of the
origin of what is posted (without which a page from elsewhere could talk to the portal through the
citizen's browser), the bounds of what is read and of how many ask. Files are those of `assets` and,
below /content/, those that the signed index of the release names: no file name ever comes from a
request. Pages are the desk's. It needs no network and writes nothing about who asked.
"""

import contextlib
import json
import socket
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, BinaryIO, Final
from urllib.parse import unquote

from portal import assets, notice, ranges
from portal.answer import TEXT, Answer, go, said
from portal.asked import MOST_BODY
from portal.content import Content, Opened
from portal.desk import COOKIE, HOME, Desk, Request
from portal.its import Its
from portal.lines import Lines
from portal.press import Press
from portal.session import WORDS, Session

HOST: Final = "127.0.0.1"
CONTENT: Final = "/content/"
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": "default-src 'none'; style-src 'self'; script-src 'self'; "
    "img-src 'self'; media-src 'self'; font-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'self'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",  # with none, a form would not say whose it is (Origin: null)
    "Cache-Control": "no-store",  # a new release must show at the next load
}
_PIECE: Final = 64 * 1024
_MOST_PASSED: Final = 8 * MOST_BODY  # read and dropped, so that a refusal is heard
_FOREIGN: Final = ("cross-site", "same-site")  # another port of this machine is the same site


class PortalServer(ThreadingHTTPServer):
    """`port` 0 takes a free one; `server_port` tells which. Serve with `serve_forever`.

    `content`: the bundle that is shown or its folder, None for what is built in. `release`: that of
    the portal itself, 0 when it was installed by hand. `its` says with what pages are answered.
    """

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(
        self,
        port: int,
        kiosk: str,
        version: str,
        since: str,
        notices: Path | None = None,
        *,
        content: Content | Path | None = None,
        release: int = 0,
        clock: Callable[[], float] = time.monotonic,
        its: Its | None = None,
    ) -> None:
        self._notices = notices
        its = its or Its(kiosk, "", Press(), clock=lambda: time.time_ns() // 1_000_000)
        self._about = {"version": version, "since": since, "release": release}
        self._content = content if isinstance(content, Content) else Content(content, its.site)
        self.said = Session(clock)
        self.lines = Lines(clock)
        self.desk = Desk(its, self._content, notices, seen=lambda: self.said.say("open"))
        self._documents = assets.load()
        super().__init__((HOST, port), Door)
        self.names = {f"{name}:{self.server_port}" for name in (HOST, "localhost")}

    @property
    def session(self) -> str:
        return self.said.word

    def document(self, request: Request) -> Answer:
        """What stands at that address now."""
        if request.method == "POST":
            return self.desk.answer(request)
        if request.path == "/healthz":
            body = json.dumps(self._health()).encode()
            return Answer(HTTPStatus.OK, "application/json", body)
        if found := self._documents.get(request.path):
            kept = assets.keeping(request.path, request.query)
            return Answer(HTTPStatus.OK, *found, headers=kept)
        return self.desk.answer(request)

    def file(self, path: str) -> Opened | None:
        """A file of the release in use; whoever asks closes it."""
        return self._content.open(unquote(path.removeprefix(CONTENT)))

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

    def service_actions(self) -> None:
        """A page that hung or was closed without a word: its citizen is gone, and is forgotten."""
        if self.said.lapsed:
            self.desk.lapse(lambda: self.said.lapsed)
        for line in self.lines.late():
            if isinstance(line, socket.socket):
                self._shut(line)

    def process_request(self, request: Any, client_address: Any) -> None:
        if not self.lines.take(request):
            self.shutdown_request(request)
            return
        try:
            super().process_request(request, client_address)
        except RuntimeError:  # no thread is to be had
            self.lines.end(request)
            raise

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        try:
            super().process_request_thread(request, client_address)
        finally:
            self.lines.end(request)

    def _shut(self, line: socket.socket) -> None:
        """Whoever reads from it hears its end."""
        with contextlib.suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that goes away in mid-answer is nothing to write about."""


class Door(BaseHTTPRequestHandler):
    server: PortalServer
    timeout = 10  # seconds a silent client may hold its thread
    server_version = "anjungan"
    sys_version = ""

    def do_GET(self) -> None:
        path = self.path.partition("?")[0]
        self.server.lines.asked(self.connection)
        if self.headers.get("Host", "") not in self.server.names:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        elif path != HOME and self.headers.get("Sec-Fetch-Site", "") in _FOREIGN:
            self._answer(said(HTTPStatus.FORBIDDEN))
        elif path.startswith(CONTENT) and (found := self.server.file(path)):
            with found.stream:
                self._give(found)
        else:
            self._answer(self.server.document(self._request(b"")))

    def do_POST(self) -> None:
        """A form, or the page's one word. From the page itself only: others have another origin."""
        ours = {f"http://{name}" for name in self.server.names}
        size = self.headers.get("Content-Length", "")
        if self.headers.get("Host", "") not in self.server.names:
            self._refuse(HTTPStatus.MISDIRECTED_REQUEST)
        elif self.headers.get("Origin", "") not in ours:
            self._refuse(HTTPStatus.FORBIDDEN)
        elif not (size.isascii() and size.isdigit()):
            self._refuse(HTTPStatus.LENGTH_REQUIRED)
        elif len(size) > 9 or int(size) > MOST_BODY:
            self._refuse(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
        elif not self.server.lines.take_large(int(size)):
            self._refuse(HTTPStatus.SERVICE_UNAVAILABLE)
        elif answer := self._posted(int(size)):
            self._answer(answer)

    def _posted(self, size: int) -> Answer | None:
        """None when its end was not sent.

        Its turn is over before anything is said: who hears the answer may send the next large form.
        """
        try:
            body = self.rfile.read(size)
            self.server.lines.asked(self.connection)
            if len(body) < size:
                self.close_connection = True
                return None
            if word := WORDS.get(self.path):
                self.server.said.say(word)
                return said(HTTPStatus.OK)
            return self.server.document(self._request(body))
        finally:
            self.server.lines.end_large(size)

    do_HEAD = do_GET  # noqa: N815 - the name is the library's

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Nothing about citizens is written anywhere."""

    def _request(self, body: bytes) -> Request:
        path, _, query = self.path.partition("?")
        method = "POST" if self.command == "POST" else "GET"
        cookies = self.headers.get("Cookie", "").split("; ")
        cookie = next((one for one in cookies if one.startswith(f"{COOKIE}=")), "")
        kind = self.headers.get("Content-Type", "")
        return Request(method, path, query, cookie.removeprefix(f"{COOKIE}="), kind, body)

    def _refuse(self, status: HTTPStatus) -> None:
        """Of a form whose body is not kept: what would follow on this line is not a request."""
        self.close_connection = True
        self._say(said(status))
        if self.command == "POST":
            self._pass_over()

    def _pass_over(self) -> None:
        """A line that is closed while somebody still sends takes the answer away with it.

        Whoever sends slowly is sent away by the line's time, as it has not asked yet.
        """
        size = self.headers.get("Content-Length", "")
        left = int(size) if size.isascii() and size.isdigit() and len(size) <= 9 else 0
        left = min(left, _MOST_PASSED)
        while left > 0 and (piece := self.rfile.read1(min(left, _PIECE))):
            left -= len(piece)

    def _answer(self, answer: Answer) -> None:
        """A browser's page is never a bare word: nobody finds the way home from there."""
        bare = answer.status >= HTTPStatus.BAD_REQUEST and answer.kind == TEXT
        shown = self.headers.get("Sec-Fetch-Dest", "") == "document"
        self._say(go(HOME) if bare and shown else answer)

    def _say(self, answer: Answer) -> None:
        self._head(answer.status, answer.kind, len(answer.body), answer.headers)
        if self.command != "HEAD":
            self.wfile.write(answer.body)

    def _give(self, found: Opened) -> None:
        """A file, or the part of it that a player asks for."""
        try:
            part = ranges.part(self.headers.get("Range", ""), found.size)
        except ranges.Outside:
            self._answer(said(HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE))
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
