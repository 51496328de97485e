"""What the server really lets through: TLS versions, its own errors, nothing of proxies."""

import socket
import ssl
from contextlib import closing
from pathlib import Path

import httpx
import pytest
import trustme
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from controller.door.server import DoorServer
from tests.support.child import free_port
from tests.support.door import BuildDoor, Door, running
from tests.support.wait import until
from wire import door as paths


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1_1:DeprecationWarning")
def test_tls_1_2_is_spoken_and_1_1_is_not(door: Door) -> None:
    for version, ok in ((ssl.TLSVersion.TLSv1_2, True), (ssl.TLSVersion.TLSv1_1, False)):
        context = ssl.create_default_context(cafile=str(door.ca_file))
        context.set_ciphers("ALL:@SECLEVEL=0")
        context.minimum_version = context.maximum_version = version
        raw = socket.create_connection(("127.0.0.1", door.port), timeout=20)
        with closing(raw):
            if ok:
                context.wrap_socket(raw, server_hostname="localhost").close()
            else:
                with pytest.raises((ssl.SSLError, ConnectionResetError)):
                    context.wrap_socket(raw, server_hostname="localhost")


def test_too_many_connections_are_turned_away(sqlite_url: str, build_door: BuildDoor) -> None:
    door = build_door(sqlite_url, most_connections=3)
    context = ssl.create_default_context(cafile=str(door.ca_file))
    lines = [
        context.wrap_socket(
            socket.create_connection(("127.0.0.1", door.port), timeout=20),
            server_hostname="localhost",
        )
        for _ in range(4)
    ]
    with door.client() as client:
        until(lambda: client.get(paths.TIME_PATH).status_code == 503, 20)
        for line in lines:
            line.close()
        until(lambda: client.get(paths.TIME_PATH).status_code == 200, 20)


@pytest.mark.parametrize(
    "said",
    [
        b"GET /v1/time HTTP/1.1\r\nA: " + b"x" * 40_000 + b"\r\n\r\n",
        b"\x00\x01\x02\r\n\r\n",
        b"GET /v1/time HTTP/1.1\r\n bad\r\n\r\n",
        b"POST /v1/enrol HTTP/1.1\r\nHost: d\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\n{}",
        b"POST /v1/enrol HTTP/1.1\r\nHost: d\r\nContent-Length: x\r\n\r\n{}",
        b"GET / HTTP/9.9\r\n\r\n",
    ],
)
def test_what_is_no_http_is_refused_and_the_line_closed(door: Door, said: bytes) -> None:
    context = ssl.create_default_context(cafile=str(door.ca_file))
    raw = socket.create_connection(("127.0.0.1", door.port), timeout=20)
    with closing(context.wrap_socket(raw, server_hostname="localhost")) as line:
        line.sendall(said)
        answer = b""
        while part := line.recv(4096):
            answer += part
    assert answer.startswith(b"HTTP/1.1 4")


def test_a_port_that_is_taken_is_said(door: Door) -> None:
    server = DoorServer(
        Starlette(), "127.0.0.1", door.port, certificate=door.certificate, key=door.key
    )
    with pytest.raises(OSError, match="in use"):
        server.run()


def test_a_renewed_certificate_is_taken_up_without_a_restart(tmp_path: Path) -> None:
    cert, key, authority = tmp_path / "door.crt", tmp_path / "door.key", trustme.CA()
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)

    def issue() -> None:
        made = authority.issue_cert("localhost")
        cert.write_bytes(made.cert_chain_pems[0].bytes())
        key.write_bytes(made.private_key_pem.bytes())

    def serial() -> str:
        raw = socket.create_connection(("127.0.0.1", port), timeout=20)
        with closing(trusting.wrap_socket(raw, server_hostname="localhost")) as line:
            return str((line.getpeercert() or {})["serialNumber"])

    issue()
    port = free_port()
    server = DoorServer(Starlette(), "127.0.0.1", port, certificate=cert, key=key)
    with running(server):
        first = serial()
        issue()
        server.renew()
        assert serial() != first


def test_what_uvicorn_tells_of_a_clients_certificate_is_nothing(tmp_path: Path) -> None:
    """Why requests are signed: see docs/adr/0010. A certificate was shown; the app cannot know."""
    ca = trustme.CA()
    pair, kiosk = ca.issue_cert("localhost"), ca.issue_cert("bdg-sukasari-1")
    files = {}
    for name, one in (("server", pair), ("kiosk", kiosk)):
        files[name] = (tmp_path / f"{name}.crt", tmp_path / f"{name}.key")
        files[name][0].write_bytes(one.cert_chain_pems[0].bytes())
        files[name][1].write_bytes(one.private_key_pem.bytes())

    async def tell(request: Request) -> JSONResponse:
        scope = {key: str(value) for key, value in request.scope.items() if key != "app"}
        return JSONResponse({"keys": sorted(scope), "all": str(scope)})

    port = free_port()
    server = DoorServer(
        Starlette(routes=[Route("/", tell)]),
        "127.0.0.1",
        port,
        certificate=files["server"][0],
        key=files["server"][1],
    )
    assert server.config.ssl is not None
    ca.configure_trust(server.config.ssl)
    server.config.ssl.verify_mode = ssl.CERT_REQUIRED  # as a door with client certificates would
    context = ssl.create_default_context()
    ca.configure_trust(context)
    context.load_cert_chain(*files["kiosk"])
    with running(server):
        answer = httpx.get(f"https://localhost:{port}/", verify=context, timeout=20)
    assert answer.status_code == 200
    for trace in ("bdg-sukasari-1", "BEGIN CERTIFICATE", "tls"):
        assert trace not in answer.text
    assert "extensions" not in answer.json()["keys"]
