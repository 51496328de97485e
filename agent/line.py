"""Keeps the conversation going over one connection after another, in a thread of its own.

Owns the thread, the moments of connecting, and the lock around what is said. It decides nothing of
what is said (the session does) and knows no MQTT (the link does).
A connection that stalls, whatever the reason, is given up: a new one is cheap.
"""

import contextlib
import logging
import os
import select
import threading
import time
from collections.abc import Callable
from typing import Final, Protocol

from agent.backoff import Backoff
from agent.journal import Births
from agent.link import Closed, Delivered, Event, Heard, Opened, Refused, Will
from agent.outbox import Outbox
from agent.session import Session
from agent.store import StorageFailing
from wire import topics
from wire.codec import decode_down, encode, kind_of
from wire.errors import MalformedMessage
from wire.messages import Death, Observation, Rebirth

OPEN_WITHIN_S: Final = 20.0  # from CONNECT to its answer
TAKEN_WITHIN_S: Final = 30.0  # from a publish to its acknowledgement by the broker
CONNECT_MOST_S: Final = 90.0  # name service, TCP and TLS together
FLUSH_EVERY_S: Final = 5.0
FAREWELL_S: Final = 2.0
LEAVE_WITHIN_S: Final = 15.0  # a thread that still waits for the name service is left behind
_log = logging.getLogger("anjungan.line")


class Connection(Protocol):
    """What the line needs of a link."""

    def connect(self) -> None: ...
    def publish(self, topic: str, payload: bytes) -> int: ...
    def due(self) -> float: ...
    def step(self, timeout_s: float) -> list[Event]: ...
    def hang_up(self, *, politely: bool) -> None: ...


MakeLink = Callable[[Will, int], Connection]
"""A link with this will, that also wakes when this file descriptor is readable."""


