"""The server under the console: it ends live streams before it waits for answers to finish.

Who asks is the address of the connection, whatever a header says: which proxies are believed is
decided in one place, controller.api.who. A certificate that was renewed on disk is taken up
without a restart; one that cannot be read leaves the old one in use.
"""

import socket
import sys
from pathlib import Path
from typing import NamedTuple

import uvicorn
from fastapi import FastAPI

from controller.tls import LOOK_TICKS, Shown


class Tls(NamedTuple):
    """Files in PEM."""

    cert: Path
    key: Path


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
        self._shown = self._shows(tls) if tls else None

    async def on_tick(self, counter: int) -> bool:
        if counter % LOOK_TICKS == 0:
            self.renew()
        return await super().on_tick(counter)

    def renew(self) -> None:
        """Take up a certificate that was renewed on disk."""
        if self._shown is not None:
            self._shown.renew()

    def _shows(self, tls: Tls) -> Shown:
        self.config.load()
        assert self.config.ssl is not None
        return Shown(self.config.ssl, tls.cert, tls.key, _say)

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._hub.end()
        await super().shutdown(sockets)


def _say(text: str) -> None:
    sys.stderr.write(f"{text}\n")
