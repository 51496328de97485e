"""A simulated portal: its health question, answered fast, slowly, wrongly or not at all.

Which release of content it shows, and whether it can, is read by the real portal's own code.
"""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from pathlib import Path

from portal.content import Content, Release
from provisioning.players.devices import web
from provisioning.players.devices.device import Device, DeviceLoop


class PortalDevice(Device):
    """`delay_s` makes it slow, `healthy` False makes it answer 503; `kill` takes it down.

    `maintenance` is the file by which the real one is told that it is looked after; `session` is
    whether a citizen is at it, as its page said last: open or closed. `content` is the folder of
    the bundle that it shows, None without releases.
    """

    def __init__(
        self,
        loop: DeviceLoop,
        version: str = "0.1.0",
        maintenance: Path | None = None,
        content: Path | None = None,
    ) -> None:
        self.version = version
        self._content = Content(content)
        self.session = "closed"
        self._maintenance = maintenance
        self.delay_s = 0.0
        self.healthy = True
        super().__init__(loop)

    def shown(self) -> Release:
        """What its page shows."""
        return self._content.look().shown

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        await web.read(reader)
        await asyncio.sleep(self.delay_s)
        await self.awake()
        state = await asyncio.to_thread(self._content.look)  # a new release is read and hashed
        told = {
            "version": self.version,
            "release": 0,
            "since": "2026-01-01T00:00:00Z",
            "session": self.session,
            "maintenance": self._maintenance is not None and self._maintenance.exists(),
            "content": state.seq,
            "content_shown": state.shown.seq,
            "content_ok": state.ok,
            "content_why": state.why,
        }
        body = json.dumps(told).encode()
        status = "200 OK" if self.healthy else "503 Service Unavailable"
        web.answer(writer, body, "application/json", status)
