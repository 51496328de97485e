"""The line between a played kiosk and the broker: what a bad line does, this does.

A relay, so that the kiosk's real link meets real resets (`kill`), a real half-open connection
(`freeze`: nothing passes and nobody is told) and a real return (`start`, `thaw`). Far ones take a
while (`delay_s`, each way). Never looks into what passes.
"""

import asyncio
from asyncio import StreamReader, StreamWriter
from collections.abc import Coroutine
from typing import Any

from provisioning.players.devices.device import Device, DeviceLoop

CHUNK = 65_536


class Line(Device):
    """Listens for one kiosk and carries its bytes to the broker at `host`:`broker_port`."""

    def __init__(self, loop: DeviceLoop, host: str, broker_port: int, delay_s: float = 0.0) -> None:
        self._there = (host, broker_port)
        self.delay_s = delay_s
        self.carried = 0  # bytes, both ways
        self.pieces = 0  # in so many pieces, each at least a packet on a real line
        super().__init__(loop)

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._there)
        try:
            await _first_done(self._carry(reader, far_writer), self._carry(far_reader, writer))
        finally:
            far_writer.transport.abort()

    async def _carry(self, source: StreamReader, sink: StreamWriter) -> None:
        while data := await source.read(CHUNK):
            await self.awake()
            self.carried += len(data)
            self.pieces += 1
            if self.delay_s:  # in order all the same: the clock that both wait by is a steady one
                asyncio.get_running_loop().call_later(self.delay_s, sink.write, data)
            else:
                sink.write(data)
                await sink.drain()


async def _first_done(*directions: Coroutine[Any, Any, None]) -> None:
    """Ends when one direction ends: a line with one direction is no line."""
    tasks = [asyncio.create_task(direction) for direction in directions]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
