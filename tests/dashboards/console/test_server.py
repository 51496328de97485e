"""The server: it stops promptly though pages listen, and speaks HTTPS with what is on disk."""

import socket
import ssl
from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import trustme

from dashboards.console.app import create_console
from dashboards.console.server import Server, Tls
from dashboards.console.settings import Settings
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase
from tests.support.child import free_port
from tests.support.console import running, serving, wear


def test_it_stops_within_seconds_while_a_page_listens(
    serve: Callable[[], AbstractContextManager[str]], fleet: Fleet
) -> None:
    with httpx.Client(timeout=10) as client:
        wear(client, fleet.admin)
        with serve() as home, client.stream("GET", f"{home}/live") as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 1000"
    assert answer.headers["content-type"].startswith("text/event-stream")


class Papers:
    """A certificate of this machine's on disk, and whom to trust."""

    def __init__(self, folder: Path) -> None:
        self.tls = Tls(folder / "console.crt", folder / "console.key")
        self._authority = trustme.CA()
        self.renew()

    def renew(self) -> None:
        issued = self._authority.issue_cert("127.0.0.1")
        self.tls.cert.write_bytes(b"".join(one.bytes() for one in issued.cert_chain_pems))
        self.tls.key.write_bytes(issued.private_key_pem.bytes())

    def trusting(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        self._authority.configure_trust(context)
        return context


def serial(home: str, context: ssl.SSLContext) -> str:
    where = urlsplit(home)
    with (
        socket.create_connection((str(where.hostname), int(where.port or 0)), 10) as plain,
        context.wrap_socket(plain, server_hostname="127.0.0.1") as safe,
    ):
        found = safe.getpeercert() or {}
        return str(found["serialNumber"])


def test_it_speaks_https_and_tells_browsers_to_come_no_other_way(
    fleet: Fleet, tmp_path: Path
) -> None:
    papers = Papers(tmp_path)
    with (
        serving(fleet.engine, lambda: showcase.NOW, Settings(https=True), papers.tls) as home,
        httpx.Client(verify=papers.trusting()) as client,
    ):
        assert home.startswith("https://")
        answer = client.get(f"{home}/healthz")
        assert (answer.status_code, answer.headers["strict-transport-security"]) == (
            200,
            "max-age=31536000",
        )
        with pytest.raises(httpx.TransportError):
            httpx.get(home.replace("https", "http"))


def test_a_renewed_certificate_is_taken_up_without_a_restart(fleet: Fleet, tmp_path: Path) -> None:
    papers = Papers(tmp_path)
    app = create_console(fleet.engine, lambda: showcase.NOW, Settings())
    server = Server(app, "127.0.0.1", free_port(), papers.tls)
    with running(server) as home:
        first = serial(home, papers.trusting())
        papers.renew()
        server.renew()
        second = serial(home, papers.trusting())
        papers.tls.key.write_text("half")
        server.renew()
        assert first != second == serial(home, papers.trusting())


def test_what_a_header_says_of_the_address_counts_for_nothing(fleet: Fleet) -> None:
    app = create_console(fleet.engine, lambda: showcase.NOW, Settings(proxies=("10.0.0.5",)))
    with running(Server(app, "127.0.0.1", free_port())) as home:
        for header in ("x-forwarded-for", "forwarded", "x-real-ip"):
            answer = httpx.get(f"{home}/healthz", headers={header: "10.0.0.5"})
            assert (answer.status_code, "proxy alone" in answer.text) == (403, True)
