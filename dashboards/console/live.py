"""The live stream: one poller a process, however many pages listen.

The poller asks the change door in a thread, only while somebody listens (and a moment longer, so
that going from page to page loses nothing), folds what it heard into frames, at most four a second,
and puts each frame into every listener's short queue. A listener too slow for its queue is told
to look at everything anew. A frame says what changed, never how: the page asks for its own part.
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from time import monotonic
from typing import Final, NamedTuple, Protocol

from sqlalchemy.exc import SQLAlchemyError

from controller.changes import Change

POLL_S: Final = 0.2
FRAME_S: Final = 0.25
OFFICE_S: Final = 1.0
KEEP_ALIVE_S: Final = 15.0
LINGER_S: Final = 5.0
MOST_LISTENERS: Final = 500
MOST_KIOSKS: Final = 200  # more than a page shows: then it need not know which
QUEUE: Final = 8
REMEMBERED: Final = 64


class Frame(NamedTuple):
    """What changed: topics, and which kiosks (None: too many to name). `resync`: look at all."""

    number: int
    topics: frozenset[str] = frozenset()
    kiosks: frozenset[int] | None = frozenset()
    resync: bool = False


class Poller(Protocol):
    def poll(self) -> list[Change]: ...


Listener = asyncio.Queue[Frame | None]  # None: the stream ends


class Hub:
    """Fans changes out.

    `watch` makes a poller, `office` says how the office is, in a few words; both are called in a
    thread.
    """

    def __init__(self, watch: Callable[[], Poller], office: Callable[[], str]) -> None:
        self._watch = watch
        self._office = office
        self._listeners: set[Listener] = set()
        self._past: deque[Frame] = deque(maxlen=REMEMBERED)
        self._run = ""  # names one life of the poller
        self._number = 0
        self._task: asyncio.Task[None] | None = None

    def cursor(self) -> str:
        """Where the stream is now; a page made after this misses nothing that follows."""
        return f"{self._run}-{self._number}" if self._run else ""

    @property
    def full(self) -> bool:
        """More pages listen than one process serves."""
        return len(self._listeners) >= MOST_LISTENERS

    def open(self, since: str) -> Listener:
        """A queue of frames after `since` (a cursor), to be closed."""
        queue: Listener = asyncio.Queue(QUEUE)
        for frame in self._missed(since):
            queue.put_nowait(frame)
        self._listeners.add(queue)
        if not self._run:
            self._run, self._number = secrets.token_hex(4), 0
            self._past.clear()
            self._task = asyncio.create_task(self._poll(self._run))
        return queue

    def close(self, queue: Listener) -> None:
        self._listeners.discard(queue)

    def end(self) -> None:
        """The server stops: streams would never end by themselves. Browsers come back alone."""
        self._run = ""
        for queue in self._listeners:
            while not queue.empty():
                queue.get_nowait()
            queue.put_nowait(None)

    def event(self, frame: Frame) -> str:
        """The frame as an event of the stream."""
        kiosks = None if frame.kiosks is None else sorted(frame.kiosks)
        data = {"topics": sorted(frame.topics), "kiosks": kiosks, "resync": frame.resync}
        return f"id: {self._run}-{frame.number}\nevent: news\ndata: {json.dumps(data)}\n\n"

    def _missed(self, since: str) -> list[Frame]:
        run, _, number = since.partition("-")
        if run != self._run or not number.isdecimal():
            return [Frame(self._number, resync=True)]
        missed = [frame for frame in self._past if frame.number > int(number)]
        if self._number - int(number) > len(missed):
            return [Frame(self._number, resync=True)]
        return [fold(missed)] if missed else []

    async def _poll(self, run: str) -> None:
        state = _Polling(monotonic())
        while self._run == run:
            now = monotonic()
            state.wanted_at = now if self._listeners else state.wanted_at
            if now - state.wanted_at > LINGER_S:
                self._run = ""
                return
            try:
                await self._look(state, now)
            except SQLAlchemyError:
                # The database is away: nothing can be known, and all must be looked at after.
                state.pending = [Frame(0, resync=True)]
            else:
                self._frame(state, now)
            await asyncio.sleep(POLL_S)

    async def _look(self, state: "_Polling", now: float) -> None:
        if state.watch is None:
            state.watch = await asyncio.to_thread(self._watch)
        state.pending += frames(await asyncio.to_thread(state.watch.poll))
        if now - state.office_at < OFFICE_S:
            return
        was, state.office_at = state.office, now
        state.office = await asyncio.to_thread(self._office)
        if was and was != state.office:
            state.pending.append(Frame(0, frozenset({"office"})))

    def _frame(self, state: "_Polling", now: float) -> None:
        if state.pending and now - state.framed_at >= FRAME_S:
            self._send(fold(state.pending))
            state.pending, state.framed_at = [], now

    def _send(self, frame: Frame) -> None:
        self._number += 1
        frame = frame._replace(number=self._number)
        self._past.append(frame)
        for queue in self._listeners:
            offer(queue, frame)


class _Polling:
    """Where the poller is: what it heard and has not sent, and when it did what."""

    def __init__(self, now: float) -> None:
        self.watch: Poller | None = None
        self.office = ""
        self.office_at = self.framed_at = 0.0
        self.wanted_at = now
        self.pending: list[Frame] = []


def offer(queue: Listener, frame: Frame) -> None:
    """Put the frame into a queue; one that is full holds nothing but the order to look anew."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        frame = Frame(frame.number, resync=True)
    queue.put_nowait(frame)


def frames(changes: Iterable[Change]) -> list[Frame]:
    found = list(changes)
    if not found:
        return []
    topics = frozenset(change.topic for change in found)
    named = frozenset(change.kiosk_id for change in found if change.kiosk_id is not None)
    return [Frame(0, topics, named if len(named) <= MOST_KIOSKS else None)]


def fold(several: Iterable[Frame]) -> Frame:
    """One frame that says what these said."""
    found = list(several)
    kiosks: frozenset[int] | None = frozenset[int]().union(*(f.kiosks or () for f in found))
    if any(f.kiosks is None for f in found) or len(kiosks or ()) > MOST_KIOSKS:
        kiosks = None
    topics = frozenset[str]().union(*(f.topics for f in found))
    return Frame(found[-1].number, topics, kiosks, any(f.resync for f in found))


async def stream(hub: Hub, since: str, quiet_s: float = KEEP_ALIVE_S) -> AsyncIterator[str]:
    """The text of the stream for one listener, with a comment where nothing happens for long."""
    queue = hub.open(since)
    try:
        yield "retry: 1000\n\n"
        while True:
            try:
                frame = await asyncio.wait_for(queue.get(), quiet_s)
            except TimeoutError:
                yield ": still here\n\n"
                continue
            if frame is None:
                return
            yield hub.event(frame)
    finally:
        hub.close(queue)
