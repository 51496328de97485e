"""A simulated document printer with its CUPS queue: IPP over HTTP, answered from a few figures.

`/ipp/print` answers as the device, `/printers/kiosk` as the queue of CUPS in front of it. It
encodes IPP by itself instead of borrowing the agent's code: a mistake there must not be mirrored
here. It reports like ippeveprinter: `-report` while idle, `-warning` while a job is in work.
"""

import struct
import time
from asyncio import StreamReader, StreamWriter
from typing import Final

from provisioning.players.devices import web
from provisioning.players.devices.device import Device, DeviceLoop

GET_JOBS: Final = 0x000A
GET_PRINTER_ATTRIBUTES: Final = 0x000B
INTEGER, BOOLEAN, ENUM, OCTETS, TEXT, NAME, KEYWORD = 0x21, 0x22, 0x23, 0x30, 0x41, 0x42, 0x44
OPERATION, JOB, PRINTER, END = b"\x01", b"\x02", b"\x04", b"\x03"
CAPACITY: Final = 250  # sheets

Value = int | bool | str


class IppDevice(Device):
    """Same words as the real printer of the tests: paper, toner, says, freeze, kill, start."""

    def __init__(self, loop: DeviceLoop, model: str = "Acme Kiosk") -> None:
        self.model = model
        self.sheets = CAPACITY
        self.toner_percent = 75
        self.waste_percent = 25
        self.conditions: set[str] = set()  # media-jam, cover-open, ...
        self.stopped = False  # the device
        self.queue_paused = False
        self.queue_rejects = False
        self.queue_message = ""
        self._jobs: list[float] = []  # seconds since 1970 at creation, oldest first
        super().__init__(loop)

    @property
    def uri(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/ipp/print"

    @property
    def queue_uri(self) -> str:
        return f"ipp://127.0.0.1:{self.port}/printers/kiosk"

    def paper(self, sheets: int) -> None:
        self.sheets = max(0, min(sheets, CAPACITY))

    def refill(self) -> None:
        self.paper(CAPACITY)

    def toner(self, percent: int, waste: int = 25) -> None:
        self.toner_percent, self.waste_percent = percent, waste

    def says(self, *reasons: str) -> None:
        """'+media-jam' adds a condition, '-media-jam' takes it away."""
        for reason in reasons:
            change = self.conditions.add if reason[0] == "+" else self.conditions.discard
            change(reason[1:])

    def enqueue(self, age_s: float = 0.0) -> None:
        """A job in the queue that was made `age_s` ago."""
        self._jobs.append(time.time() - age_s)
        self._jobs.sort()

    def finish_jobs(self) -> None:
        self._jobs.clear()

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        question = await web.read(reader)
        await self.awake()
        if question.method != "POST" or len(question.body) < 8:
            web.answer(writer, b"", "text/plain", "405 Method Not Allowed")
            return
        body = self._reply(question.path, *struct.unpack_from(">HI", question.body, 2))
        web.answer(writer, body, "application/ipp")

    def _reply(self, path: str, operation: int, number: int) -> bytes:
        known = {"/ipp/print": self._device, "/printers/kiosk": self._queue}
        if path not in known:
            return _head(0x0406, number) + END
        if operation == GET_JOBS:
            return _head(0, number) + b"".join(self._job(at) for at in self._jobs) + END
        if operation != GET_PRINTER_ATTRIBUTES:
            return _head(0x0501, number) + END
        return _head(0, number) + PRINTER + known[path]() + END

    def reasons(self) -> list[str]:
        told = set(self.conditions)
        if self.sheets <= 10:
            told.add("media-low" if self.sheets else "media-empty")
        if self.toner_percent < 10:
            told.add("toner-low" if self.toner_percent else "toner-empty")
        if self.waste_percent > 90:
            told.add("marker-waste-almost-full")
        suffix = "-warning" if self._jobs else "-report"
        return [reason + suffix for reason in sorted(told)] or ["none"]

    def _device(self) -> bytes:
        state = 5 if self.stopped else 4 if self._jobs else 3
        tray = (
            f"type=sheetFeedAutoRemovableTray;maxcapacity={CAPACITY};level={self.sheets};name=main;"
        )
        waste = f"type=wasteToner;unit=percent;maxcapacity=100;level={self.waste_percent};"
        toner = f"type=toner;unit=percent;maxcapacity=100;level={self.toner_percent};"
        return (
            _attribute(ENUM, "printer-state", state)
            + _attribute(KEYWORD, "printer-state-reasons", *self.reasons())
            + _attribute(BOOLEAN, "printer-is-accepting-jobs", True)
            + _attribute(TEXT, "printer-make-and-model", self.model)
            + _attribute(INTEGER, "queued-job-count", len(self._jobs))
            + _attribute(OCTETS, "printer-input-tray", tray)
            + _attribute(OCTETS, "printer-supply", waste, toner)
        )

    def _queue(self) -> bytes:
        state = 5 if self.queue_paused else 4 if self._jobs else 3
        return (
            _attribute(ENUM, "printer-state", state)
            + _attribute(TEXT, "printer-state-message", self.queue_message)
            + _attribute(KEYWORD, "printer-state-reasons", "paused" if state == 5 else "none")
            + _attribute(BOOLEAN, "printer-is-accepting-jobs", not self.queue_rejects)
            + _attribute(INTEGER, "printer-up-time", int(time.time()))
            + _attribute(INTEGER, "queued-job-count", len(self._jobs))
        )

    def _job(self, created: float) -> bytes:
        return (
            JOB
            + _attribute(ENUM, "job-state", 3 if self.queue_paused else 5)
            + _attribute(INTEGER, "time-at-creation", int(created))
        )


def _head(status: int, number: int) -> bytes:
    charset = _attribute(0x47, "attributes-charset", "utf-8")
    language = _attribute(0x48, "attributes-natural-language", "en")
    return struct.pack(">BBHI", 2, 0, status, number) + OPERATION + charset + language


def _attribute(tag: int, name: str, *values: Value) -> bytes:
    parts = []
    for index, value in enumerate(values):
        label = b"" if index else name.encode()
        data = _data(tag, value)
        parts.append(struct.pack(">BH", tag, len(label)) + label)
        parts.append(struct.pack(">H", len(data)) + data)
    return b"".join(parts)


def _data(tag: int, value: Value) -> bytes:
    if tag == BOOLEAN:
        return bytes((int(value),))
    return str(value).encode() if isinstance(value, str) else struct.pack(">i", value)
