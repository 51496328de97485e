"""The live stream: one poller a process, however many pages listen.

The poller asks the change door in a thread, only while somebody listens (and a moment longer, so
that going from page to page loses nothing), folds what it heard into frames, at most four a second,
and puts each frame into every listener's short queue. A listener too slow for its queue is told
to look at everything anew. A frame says what changed, never how: the page asks for its own part.

Whoever listens hears of its own districts alone: frames are cut to its scope before they are
queued, and places in the stream are moments, not counts: even a gap tells nothing of elsewhere.
"""

import asyncio
import json
import secrets
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable
from time import monotonic
from typing import Final, NamedTuple, Protocol

from sqlalchemy.exc import SQLAlchemyError

from controller.changes import Change, is_theirs
from controller.people.powers import Scope

POLL_S: Final = 0.2
FRAME_S: Final = 0.25
OFFICE_S: Final = 1.0
KEEP_ALIVE_S: Final = 10.0
LINGER_S: Final = 5.0
MOST_LISTENERS: Final = 500
MOST_EACH: Final = 50  # of one account: nobody takes the stream from all others
MOST_KIOSKS: Final = 200  # more than a page shows: then it need not know which
QUEUE: Final = 8
REMEMBERED_S: Final = 30.0
MOST_REMEMBERED: Final = 50_000  # changes


class Told(NamedTuple):
    """One thing that changed; `site_code` is where."""

    topic: str
    kiosk_id: int | None = None
    site_code: str | None = None


class Heard(NamedTuple):
    """What the poller heard between two moments, of all districts. `resync`: look at all."""

    number: int
    told: frozenset[Told] = frozenset()
    resync: bool = False


class Frame(NamedTuple):
    """What changed for one scope: topics, and which kiosks (None: too many to name)."""

    number: int
    topics: frozenset[str] = frozenset()
    kiosks: frozenset[int] | None = frozenset()
    resync: bool = False


class Poller(Protocol):
    def poll(self) -> list[Change]: ...


Listener = asyncio.Queue[Frame | None]  # None: the stream ends


class Ear(NamedTuple):
    """Whose listener it is, and what it may hear of."""

    scope: Scope
    account: int


class Hub:
    """Fans changes out.

    `watch` makes a poller, `office` says how the office is, in a few words; both are called in a
    thread.
    """

    def __init__(self, watch: Callable[[], Poller], office: Callable[[], str]) -> None:
        self._watch = watch
        self._office = office
        self._listeners: dict[Listener, Ear] = {}
        self._past: deque[Heard] = deque()
        self._run = ""  # names one life of the poller
        self._began = 0.0
        self._number = 0  # of the newest frame: microseconds of this life
        self._forgot = 0  # frames up to here are no longer known
        self._task: asyncio.Task[None] | None = None

    def cursor(self) -> str:
        """Where the stream is now; a page made after this misses nothing that follows."""
        return f"{self._run}-{self._here()}" if self._run else ""

    def full(self, account: int) -> bool:
        """More pages listen than one process serves, or than one account needs."""
        mine = sum(ear.account == account for ear in self._listeners.values())
        return len(self._listeners) >= MOST_LISTENERS or mine >= MOST_EACH

    def open(self, since: str, ear: Ear) -> Listener:
        """A queue of frames after `since` (a cursor), to be closed."""
        queue: Listener = asyncio.Queue(QUEUE)
        for frame in self._missed(since, ear.scope):
            queue.put_nowait(frame)
        self._listeners[queue] = ear
        if not self._run:
            self._run, self._began = secrets.token_hex(4), monotonic()
            self._number = self._forgot = 0
            self._past.clear()
            self._task = asyncio.create_task(self._poll(self._run))
        return queue

    def close(self, queue: Listener) -> None:
        self._listeners.pop(queue, None)

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

    def _tick(self) -> int:
        return int((monotonic() - self._began) * 1e6) if self._run else 0

    def _here(self) -> int:
        """Behind every frame there is, before every frame that comes."""
        return max(self._number, self._tick() - 1)

    def _missed(self, since: str, scope: Scope) -> list[Frame]:
        if not self._run or not self._number:
            return []  # the poller's first word is to look at everything
        run, _, text = since.partition("-")
        known = run == self._run and text.isascii() and text.isdecimal() and len(text) <= 18
        oldest = max(self._forgot, self._tick() - int(REMEMBERED_S * 1e6))
        if not known or int(text) < oldest:
            return [Frame(self._here(), resync=True)]
        missed = [heard for heard in self._past if heard.number > int(text)]
        frame = cut(fold(missed), scope) if missed else None
        return [frame] if frame is not None else []

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
                state.pending = [Heard(0, resync=True)]
            else:
                self._frame(state, now)
            await asyncio.sleep(POLL_S)

    async def _look(self, state: "_Polling", now: float) -> None:
        if state.watch is None:
            state.watch = await asyncio.to_thread(self._watch)
        state.pending += hear(await asyncio.to_thread(state.watch.poll))
        if now - state.office_at < OFFICE_S:
            return
        was, state.office_at = state.office, now
        state.office = await asyncio.to_thread(self._office)
        if was and was != state.office:
            state.pending.append(Heard(0, frozenset({Told("office")})))

    def _frame(self, state: "_Polling", now: float) -> None:
        if state.pending and now - state.framed_at >= FRAME_S:
            self._send(fold(state.pending))
            state.pending, state.framed_at = [], now

    def _send(self, heard: Heard) -> None:
        self._number = max(self._number + 1, self._tick())
        heard = heard._replace(number=self._number)
        self._past.append(heard)
        while sum(len(one.told) for one in self._past) > MOST_REMEMBERED or self._is_old():
            self._forgot = self._past.popleft().number
        cuts: dict[Scope, Frame | None] = {}
        for queue, ear in self._listeners.items():
            if ear.scope not in cuts:
                cuts[ear.scope] = cut(heard, ear.scope)
            frame = cuts[ear.scope]
            if frame is not None:
                offer(queue, frame)

    def _is_old(self) -> bool:
        return self._number - self._past[0].number > REMEMBERED_S * 1e6


