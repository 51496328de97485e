"""A simulated receipt printer: DLE EOT 1 to 4, one client at a time like the real port 9100.

Bits as Epson documents them; what it prints is counted and thrown away.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Final

from provisioning.players.devices.device import Device, DeviceLoop

FIXED: Final = 0x12  # the bits every status byte has


class EscposDevice(Device):
    """Conditions are plain attributes; `paper` is ok, low or out.

    `garbage` makes it answer bytes no receipt printer would. `path` and `address` name it.
    """

    def __init__(self, loop: DeviceLoop) -> None:
        self.paper = "ok"
        self.cover_open = False
        self.cutter_jammed = False
        self.overheated = False
        self.broken = False
        self.switched_off_line = False
        self.garbage = False
        self.printed = 0  # bytes
        self._line = asyncio.Lock()
        super().__init__(loop)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with self._line:
            while byte := await reader.read(1):
                if byte != b"\x10":
                    self.printed += 1
                    continue
                command, number = await reader.readexactly(2)
                await self.awake()
                if command == 0x04:
                    writer.write(bytes((self._status(number),)))

    def _status(self, number: int) -> int:
        if self.garbage:
            return 0xFF
        return (
            FIXED
            | {
                1: self._general,
                2: self._cause,
                3: self._error,
                4: self._roll,
            }.get(number, self._general)()
        )

    def _general(self) -> int:
        stopped = self.paper == "out" or self.cover_open or self.switched_off_line
        return 0x08 if stopped or self._error() else 0

    def _cause(self) -> int:
        paper = 0x20 if self.paper == "out" else 0
        return (0x04 if self.cover_open else 0) | paper | (0x40 if self._error() else 0)

    def _error(self) -> int:
        cutter = 0x08 if self.cutter_jammed else 0
        return cutter | (0x20 if self.broken else 0) | (0x40 if self.overheated else 0)

    def _roll(self) -> int:
        return {"ok": 0, "low": 0x0C, "out": 0x6C}[self.paper]
