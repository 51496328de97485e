"""A simulated browser: the debugging port of a Chromium with one page, without a Chromium.

It speaks the protocol (page list, websocket, the few methods the agent uses) and answers the
agent's beat as a page would that is well, hung, crashed, hidden, elsewhere or on an error page. It
runs no script: whatever is evaluated gets the answer of the beat.
"""

import asyncio
import json
from asyncio import StreamReader, StreamWriter
from typing import Any, Final

from provisioning.players.devices import web
from provisioning.players.devices.device import Device, DeviceLoop

ERROR_PAGE: Final = "chrome-error://chromewebdata/"
PAGE: Final = "/devtools/page/1"
EVALUATE: Final = "Runtime.evaluate"


class CdpDevice(Device):
    """Conditions are plain attributes (`closed`: no page is open) or, where listeners hear, calls.

    `crash`, `hang`, `reload` (well again, at home); `kill` and `start` end and start the browser.
    """

    def __init__(self, loop: DeviceLoop, url: str) -> None:
        self.home = url
        self.url = url
        self.visible = True
        self.closed = False
        self.beat_age_s = 0.3
        self.asked = 0  # how often a script was to be evaluated
        self._responsive = asyncio.Event()
        self._crashed = False
        self._sessions: set[StreamWriter] = set()
        super().__init__(loop)

    def show_error_page(self) -> None:
        self.url = ERROR_PAGE

    def crash(self) -> None:
        self._loop.call(self._set_crashed(crashed=True))

    def hang(self) -> None:
        self._loop.call(self._set_hung())

    def close_page(self) -> None:
        self.closed = True
        self._loop.call(self._drop_sessions())

    def start(self) -> None:
        super().start()
        self.reload()

    def reload(self) -> None:
        """The page starts anew at its home address, whatever ailed it."""
        self.url, self.closed, self.visible, self.beat_age_s = self.home, False, True, 0.3
        self._loop.call(self._set_crashed(crashed=False))

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        question = await web.read(reader)
        if "upgrade" in question.headers:
            await self._session(reader, writer)
            return
        socket = f"ws://127.0.0.1:{self.port}{PAGE}"
        page = {"type": "page", "id": "1", "url": self.url, "webSocketDebuggerUrl": socket}
        pages = [] if self.closed else [page]
        web.answer(writer, json.dumps(pages).encode(), "application/json")

    async def _session(self, reader: StreamReader, writer: StreamWriter) -> None:
        writer.write(b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n")
        self._sessions.add(writer)
        try:
            while (message := await _receive(reader)) is not None:
                await self.awake()
                await self._answer(writer, json.loads(message))
        finally:
            self._sessions.discard(writer)

    async def _answer(self, writer: StreamWriter, question: dict[str, Any]) -> None:
        method = question["method"]
        result: dict[str, Any] = {}
        if method == EVALUATE:
            self.asked += 1
            await self._responsive.wait()
            if self._crashed:
                return  # as Chromium: no error, no answer
            result = {"result": {"type": "string", "value": self._beat()}}
        _send(writer, {"id": question["id"], "result": result})
        if method == "Inspector.enable" and self._crashed:
            _send(writer, {"method": "Inspector.targetCrashed", "params": {}})

    def _beat(self) -> str:
        return json.dumps({"age": self.beat_age_s, "visible": self.visible, "page": self.url})

    async def _drop_sessions(self) -> None:
        for session in self._sessions:
            session.transport.abort()

    async def _set_hung(self) -> None:
        self._responsive.clear()

    async def _set_crashed(self, *, crashed: bool) -> None:
        """Crash, or come back. A page that comes back hangs no more."""
        if not crashed:
            self._responsive.set()
        if crashed == self._crashed:
            return
        self._crashed = crashed
        name = "targetCrashed" if crashed else "targetReloadedAfterCrash"
        for session in self._sessions:
            _send(session, {"method": f"Inspector.{name}", "params": {}})


async def _receive(reader: StreamReader) -> bytes | None:
    """The next text from a client, None when it closes. Fragments are not expected here."""
    first, size = await reader.readexactly(2)
    size &= 0x7F
    if size > 125:
        size = int.from_bytes(await reader.readexactly(2 if size == 126 else 8), "big")
    mask = await reader.readexactly(4)
    data = await reader.readexactly(size)
    if first & 0x0F == 0x8:
        return None
    return bytes(byte ^ mask[place % 4] for place, byte in enumerate(data))


def _send(writer: StreamWriter, message: dict[str, Any]) -> None:
    payload = json.dumps(message).encode()
    size = len(payload)
    head = bytes((0x81, size)) if size < 126 else b"\x81\x7e" + size.to_bytes(2, "big")
    writer.write(head + payload)
