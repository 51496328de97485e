"""The server under the door: TLS 1.2 or newer, time limits, nothing believed of proxies.

uvicorn believes X-Forwarded-For of whoever comes from this machine unless told not to: it is told.
What TLS learned of a client's certificate is not asked for and not passed on. A pair that was
renewed on disk is taken up without a restart.
"""

import asyncio
import socket
import ssl
import sys
from pathlib import Path
from typing import Final

import uvicorn
from starlette.applications import Starlette

from controller.door.protocol import PatientProtocol
from controller.tls import LOOK_TICKS, Shown

HANDSHAKE_S: Final = 10.0
MOST_CONNECTIONS: Final = 2_000
BACKLOG: Final = 1_024
MOST_HEADERS: Final = 16 * 1024


class DoorServer(uvicorn.Server):
    """Serves one door at `host` and `port`. Raises OSError or ssl.SSLError for a bad pair."""

    def __init__(
        self,
        app: Starlette,
        host: str,
        port: int,
        *,
        certificate: Path,
        key: Path,
        request_s: float | None = None,
        handshake_s: float = HANDSHAKE_S,
        most_connections: int = MOST_CONNECTIONS,
    ) -> None:
        protocol: type[PatientProtocol] = PatientProtocol
        if request_s is not None:
            protocol = type("Protocol", (PatientProtocol,), {"request_s": request_s})
        config = uvicorn.Config(
            app,
            host=host,
            port=port,
            http=protocol,
            ws="none",
            lifespan="on",
            log_level="error",
            access_log=False,
            proxy_headers=False,
            server_header=False,
            ssl_certfile=certificate,
            ssl_keyfile=key,
            limit_concurrency=most_connections,
            h11_max_incomplete_event_size=MOST_HEADERS,
            backlog=BACKLOG,
            timeout_graceful_shutdown=3,
        )
        config.load()
        assert config.ssl is not None
        config.ssl.minimum_version = ssl.TLSVersion.TLSv1_2
        self._shown = Shown(config.ssl, certificate, key, _say)
        self._handshake_s = handshake_s
        self._protocol = protocol
        super().__init__(config)

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """In place of uvicorn's, which gives a handshake a minute and cannot be told otherwise.

        Raises OSError when the port is taken. `sockets` is not for us: there is one port.
        """
        assert sockets is None
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            raise RuntimeError("the door's application did not start; the log says why")
        config = self.config
        try:
            server = await asyncio.get_running_loop().create_server(
                self._speak,
                config.host,
                config.port,
                ssl=config.ssl,
                backlog=config.backlog,
                ssl_handshake_timeout=self._handshake_s,
                ssl_shutdown_timeout=3,
            )
        except OSError:
            await self.lifespan.shutdown()
            raise
        self.servers = [server]
        self.started = True

    async def on_tick(self, counter: int) -> bool:
        if counter % LOOK_TICKS == 0:
            self.renew()
        return await super().on_tick(counter)

    def renew(self) -> None:
        """Take up a certificate that was renewed on disk."""
        self._shown.renew()

    def _speak(self) -> asyncio.Protocol:
        return self._protocol(self.config, self.server_state, self.lifespan.state)


def _say(text: str) -> None:
    sys.stderr.write(f"door: {text}\n")