class _Polling:
    """Where the poller is: what it heard and has not sent, and when it did what."""

    def __init__(self, now: float) -> None:
        self.watch: Poller | None = None
        self.office = ""
        self.office_at = self.framed_at = 0.0
        self.wanted_at = now
        # Said once the poller watches: who looked sooner could miss a change that neither saw.
        self.pending = [Heard(0, resync=True)]


def offer(queue: Listener, frame: Frame) -> None:
    """Put the frame into a queue; one that is full holds nothing but the order to look anew."""
    if queue.full():
        while not queue.empty():
            queue.get_nowait()
        frame = Frame(frame.number, resync=True)
    queue.put_nowait(frame)


def hear(changes: Iterable[Change]) -> list[Heard]:
    told = frozenset(Told(one.topic, one.kiosk_id, one.site_code) for one in changes)
    return [Heard(0, told)] if told else []


def fold(several: Iterable[Heard]) -> Heard:
    """All that these say, as one."""
    found = list(several)
    told = frozenset[Told]().union(*(one.told for one in found))
    return Heard(found[-1].number, told, any(one.resync for one in found))


def cut(heard: Heard, scope: Scope) -> Frame | None:
    """What of it somebody with this scope may hear; None: nothing."""
    theirs = [one for one in heard.told if is_theirs(scope, one.topic, one.site_code)]
    if not theirs and not heard.resync:
        return None
    kiosks = frozenset(one.kiosk_id for one in theirs if one.kiosk_id is not None)
    topics = frozenset(one.topic for one in theirs)
    named = kiosks if len(kiosks) <= MOST_KIOSKS else None
    return Frame(heard.number, topics, named, heard.resync)


async def stream(
    hub: Hub, since: str, ear: Ear, still: Callable[[], Scope], quiet_s: float = KEEP_ALIVE_S
) -> AsyncIterator[str]:
    """The text of the stream for one listener, with a comment where nothing happens for long.

    `still` (called in a thread) says where whoever listens may look now: when that has changed,
    by a logout or otherwise, the stream ends, and who may listen comes back.
    """
    queue = hub.open(since, ear)
    checked = monotonic()
    try:
        yield "retry: 1000\n\n"
        while True:
            if monotonic() - checked >= quiet_s:
                if not await _holds(still, ear.scope):
                    return
                checked = monotonic()
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


async def _holds(still: Callable[[], Scope], scope: Scope) -> bool:
    try:
        return await asyncio.to_thread(still) == scope
    except SQLAlchemyError:  # the database is away: then nothing is heard either
        return True
