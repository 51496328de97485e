"""The server under the console: it ends live streams before it waits for answers to finish.

Who asks is the address of the connection, whatever a header says: which proxies are believed is
decided in one place, controller.api.who. A certificate that was renewed on disk is taken up
without a restart; one that cannot be read leaves the old one in use.
"""

import socket
import sys
from pathlib import Path
from typing import Final, NamedTuple

import uvicorn
from fastapi import FastAPI

LOOK_TICKS: Final = 300  # of about 0.1 s


class Tls(NamedTuple):
    """Files in PEM."""

    cert: Path
    key: Path

    def age(self) -> tuple[int, int]:
        return self.cert.stat().st_mtime_ns, self.key.stat().st_mtime_ns


class Server(uvicorn.Server):
    """Serves one console application at `host` and `port`. Raises OSError for a bad pair."""

    def __init__(self, app: FastAPI, host: str, port: int, tls: Tls | None = None) -> None:
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            log_level="warning",
            server_header=False,
            proxy_headers=False,
            timeout_graceful_shutdown=2,
            ssl_certfile=tls.cert if tls else None,
            ssl_keyfile=tls.key if tls else None,
        )
        super().__init__(config)
        self._hub = app.state.hub
        self._tls = tls
        self._age = tls.age() if tls else None
        if tls:
            config.load()

    async def on_tick(self, counter: int) -> bool:
        if counter % LOOK_TICKS == 0:
            self.renew()
        return await super().on_tick(counter)

    def renew(self) -> None:
        """Take up a certificate that was renewed on disk."""
        if self._tls is None or self.config.ssl is None:
            return
        try:
            age = self._tls.age()
            if age != self._age:
                self.config.ssl.load_cert_chain(self._tls.cert, self._tls.key)
                self._age = age
        except OSError as error:  # half written, or not a pair: the next look may find it whole
            sys.stderr.write(f"the certificate {self._tls.cert} cannot be used: {error}\n")

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.end()
        await super().shutdown(sockets)
