"""The office's door for what an action hands in or measures: signed, in short tries, by one clock.

Owns bodies that are larger than a question of identity. Trusts the authority the identity came
with. Decides nothing: whoever calls says how long it may take.
"""

import secrets
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPException, HTTPSConnection
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from agent.actions.base import Failed
from agent.actions.stop import Stop
from agent.config import Config
from agent.identity import life, trust
from agent.identity.asker import Patience, Refused, Unreachable, address_of
from agent.identity.door import Caller, Clock
from agent.identity.slots import Slots
from wire import door, signed

STEP_S: Final = 15.0
WRONG_CLOCK_MS: Final = 3_600_000
MOST_ANSWER: Final = 64 * 1024
PAUSE_S: Final = 2.0


class Away(Exception):  # noqa: N818 - says what happened
    """No answer now: the network or the office must come back."""


class Ask(NamedTuple):
    """One request. `most` bytes of answer are read, within `step_s` after it was sent."""

    method: str
    path: str
    query: str = ""
    body: bytes = b""
    kind: str = "application/octet-stream"
    most: int = MOST_ANSWER
    step_s: float = STEP_S


class Answer(NamedTuple):
    """`took_s` from the first byte sent to the last one read, without connecting."""

    body: bytes
    took_s: float


def wall_ms() -> int:
    return time.time_ns() // 1_000_000


class Office:
    """Raises Failed `no_identity` when this kiosk has none."""

    def __init__(self, config: Config, stop: Stop) -> None:
        slots = Slots(Path(config.state_dir))
        slot = slots.current()
        if slot is None or config.door is None:
            raise Failed("no_identity", "this kiosk has no identity at an office's door")
        self._stop = stop
        self._at = address_of(config.door.url)
        self._authority = slot.authority.read_text("ascii")
        self._caller: Caller = life.caller_of(slot)
        self.clock = Clock(wall_ms, slots.state().clock_off_ms)
        patience = Patience(within_s=stop.within(STEP_S), wait=stop.wait)
        self._door = life.door_of(slot, self.clock, patience)

    def time_off_ms(self) -> int:
        """By how much our clock is behind the office's. Raises Away, Failed."""
        try:
            self._door.time()
        except Unreachable as error:
            raise Away(str(error)) from error
        except Refused as refused:
            raise Failed("door", str(refused)) from refused
        return self.clock.off_ms

    def ask(self, ask: Ask) -> Answer:
        """One try, and a second when only the clock was wrong. Raises Away, Failed `door`."""
        try:
            return self._once(ask)
        except _OtherClock as other:
            self.clock.set(other.office_ms)
        except ssl.SSLCertVerificationError:
            self.time_off_ms()
        try:
            return self._once(ask)
        except (_OtherClock, ssl.SSLCertVerificationError) as error:
            raise Failed("door", f"the door and this kiosk do not agree: {error}") from error

    def hand_in(self, command: str, content: bytes, kind: str, within_s: float) -> door.Stored:
        """Tried until it is there or the time is over. Raises Failed `door`."""
        until = time.monotonic() + self._stop.within(within_s)
        ask = Ask("POST", door.ATTACHMENT_PATH, f"command={command}", content, kind)
        why = Away("no try was made")
        while time.monotonic() < until - PAUSE_S:
            try:
                answer = self.ask(ask)
                return _stored(answer.body)
            except Away as away:
                why = away
            self._stop.wait(PAUSE_S)
        raise Failed("door", f"it could not be handed in: {why}")

    def _once(self, ask: Ask) -> Answer:
        self._stop.check()
        dates = abs(self.clock.off_ms) < WRONG_CLOCK_MS
        context = trust.verified(authority=self._authority, dates=dates)
        limit_s = self._stop.within(ask.step_s)
        where = f"{ask.path}?{ask.query}" if ask.query else ask.path
        body = ask.body if ask.method == "POST" else None
        try:
            with closing(HTTPSConnection(*self._at, timeout=limit_s, context=context)) as line:
                line.connect()
                began = time.monotonic()
                line.request(ask.method, where, body, self._headers(ask))
                answer = line.getresponse()
                content = _read(answer.read, ask.most, began + limit_s)
                took_s = time.monotonic() - began
        except ssl.SSLCertVerificationError:
            raise
        except (OSError, HTTPException) as error:
            raise Away(str(error) or type(error).__name__) from error
        if answer.status not in (200, 201, 204):
            raise _no(answer.status, content)
        return Answer(content, took_s)

    def _headers(self, ask: Ask) -> dict[str, str]:
        given = signed.Parameters(
            self.clock() // 1000, secrets.token_urlsafe(16), self._caller.serial
        )
        digest = signed.digest(ask.body)
        base = signed.base(ask.method, ask.path, ask.query, digest, given)
        signature = self._caller.signer.sign(base)
        return {"content-type": ask.kind, **signed.headers(given, digest, signature)}


class _OtherClock(Exception):  # noqa: N818
    def __init__(self, office_ms: int) -> None:
        super().__init__("our clock is not the office's")
        self.office_ms = office_ms


def _no(status: int, body: bytes) -> Exception:
    try:
        said = msgspec.json.decode(body, type=door.Refusal)
    except (msgspec.DecodeError, UnicodeDecodeError):
        said = door.Refusal(f"http_{status}", "office", f"the door answered {status}")
    if said.code == "clock" and said.now:
        return _OtherClock(said.now)
    if status in (202, 408, 425, 429, 500, 502, 503, 504) or said.code == "replay":
        return Away(said.detail)
    return Failed("door", f"{said.detail} ({said.code}; to act: {said.who})")


def _read(read: Callable[[int], bytes], most: int, until: float) -> bytes:
    """A door that drips a byte a second gets no more time than a silent one."""
    content = bytearray()
    while len(content) <= most and (piece := read(65_536)):
        content += piece
        if time.monotonic() > until:
            raise TimeoutError("the answer took too long")
    return bytes(content)


def _stored(body: bytes) -> door.Stored:
    try:
        return msgspec.json.decode(body, type=door.Stored)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Away(f"the door answers what nobody understands: {error}") from error
