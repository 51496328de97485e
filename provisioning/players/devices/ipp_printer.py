"""A simulated document printer with its CUPS queue: IPP over HTTP, answered from a few figures.

`/ipp/print` answers as the device, `/printers/kiosk` as the queue of CUPS in front of it. It
encodes IPP by itself instead of borrowing the agent's code: a mistake there must not be mirrored
here. It reports like ippeveprinter: `-report` while idle, `-warning` while a job is in work. Both
take jobs; what is printed at the queue is printed by the device.
"""

import struct
import time
from asyncio import StreamReader, StreamWriter
from collections.abc import Callable
from typing import Final

from provisioning.players.devices import web
from provisioning.players.devices.device import Device, DeviceLoop
from provisioning.players.devices.print_jobs import PENDING, Job, PrintJobs

PRINT_JOB: Final = 0x0002
CANCEL_JOB: Final = 0x0008
GET_JOB: Final = 0x0009
GET_JOBS: Final = 0x000A
GET_PRINTER_ATTRIBUTES: Final = 0x000B
PAUSE, RESUME, PURGE, ENABLE, DISABLE = 0x0010, 0x0011, 0x0012, 0x0022, 0x0023
ASKED: Final = (PRINT_JOB, CANCEL_JOB, GET_JOB, GET_JOBS, GET_PRINTER_ATTRIBUTES)
CANCEL_JOBS, CANCEL_MINE, IDENTIFY, ACCEPT = 0x0038, 0x0039, 0x003C, 0x4008
FORMATS: Final = ("application/pdf", "image/jpeg", "text/plain")
NOT_FOUND, NOT_POSSIBLE, NOT_ACCEPTING, NOT_SUPPORTED = 0x0406, 0x0404, 0x0506, 0x0501
INTEGER, BOOLEAN, ENUM, OCTETS, TEXT, NAME, KEYWORD = 0x21, 0x22, 0x23, 0x30, 0x41, 0x42, 0x44
URI, MIME = 0x45, 0x49
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
        self.identified = 0  # how often it was asked to show itself
        self._jobs = PrintJobs()
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

    @property
    def printed(self) -> int:
        """Sheets, over network."""
        return self._jobs.printed

    def enqueue(self, age_s: float = 0.0) -> None:
        """A job that was made `age_s` ago and does not get on."""
        self._jobs.add(time.time() - age_s, stuck=True)

    def finish_jobs(self) -> None:
        self._jobs.finish()

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        question = await web.read(reader)
        await self.awake()
        if question.method != "POST" or len(question.body) < 8:
            web.answer(writer, b"", "text/plain", "405 Method Not Allowed")
            return
        body = self._reply(question)
        web.answer(writer, body, "application/ipp")

    def _reply(self, question: web.Question) -> bytes:
        operation, number = struct.unpack_from(">HI", question.body, 2)
        self._work()
        if question.path not in ("/ipp/print", "/printers/kiosk"):
            return _head(NOT_FOUND, number) + END
        queue = question.path == "/printers/kiosk"
        if operation == GET_PRINTER_ATTRIBUTES:
            return _head(0, number) + PRINTER + (self._queue if queue else self._device)() + END
        asked = _attributes(question.body)
        if operation == GET_JOBS:
            jobs = [] if _text(asked, "which-jobs") == "completed" else self._jobs.waiting()
            return _head(0, number) + b"".join(map(self._job, jobs)) + END
        if operation in (GET_JOB, CANCEL_JOB, PRINT_JOB):
            status, job = self._of_job(operation, asked, queue=queue)
            return _head(status, number) + (b"" if job is None else self._job(job)) + END
        does = (self._at_queue if queue else self._at_device).get(operation)
        if does is None:
            return _head(NOT_SUPPORTED, number) + END
        does()
        return _head(0, number) + END

    def _of_job(
        self, operation: int, asked: dict[str, bytes], *, queue: bool
    ) -> tuple[int, Job | None]:
        if operation == PRINT_JOB:
            if queue and self.queue_rejects:
                return NOT_ACCEPTING, None
            name = _text(asked, "job-name") or "untitled"
            return 0, self._jobs.add(time.time(), name, queued=queue)
        job = self._jobs.find(_number(asked))
        if job is None:
            return NOT_FOUND, None
        if operation == CANCEL_JOB:
            return (0 if self._jobs.cancel(job.number) else NOT_POSSIBLE), None
        return 0, job

    @property
    def _at_queue(self) -> dict[int, Callable[[], object]]:
        return {
            PAUSE: lambda: setattr(self, "queue_paused", True),
            RESUME: lambda: setattr(self, "queue_paused", False),
            ENABLE: lambda: setattr(self, "queue_rejects", False),
            ACCEPT: lambda: setattr(self, "queue_rejects", False),
            DISABLE: lambda: setattr(self, "queue_rejects", True),
            PURGE: self._purge,
            CANCEL_JOBS: self._purge,
            CANCEL_MINE: self._purge,
        }

    @property
    def _at_device(self) -> dict[int, Callable[[], object]]:
        return {IDENTIFY: self._identify, CANCEL_JOBS: self._purge, CANCEL_MINE: self._purge}

    def _identify(self) -> None:
        self.identified += 1

    def _purge(self) -> None:
        self._jobs.cancel()
        self.queue_message = ""

    def _work(self) -> None:
        able = not (self.stopped or self.conditions)
        paused = self.queue_paused
        self.sheets -= self._jobs.work(time.time(), self.sheets, able=able, paused=paused)

    def reasons(self) -> list[str]:
        told = set(self.conditions)
        if self.sheets <= 10:
            told.add("media-low" if self.sheets else "media-empty")
        if self.toner_percent < 10:
            told.add("toner-low" if self.toner_percent else "toner-empty")
        if self.waste_percent > 90:
            told.add("marker-waste-almost-full")
        suffix = "-warning" if self._jobs.waiting() else "-report"
        return [reason + suffix for reason in sorted(told)] or ["none"]

    def _device(self) -> bytes:
        state = 5 if self.stopped else 4 if self._jobs.waiting() else 3
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
            + _attribute(INTEGER, "queued-job-count", len(self._jobs.waiting()))
            + _attribute(ENUM, "operations-supported", *ASKED, *self._at_device)
            + _attribute(MIME, "document-format-supported", *FORMATS)
            + _attribute(OCTETS, "printer-input-tray", tray)
            + _attribute(OCTETS, "printer-supply", waste, toner)
        )

    def _queue(self) -> bytes:
        state = 5 if self.queue_paused else 4 if self._jobs.waiting() else 3
        return (
            _attribute(ENUM, "printer-state", state)
            + _attribute(TEXT, "printer-state-message", self.queue_message)
            + _attribute(KEYWORD, "printer-state-reasons", "paused" if state == 5 else "none")
            + _attribute(BOOLEAN, "printer-is-accepting-jobs", not self.queue_rejects)
            + _attribute(INTEGER, "printer-up-time", int(time.time()))
            + _attribute(ENUM, "operations-supported", *ASKED, *self._at_queue)
            + _attribute(INTEGER, "queued-job-count", len(self._jobs.waiting()))
        )

    def _job(self, job: Job) -> bytes:
        waits = self.queue_paused and job.open and (job.queued or job.stuck)
        state = PENDING if waits else job.state
        return (
            JOB
            + _attribute(URI, "job-uri", f"{self.queue_uri}/{job.number}")
            + _attribute(INTEGER, "job-id", job.number)
            + _attribute(ENUM, "job-state", state)
            + _attribute(KEYWORD, "job-state-reasons", "none")
            + _attribute(NAME, "job-name", job.name)
            + _attribute(INTEGER, "job-impressions-completed", job.sheets)
            + _attribute(INTEGER, "job-media-sheets-completed", job.sheets)
            + _attribute(INTEGER, "time-at-creation", int(job.at))
        )


def _attributes(body: bytes) -> dict[str, bytes]:
    """Of a question: name -> its first value. What is no attribute ends it: a document follows."""
    found: dict[str, bytes] = {}
    at = 8
    while at < len(body) and body[at] != END[0]:
        if body[at] < 0x10:
            at += 1
            continue
        size = int.from_bytes(body[at + 1 : at + 3])
        name = body[at + 3 : at + 3 + size].decode("latin-1")
        at += 3 + size
        size = int.from_bytes(body[at : at + 2])
        found.setdefault(name, body[at + 2 : at + 2 + size])
        at += 2 + size
    return found


def _text(asked: dict[str, bytes], name: str) -> str:
    return asked.get(name, b"").decode("utf-8", "replace")


def _number(asked: dict[str, bytes]) -> int:
    """Of the job that is meant, by its number or its address; 0 for none."""
    if "job-id" in asked:
        return int.from_bytes(asked["job-id"])
    last = _text(asked, "job-uri").rpartition("/")[2]
    return int(last) if last.isdecimal() else 0


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
