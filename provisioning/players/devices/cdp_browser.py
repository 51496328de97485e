"""A simulated browser: the debugging port of a Chromium with one page, without a Chromium.

It speaks the protocol (version, page list, websocket, the methods the agent uses) and answers as a
page would that is well, hung, crashed, hidden, elsewhere or on an error page. It runs no script:
scripts known by a word in them (`scripts`) get their value, all others the answer of the beat.
As with Chromium, a page that hangs still shows its last picture and takes a reload without getting
well, another page takes its place when it is created and this one closed; and a browser that was
closed comes back, by whoever keeps it, as another one.
"""

import asyncio
import base64
import json
import time
import uuid
from asyncio import StreamReader, StreamWriter
from typing import TYPE_CHECKING, Any, Final

from provisioning.players.devices import web
from provisioning.players.devices.device import Device, DeviceLoop
from provisioning.players.devices.page import Seen
from provisioning.players.devices.picture import PAPER, jpeg, png

if TYPE_CHECKING:
    from collections.abc import Callable

ERROR_PAGE: Final = "chrome-error://chromewebdata/"
PAGE: Final = "/devtools/page/1"
EVALUATE: Final = "Runtime.evaluate"
LOADS: Final = {"Page.reload", "Page.navigate"}
SIZE: Final = {"clientWidth": 1920, "clientHeight": 1080}
JSON: Final = "application/json"


