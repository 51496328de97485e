"""A simulated receipt printer: DLE EOT 1 to 4, one client at a time like the real port 9100.

Bits as Epson documents them. DLE EOT is answered at once, GS r in its turn: a printer that has
stopped prints nothing and reaches no question. Of what it prints the end is kept, and cuts counted.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from typing import Final

from provisioning.players.devices.device import Device, DeviceLoop

FIXED: Final = 0x12  # the bits every status byte has
DLE, GS, EOT, SENSOR, CUT = 0x10, 0x1D, 0x04, 0x72, 0x56
KEPT: Final = 4000  # bytes


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
        self.slips = 0
        self.last = b""  # what it printed last
        self._line = asyncio.Lock()
        super().__init__(loop)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        async with self._line:
            while byte := await reader.read(1):
                if byte[0] == DLE:
                    await self._at_once(reader, writer)
                elif byte[0] == GS:
                    await self._in_turn(reader, writer)
                else:
                    self._print(byte)

    async def _at_once(self, reader: StreamReader, writer: StreamWriter) -> None:
        command, number = await reader.readexactly(2)
        await self.awake()
        if command == EOT:
            writer.write(bytes((self._status(number),)))

    async def _in_turn(self, reader: StreamReader, writer: StreamWriter) -> None:
        command = (await reader.readexactly(1))[0]
        if command == SENSOR:
            await reader.readexactly(1)
            await self.awake()
            if not self._general():
                writer.write(bytes((0x03 if self.paper == "low" else 0x00,)))
            return
        self._print(bytes((GS, command)))
        if command == CUT:
            self._print(await reader.readexactly(1))
            self.slips += 0 if self._general() else 1

    def _print(self, content: bytes) -> None:
        if not self._general():
            self.printed += len(content)
            self.last = (self.last + content)[-KEPT:]

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
