"""A static server of plain files with ranges, over real sockets, that can be told to misbehave.

`mood` is asked before each answer and may answer by itself. `asked`: the
paths in order. `sent`: bytes of bodies.
"""

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

Mood = Callable[["Handler", bytes, int], bool]
"""(the handler, the whole file, first byte asked for): whether it has answered by itself."""


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: "FileServer"

    def do_GET(self) -> None:
        server = self.server
        server.asked.append(self.path)
        file = server.root / self.path.lstrip("/")
        if not file.is_file():
            self.answer(404, b"")
            return
        data = file.read_bytes()
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        since = int(found[1]) if found else 0
        if server.mood is not None and server.mood(self, data, since):
            return
        if found and since >= len(data):
            self.answer(416, b"", {"Content-Range": f"bytes */{len(data)}"})
        elif found:
            said = {"Content-Range": f"bytes {since}-{len(data) - 1}/{len(data)}"}
            self.answer(206, data[since:], said)
        else:
            self.answer(200, data)

    def answer(
        self, status: int, body: bytes, said: dict[str, str] | None = None, *, length: int = -1
    ) -> None:
        """`length`: what is said of the body, if not the truth."""
        self.send_response(status)
        for name, value in (said or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body) if length < 0 else length))
        self.end_headers()
        self.server.sent += len(body)  # before anybody can have it
        self.wfile.write(body)
        self.wfile.flush()

    def log_message(self, *_: Any) -> None:
        pass


class FileServer(ThreadingHTTPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, root: Path, port: int = 0) -> None:
        self.root = root
        self.mood: Mood | None = None
        self.asked: list[str] = []
        self.sent = 0
        super().__init__(("127.0.0.1", port), Handler)
        self.url = f"http://127.0.0.1:{self.server_address[1]}/"

    def handle_error(self, *_: Any) -> None:
        pass  # whoever asked has hung up: that is what these tests do


@contextmanager
def serving(root: Path) -> Iterator[FileServer]:
    with FileServer(root) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        try:
            yield server
        finally:
            server.shutdown()
            thread.join(10)