class Line:
    """`why` says why the line is down, empty while it is up.

    `mistrusted` counts how often in a row it was not the network: one side did not trust the other.
    """

    def __init__(
        self,
        kiosk: str,
        session: Session,
        outbox: Outbox,
        births: Births,
        *,
        make_link: MakeLink,
        backoff: Backoff,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._kiosk = kiosk
        self._session = session
        self._outbox = outbox
        self._births = births
        self._make_link = make_link
        self._backoff = backoff
        self._monotonic = monotonic
        self._lock = threading.Lock()  # around session and picture
        self._wake_lock = threading.Lock()  # a closed number may already be somebody else's
        self._wake_fd = os.eventfd(0, os.EFD_NONBLOCK | os.EFD_CLOEXEC)
        self._thread = threading.Thread(target=self._run, name="line", daemon=True)
        self._stopping = False
        self._planned = True
        self._away_until = 0.0
        self._flush_at = 0.0
        self._in_flight: dict[int, float] = {}
        self._opened_at: float | None = None
        self._refusal = ""
        self._anew = False
        self.mistrusted = 0
        self.why = "not yet connected"
        self.back_by = monotonic()
        """The moment by which the loop means to be awake again: beyond it, it hangs."""

    @property
    def up(self) -> bool:
        return self._opened_at is not None

    @property
    def calm(self) -> bool:
        """Nothing that was said waits for the broker."""
        return not self._in_flight

    def start(self) -> None:
        self._thread.start()

    def stop(self, *, planned: bool = True) -> None:
        """Says farewell when planned; otherwise the broker will have to."""
        self._planned = planned
        self._stopping = True
        self.wake()
        if self._thread.ident is not None:
            self._thread.join(LEAVE_WITHIN_S)
        with self._wake_lock:
            os.close(self._wake_fd)
            self._wake_fd = -1

    def sighted(self, observation: Observation) -> None:
        """From any thread."""
        with self._lock:
            self._session.picture.see(observation)
            news = self._session.picture.has_news
        if news:
            self.wake()

    def wake(self) -> None:
        """Something is to be said."""
        with self._wake_lock:
            if self._wake_fd >= 0:
                os.eventfd_write(self._wake_fd, 1)

    def cut(self, away_s: float) -> None:
        """The line is cut and stays so: for players and for the patient."""
        self._away_until = self._monotonic() + away_s
        self.wake()

    def anew(self) -> None:
        """Connect anew, now, because there is another identity to connect with."""
        self._anew = True
        self.wake()

    def say_birth(self) -> None:
        """From any thread: what the last birth said no longer holds."""
        with self._lock:
            self._session.say_birth(self._monotonic())
        self.wake()

    def _run(self) -> None:
        while not self._stopping:
            try:
                closed = self._one_connection()
            except Exception as error:  # noqa: BLE001 - whatever happens here must not silence the kiosk
                _log.exception("the line broke")
                closed = Closed(f"the line broke: {error}")
            self._ended(closed)

    def _one_connection(self) -> Closed:
        now = self._monotonic()
        self.back_by = now + CONNECT_MOST_S
        self._anew = False
        try:
            birth = self._births.next()
            link = self._make_link(self._will(birth), self._wake_fd)
            link.connect()
        except StorageFailing as failing:
            return Closed(f"no birth can be recorded: {failing}")
        except (OSError, ValueError) as error:
            # by its text: ssl is imported only where TLS is used
            mistrusted = "[SSL" in str(error)
            return Closed(f"the broker cannot be reached: {error}", mistrusted=mistrusted)
        try:
            return self._converse(link, birth)
        finally:
            link.hang_up(politely=False)

    def _converse(self, link: Connection, birth: int) -> Closed:
        open_by = self._monotonic() + OPEN_WITHIN_S
        while True:
            now = self._monotonic()
            for event in link.step(self._sleep_s(link, now, open_by)):
                if isinstance(event, Closed):
                    return event
                self._handle(event, birth)
            self._chores()
            if self._session.overtaken is not None:
                return self._catch_up(self._session.overtaken)
            now = self._monotonic()
            if self._stopping:
                self._leave(link)
            if wanted := self._wanted_closed(now):
                return Closed(wanted)
            if not self.up and now >= open_by:
                return Closed("the broker does not answer")
            if self._in_flight and now >= min(self._in_flight.values()) + TAKEN_WITHIN_S:
                return Closed("the broker does not acknowledge")
            if self.up:
                self._speak(link, now)

    def _wanted_closed(self, now: float) -> str:
        """Why somebody wants this connection to end, empty when nobody does."""
        if self._stopping:
            return "stopped"
        if self._anew:
            return "to connect with the new identity"
        return "the line was cut" if now < self._away_until else ""

    def _speak(self, link: Connection, now: float) -> None:
        with self._lock:
            while (message := self._session.next_message(now)) is not None:
                topic = topics.up(self._kiosk, kind_of(message))
                self._in_flight[link.publish(topic, encode(message))] = now

    def _handle(self, event: Event, birth: int) -> None:
        now = self._monotonic()
        with self._lock:
            match event:
                case Opened(window):
                    self._opened_at = now
                    self.why = ""
                    self.mistrusted = 0
                    self._session.begin(birth, window, now)
                    _log.info("connected, birth %d", birth)
                case Delivered(mid):
                    self._refusal = ""
                    if self._in_flight.pop(mid, None) is not None:
                        self._session.delivered()
                case Refused(mid, why):
                    if why != self._refusal:
                        _log.warning("the broker refused a message: %s", why)
                    self._refusal = why
                    if self._in_flight.pop(mid, None) is not None:
                        self._session.refused(now)
                case Heard(topic, payload):
                    self._hear(topic, payload, now)

    def _hear(self, topic: str, payload: bytes, now: float) -> None:
        try:
            message = decode_down(topics.kind_of_down(topic), payload)
        except MalformedMessage as error:
            _log.warning("not understood from the office: %s", error)
            return
        self._session.received(message, now)

    def _sleep_s(self, link: Connection, now: float, open_by: float) -> float:
        with self._lock:
            moments = [link.due(), self._session.due(now) if self.up else open_by]
        if self._in_flight:
            moments.append(min(self._in_flight.values()) + TAKEN_WITHIN_S)
        if self._outbox.waiting:
            moments.append(self._flush_at)
        sleep_s = max(0.0, min(moments) - now)
        self.back_by = now + sleep_s
        return sleep_s

    def _chores(self) -> None:
        with contextlib.suppress(BlockingIOError):
            os.eventfd_read(self._wake_fd)
        now = self._monotonic()
        if self._outbox.waiting and now >= self._flush_at:
            self._flush_at = now + FLUSH_EVERY_S
            self._outbox.flush()

    def _ended(self, closed: Closed) -> None:
        now = self._monotonic()
        lived_s = None if self._opened_at is None else now - self._opened_at
        with self._lock:
            self._session.lost()
        self._in_flight.clear()
        self._opened_at = None
        self.mistrusted += closed.mistrusted
        if self._stopping:
            self.why = closed.why
            return
        delay_s = self._backoff.after(lived_s, taken_over=closed.taken_over)
        until = max(now + delay_s, self._away_until)
        if closed.why != self.why:
            _log.warning("%s; again in %.0f s", closed.why, until - now)
        self.why = closed.why
        if self._backoff.stepping_back:
            self.why = f"{closed.why}; perhaps another machine uses the name {self._kiosk}"
        self._wait(until)

    def _wait(self, until: float) -> None:
        poll = select.poll()
        poll.register(self._wake_fd, select.POLLIN)
        while not (self._stopping or self._anew) and (now := self._monotonic()) < until:
            wait_s = until - now
            if self._outbox.waiting:
                wait_s = min(wait_s, max(0.1, self._flush_at - now))
            self.back_by = now + wait_s
            poll.poll(int(wait_s * 1000) + 1)
            self._chores()

    def _catch_up(self, office: Rebirth) -> Closed:
        """The memory was put back to an older copy; the office has said how far it had come."""
        try:
            self._outbox.skip(office.upto)
            self._births.skip(office.birth)
        except StorageFailing as failing:
            return Closed(f"the memory is an older copy and cannot be mended: {failing}")
        return Closed("the memory is an older copy: going on where the office says it was")

    def _will(self, birth: int, *, planned: bool = False) -> Will:
        death = Death(epoch=self._births.epoch, birth=birth, planned=planned)
        return Will(topics.up(self._kiosk, "death"), encode(death))

    def _leave(self, link: Connection) -> None:
        """A planned stop is said, so that nobody is sent out to look.

        What nobody took is not said: the broker keeps the will, and the will speaks later.
        """
        if not self._planned or not self.up:
            return
        will = self._will(self._session.birth, planned=True)
        mid, until = link.publish(*will), self._monotonic() + FAREWELL_S
        while (now := self._monotonic()) < until:
            for event in link.step(until - now):
                match event:
                    case Closed():
                        return
                    case Refused(refused, _) if refused == mid:
                        return
                    case Delivered(taken) if taken == mid:
                        link.hang_up(politely=True)
                        return
