"""A simulated portal: its health question, answered fast, slowly, wrongly or not at all."""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from pathlib import Path

from provisioning.players.devices import web
from provisioning.players.devices.device import Device, DeviceLoop


class PortalDevice(Device):
    """`delay_s` makes it slow, `healthy` False makes it answer 503; `kill` takes it down.

    `maintenance` is the file by which the real one is told that it is looked after; `session` is
    whether a citizen is at it, as its page said last: open or closed.
    """

    def __init__(
        self, loop: DeviceLoop, version: str = "0.1.0", maintenance: Path | None = None
    ) -> None:
        self.version = version
        self.session = "closed"
        self._maintenance = maintenance
        self.delay_s = 0.0
        self.healthy = True
        super().__init__(loop)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        await web.read(reader)
        await asyncio.sleep(self.delay_s)
        await self.awake()
        told = {
            "version": self.version,
            "since": "2026-01-01T00:00:00Z",
            "session": self.session,
            "maintenance": self._maintenance is not None and self._maintenance.exists(),
        }
        body = json.dumps(told).encode()
        status = "200 OK" if self.healthy else "503 Service Unavailable"
        web.answer(writer, body, "application/json", status)
