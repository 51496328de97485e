"""One question at the office's door and its answer, however many tries that takes in its time.

Owns TLS, HTTP, the pauses between tries and the words for whoever must act. Never knows what is
asked, stores nothing, and asks nobody whose certificate the given context does not accept.
"""

import random
import ssl
import time
from collections.abc import Callable
from contextlib import closing
from http.client import HTTPException, HTTPSConnection
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import msgspec

from agent.identity.trust import HAS_EXPIRED, NOT_YET_VALID
from wire.door import Refusal

STEP_S: Final = 15.0  # connecting, or waiting for the next piece of an answer
MOST_ANSWER: Final = 256 * 1024  # a policy of 60,000 characters, quoted twice
FIRST_PAUSE_S: Final = 0.5
MOST_PAUSE_S: Final = 30.0
_DONE: Final = (200, 201)
_LATER: Final = (202, 408, 425, 429, 500, 502, 503, 504)


class Refused(Exception):  # noqa: N818 - says what happened
    """The office said no, or is not our office. `who` must act; asking again does not help."""

    def __init__(self, code: str, who: str, detail: str) -> None:
        super().__init__(f"{detail} ({code}; to act: {who})")
        self.code, self.who, self.detail = code, who, detail


class Unreachable(Exception):  # noqa: N818
    """No answer within the time given: the network or the office must come back."""


class BadDates(Exception):  # noqa: N818
    """By our clock the door's certificate is not valid: its dates or our clock are wrong."""


class WrongClock(Exception):  # noqa: N818
    """The office does not take our clock; it is `office_ms` there."""

    def __init__(self, office_ms: int) -> None:
        super().__init__("our clock is not the office's")
        self.office_ms = office_ms


class Address(NamedTuple):
    host: str
    port: int


class Question(NamedTuple):
    method: str
    path: str
    body: bytes = b""
    headers: tuple[tuple[str, str], ...] = ()


class Patience(NamedTuple):
    """How long one question may take, tries and pauses together, and what waiting is."""

    within_s: float = 120.0
    wait: Callable[[float], object] = time.sleep
    monotonic: Callable[[], float] = time.monotonic


class _Later(Exception):  # noqa: N818
    """Nothing was decided. `after_s` and `refusal` as far as the office said them."""

    def __init__(
        self, why: str, after_s: float | None = None, final: Refused | None = None
    ) -> None:
        super().__init__(why)
        self.after_s, self.final = after_s, final


def address_of(url: str) -> Address:
    """Raises ValueError with a sentence for whoever typed it."""
    parts = urlsplit(url)
    try:
        port = parts.port or 443
    except ValueError:
        port = 0
    odd = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme != "https" or not parts.hostname or odd or not port:
        raise ValueError(f"{url!r} is no address of a door: it is written https://HOST:PORT")
    return Address(parts.hostname, port)


class Asker:
    """`context` makes the TLS context of a try. A try is a connection of its own."""

    def __init__(self, at: Address, context: Callable[[], Any], patience: Patience) -> None:
        self._at, self._context, self._patience = at, context, patience

    def __call__(
        self,
        question: Callable[[], Question],
        look: Callable[[Any], object] = lambda _: None,
    ) -> bytes:
        """The answer. `question` is asked for each try, `look` sees the socket of each try.

        Raises Refused, Unreachable, BadDates, WrongClock.
        """
        until = self._patience.monotonic() + self._patience.within_s
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                return self._once(question(), look)
            except _Later as later:
                wait_s = pause_s if later.after_s is None else later.after_s
                wait_s *= random.uniform(0.75, 1.25)  # noqa: S311 - jitter, not secrets
                if self._patience.monotonic() + wait_s > until:
                    raise later.final or self._unreachable(later) from later
            self._patience.wait(wait_s)
            pause_s = min(2 * pause_s, MOST_PAUSE_S)

    def _once(self, question: Question, look: Callable[[Any], object]) -> bytes:
        headers = {"accept": "application/json", **dict(question.headers)}
        if question.body:
            headers["content-type"] = "application/json"
        try:
            with closing(
                HTTPSConnection(*self._at, timeout=STEP_S, context=self._context())
            ) as line:
                line.connect()
                look(line.sock)
                line.request(question.method, question.path, question.body or None, headers)
                answer = line.getresponse()
                body = answer.read(MOST_ANSWER)
        except ssl.SSLCertVerificationError as error:
            raise self._not_ours(error) from error
        except (OSError, HTTPException) as error:
            raise _Later(str(error) or type(error).__name__) from error
        if answer.status not in _DONE:
            raise self._no(answer.status, answer.getheader("retry-after", ""), body)
        return body

    def _no(self, status: int, after: str, body: bytes) -> Exception:
        said = _refusal(body)
        if said is None:
            why = f"{self._at.host} answered {status}"
            return _Later(why) if status in _LATER else Refused(f"http_{status}", "office", why)
        refused = Refused(said.code, said.who, said.detail)
        if said.code == "clock" and said.now:
            return WrongClock(said.now)
        if status in _LATER or said.code == "replay":
            # an answer that is merely not ready yet is no refusal to be shown
            final = None if status == _LATER[0] else refused
            return _Later(said.detail, float(after) if after.isdigit() else None, final)
        return refused

    def _not_ours(self, error: ssl.SSLCertVerificationError) -> Exception:
        if error.verify_code in (NOT_YET_VALID, HAS_EXPIRED):
            return BadDates(error.verify_message)
        return impostor(self._at, error.verify_message)

    def _unreachable(self, why: Exception) -> Unreachable:
        return Unreachable(
            f"no answer from the office's door at {self._at.host}:{self._at.port} ({why}): "
            "the network or the office must come back"
        )


def impostor(at: Address, why: str) -> Refused:
    detail = f"whoever answers at {at.host}:{at.port} is not our office: {why}"
    return Refused("impostor", "technician", detail)


def _refusal(body: bytes) -> Refusal | None:
    try:
        return msgspec.json.decode(body, type=Refusal)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return None
