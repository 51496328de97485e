"""Systems behind an office: a real web server that takes what it is sent, or does not.

`taker` verifies nothing: it keeps what came. `backed` is a registrar whose folder allows one
folder and one webhook, with both switched on for the city.
"""

import base64
import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Final, NamedTuple

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from controller.back import desk
from controller.back.parcel import Document
from controller.back.post import Post
from controller.back.target import Target
from controller.back.ways import way_to
from controller.back.webhook import to_sign
from controller.people.audit import By
from controller.store.engine import writing
from provisioning import back
from tests.support.registrar import NOW, Registry

FILES: Final = "arsip"
HOOK: Final = "sistem-dinas"
CITY: Final = "32.73"


def received(body: bytes) -> Document:
    """As whoever receives one does."""
    return msgspec.json.decode(body, type=Document)


class Came(NamedTuple):
    headers: dict[str, str]
    body: bytes

    def check(self, public: Ed25519PublicKey) -> None:
        """As whoever receives it does. Raises InvalidSignature."""
        version, _, signature = self.headers["webhook-signature"].partition(",")
        assert version == "v1a"
        uid, at = self.headers["webhook-id"], self.headers["webhook-timestamp"]
        public.verify(base64.b64decode(signature), to_sign(uid, at, self.body))


class Taker(ThreadingHTTPServer):
    """Answers `status` with `said`; `came` in order."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.status, self.said = 200, json.dumps({"reference": "D-1"}).encode()
        self.headers: dict[str, str] = {}
        self.came: list[Came] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}/masuk?kode=1"


class _Handler(BaseHTTPRequestHandler):
    server: Taker

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["content-length"]))
        headers = {name.lower(): value for name, value in self.headers.items()}
        self.server.came.append(Came({**headers, ":path": self.path}, body))
        self.send_response(self.server.status)
        for name, value in self.server.headers.items():
            self.send_header(name, value)
        self.send_header("content-length", str(len(self.server.said)))
        self.end_headers()
        self.wfile.write(self.server.said)

    def log_message(self, *_: Any) -> None:
        pass


class Backed(NamedTuple):
    registry: Registry
    taker: Taker
    files: Path
    keys: Path
    post: Post

    def public(self) -> Ed25519PublicKey:
        return back.make_key(self.keys).public_key()


@pytest.fixture
def taker() -> Iterator[Taker]:
    server = Taker()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def backed(any_registry: Registry, taker: Taker, tmp_path: Path) -> Backed:
    keys, files = any_registry.folder / "keys", tmp_path / "arsip"
    files.mkdir()
    back.allow(keys, Target(tenant=CITY, name=FILES, kind="folder", where=str(files)))
    back.allow(keys, Target(tenant=CITY, name=HOOK, kind="webhook", where=taker.url))
    with writing(any_registry.engine) as conn:
        for name, kind in ((FILES, "folder"), (HOOK, "webhook")):
            desk.add(conn, By("kepala"), desk.New(CITY, name, kind), NOW)
    ring = any_registry.ring

    def finds(tenant: str, name: str) -> Any:
        return way_to(keys, tenant, name)

    return Backed(
        any_registry,
        taker,
        files,
        keys,
        Post(any_registry.engine, ring.unseal, finds, any_registry.clock),
    )