class CdpDevice(Device):
    """Conditions are plain attributes (`closed`: no page is open) or, where listeners hear, calls.

    `crash`, `hang`, `reload` (well again, at home); `kill` and `start` end and start the browser.
    `shows` is the text of its picture. `back_s` is how soon a browser comes back after it was
    closed over the protocol, None: never. `lives` counts browsers, `reloads` what was asked for.
    `seen` is what the page shows of the portal's release.
    """

    def __init__(self, loop: DeviceLoop, url: str, shows: str = "kios") -> None:
        self.home = url
        self.url = url
        self.shows = shows
        self.visible = True
        self.closed = False
        self.beat_age_s = 0.3
        self.asked = 0  # how often a script was to be evaluated
        self.citizen = False  # somebody is in the middle of a form
        self.seen: Callable[[], Seen] = Seen
        self.scripts: dict[str, Callable[[], Any]] = {  # a word in a script -> the value it gives
            "dataset.release": lambda: json.dumps(self._look()),
            "dataset.session": lambda: self.citizen,
            "performance.timeOrigin": lambda: self._born_ms,
            "innerWidth": lambda: [SIZE["clientWidth"], SIZE["clientHeight"]],
        }
        self._born_ms = 0.0  # when the page was loaded
        self.back_s: float | None = 1.0
        self.lives = 0
        self.reloads = 0
        self._identity = ""
        self._stubborn = False
        self._page = 0  # its number; pages are counted over all browsers
        self._next: tuple[int, str] | None = None  # created beside it, with its address
        self._over = False
        self._responsive = asyncio.Event()
        self._crashed = False
        self._sessions: set[StreamWriter] = set()
        self._returning: asyncio.Task[None] | None = None
        super().__init__(loop)

    def show_error_page(self) -> None:
        self.url = ERROR_PAGE

    def crash(self) -> None:
        self._loop.call(self._set_crashed(crashed=True))

    def hang(self, *, stubborn: bool = False) -> None:
        """A stubborn page hangs until its browser is another one."""
        self._loop.call(self._set_hung(stubborn=stubborn))

    @property
    def hung(self) -> bool:
        return not self._responsive.is_set()

    def close_page(self) -> None:
        self.closed = True
        self._loop.call(self._drop_sessions())

    def start(self) -> None:
        self._loop.call(self._start())

    def close(self) -> None:
        self._over = True
        super().close()

    def reload(self) -> None:
        """The page starts anew at its home address, whatever ailed it."""
        self._loop.call(self._well())

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        question = await web.read(reader)
        if "upgrade" in question.headers:
            await self._session(reader, writer)
        elif question.path.startswith("/json/version"):
            socket = f"ws://127.0.0.1:{self.port}/devtools/browser/{self._identity}"
            told = {"Browser": "Chrome/141 (played)", "webSocketDebuggerUrl": socket}
            web.answer(writer, json.dumps(told).encode(), JSON)
        else:
            web.answer(writer, json.dumps(self._pages()).encode(), JSON)

    def _pages(self) -> list[dict[str, str]]:
        """The newest first, as Chromium lists them."""
        here = [] if self.closed else [(self._page, self.url)]
        pages = [*([self._next] if self._next else []), *here]
        place = f"ws://127.0.0.1:{self.port}/devtools/page"
        return [
            {
                "type": "page",
                "id": str(number),
                "title": self.shows,
                "url": url,
                "webSocketDebuggerUrl": f"{place}/{number}",
            }
            for number, url in pages
        ]

    async def _start(self) -> None:
        if self._server is None and not self._over:
            self.lives += 1
            self._page, self._next = self._page + 1, None
            self._identity = str(uuid.uuid4())
            await super()._start()
        await self._well()

    async def _well(self) -> None:
        self.url, self.closed, self.visible, self.beat_age_s = self.home, False, True, 0.3
        self.citizen, self._born_ms = False, max(self._born_ms + 1, time.time() * 1000)
        await self._set_crashed(crashed=False)

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
        method, params = question["method"], question.get("params", {})
        if method == EVALUATE:
            self.asked += 1
            await self._responsive.wait()
        if method in {EVALUATE, "Page.captureScreenshot"} and self._crashed:
            return  # as Chromium: no error, no answer
        await self._do(method, params)
        _send(writer, {"id": question["id"], "result": self._result(method, params)})
        if method == "Inspector.enable" and self._crashed:
            _send(writer, {"method": "Inspector.targetCrashed", "params": {}})
        if method in LOADS and not self.hung:
            _send(writer, {"method": "Page.loadEventFired", "params": {"timestamp": 1.0}})

    async def _do(self, method: str, params: dict[str, Any]) -> None:
        if method in LOADS:
            await self._load(params.get("url", self.url))
        elif method == "Runtime.terminateExecution" and not self._stubborn:
            self._responsive.set()
        elif method == "Page.crash":
            await self._set_crashed(crashed=True)
        elif method == "Target.createTarget":
            self._next = (self._page + 1, params["url"])
        elif method == "Target.closeTarget":
            await self._close_page(params["targetId"])
        elif method == "Browser.close":
            self._returning = asyncio.get_running_loop().create_task(self._be_replaced())

    def _result(self, method: str, params: dict[str, Any]) -> dict[str, Any]:
        if method == EVALUATE:
            return {"result": self._value(params["expression"])}
        if method == "Page.captureScreenshot":
            small = params.get("format") == "png"
            picture = png(blank=self._blank) if small else self.picture()
            return {"data": base64.b64encode(picture).decode()}
        if method == "Page.getLayoutMetrics":
            return {"cssLayoutViewport": SIZE, "cssVisualViewport": SIZE}
        if method == "Target.createTarget":
            return {"targetId": str(self._page + 1)}
        if method == "Target.closeTarget":
            return {"success": True}
        return {}

    def picture(self) -> bytes:
        """What it shows just now; no two kiosks and no two browsers look the same."""
        return jpeg("" if self._blank else self.shows, PAPER - self.lives % 32)

    @property
    def _blank(self) -> bool:
        return self.url == self.home and self.seen().blank

    def _look(self) -> dict[str, Any]:
        """As the page itself would answer who asks what it shows."""
        seen = self.seen() if self.url == self.home else Seen()
        return {
            "release": str(seen.release) if self.url == self.home else "",
            "visible": self.visible,
            "done": True,
            "words": seen.words,
            "bad": list(seen.bad),
            "wide": SIZE["clientWidth"],
            "high": SIZE["clientHeight"],
        }

    def _value(self, script: str) -> dict[str, Any]:
        for word, value in self.scripts.items():
            if word in script:
                return {"type": "object", "value": value()}
        told = {"age": self.beat_age_s, "visible": self.visible, "page": self.url}
        return {"type": "string", "value": json.dumps(told)}

    async def _load(self, url: str) -> None:
        self.reloads += 1
        self.url, self.beat_age_s = url, 0.3
        if not self.hung or (self._crashed and not self._stubborn):
            await self._set_crashed(crashed=False)
            self._born_ms = max(self._born_ms + 1, time.time() * 1000)

    async def _close_page(self, target: str) -> None:
        """The page that was created takes the place of this one, and is well."""
        if target != str(self._page) or self._stubborn:
            return
        self.closed = self._next is None
        if self._next is not None:
            (self._page, url), self._next = self._next, None
            self.reloads += 1
            await self._well()
            self.url = url

    async def _be_replaced(self) -> None:
        await self._kill()
        if self.back_s is not None:
            await asyncio.sleep(self.back_s)
            if not self._over:
                await self._start()

    async def _drop_sessions(self) -> None:
        for session in self._sessions:
            session.transport.abort()

    async def _set_hung(self, *, stubborn: bool) -> None:
        self._responsive.clear()
        self._stubborn = stubborn

    async def _set_crashed(self, *, crashed: bool) -> None:
        """Crash, or come back. A page that comes back hangs no more."""
        if not crashed:
            self._responsive.set()
            self._stubborn = False
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
