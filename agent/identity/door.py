"""What a kiosk asks at the office's door: who are you, what time is it, certify me, how do I stand.

Owns the office's clock as far as this process knows it, and the signing of questions. It trusts the
authority it was given and nobody else; a kiosk's first trust comes from the code that was typed.
"""

import base64
import secrets
import ssl
from collections.abc import Callable
from typing import Any, NamedTuple, TypeVar

import msgspec

from agent.identity import trust
from agent.identity.asker import (
    Address,
    Asker,
    BadDates,
    Patience,
    Question,
    Refused,
    WrongClock,
    impostor,
)
from agent.identity.keys import Signer
from wire import door, signed
from wire.invitation import pin_of

T = TypeVar("T")


class Caller(NamedTuple):
    """Who signs: `serial` is that of the certificate, in lower-case hex."""

    serial: str
    signer: Signer


class Clock:
    """The office's clock: ours, and by how much ours is wrong. Milliseconds."""

    def __init__(self, wall_ms: Callable[[], int], off_ms: int = 0) -> None:
        self._wall_ms, self.off_ms = wall_ms, off_ms

    def __call__(self) -> int:
        return self._wall_ms() + self.off_ms

    def set(self, office_ms: int) -> None:
        self.off_ms = office_ms - self._wall_ms()


def fetch_authority(at: Address, pin: bytes, patience: Patience) -> str:
    """The server authority in PEM: whoever answers, it is the one of the code. Else raises Refused.

    Nothing else is asked before this: the code itself is told only to our office.
    """
    answer = Asker(at, trust.unverified, patience)(lambda: Question("GET", door.AUTHORITY_PATH))
    try:
        pem = msgspec.json.decode(answer, type=door.Authority).certificate
        der = ssl.PEM_cert_to_DER_cert(pem.strip())
    except ValueError as error:
        raise impostor(at, "its authority is no certificate") from error
    if pin_of(der) != pin:
        raise impostor(at, "its authority is not the one of the code")
    # Written anew from what was checked: whatever else came along is not trusted.
    return ssl.DER_cert_to_PEM_cert(der)


class Door:
    """`floor` is the latest moment of the office's clock that this kiosk has proof of.

    Every method raises Refused and Unreachable.
    """

    def __init__(
        self, at: Address, authority: str, clock: Clock, patience: Patience, floor: int = 0
    ) -> None:
        self._at, self.clock = at, clock
        self._authority, self._patience, self._floor = authority, patience, floor
        self._asker = self._make_asker(dates=True)

    def time(self) -> int:
        """The office's clock; ours is corrected by it from now on."""
        try:
            answer = self._asker(lambda: Question("GET", door.TIME_PATH))
            self.clock.set(self._read(answer, door.Clock).now)
        except BadDates:
            self._leave_dates_out()
        return self.clock()

    def enrol(self, token: bytes, csr: bytes) -> door.Granted:
        written = base64.urlsafe_b64encode(token).decode().rstrip("=")
        body = msgspec.json.encode(door.Enrol(written, csr.decode()))
        return self._ask(door.Granted, lambda: Question("POST", door.ENROL_PATH, body))

    def renew(self, csr: bytes, caller: Caller) -> door.Granted:
        body = msgspec.json.encode(door.Renew(csr.decode()))
        return self._ask(door.Granted, lambda: self._sign("POST", door.RENEW_PATH, body, caller))

    def standing(self, caller: Caller) -> door.Standing:
        return self._ask(door.Standing, lambda: self._sign("GET", door.IDENTITY_PATH, b"", caller))

    def in_force(self, caller: Caller) -> door.InForce:
        """Policy and root of releases, each empty where the office has none."""
        question = door.POLICY_PATH
        return self._ask(door.InForce, lambda: self._sign("GET", question, b"", caller))

    def _ask(self, kind: type[T], question: Callable[[], Question]) -> T:
        try:
            try:
                answer = self._asker(question)
            except BadDates:
                self._leave_dates_out()
                answer = self._asker(question)
        except WrongClock as wrong:
            self.clock.set(wrong.office_ms)
            answer = self._again(question)
        return self._read(answer, kind)

    def _again(self, question: Callable[[], Question]) -> bytes:
        try:
            return self._asker(question)
        except WrongClock as wrong:
            why = "the office's clock jumps: what it said a moment ago is not taken"
            raise Refused("clock", "office", why) from wrong

    def _sign(self, method: str, path: str, body: bytes, caller: Caller) -> Question:
        given = signed.Parameters(self.clock() // 1000, secrets.token_urlsafe(16), caller.serial)
        digest = signed.digest(body)
        signature = caller.signer.sign(signed.base(method, path, "", digest, given))
        return Question(method, path, body, (*signed.headers(given, digest, signature).items(),))

    def _leave_dates_out(self) -> None:
        """By our clock the door's certificate is invalid: perhaps it is our clock that is wrong.

        The office's own is asked, and its certificate must be valid by that one. An old certificate
        that was stolen does not pass: it ended before the latest moment we have proof of.
        """
        asker, dates = self._make_asker(dates=False), list[tuple[int, int]]()
        answer = asker(
            lambda: Question("GET", door.TIME_PATH), lambda sock: dates.append(trust.dates(sock))
        )
        now = self._read(answer, door.Clock).now
        begins, ends = dates[-1]
        if now < self._floor or not begins <= now <= ends:
            why = f"the certificate of the door at {self._at.host} has ended, by its own clock"
            raise Refused("door_ended", "office", why)
        self.clock.set(now)
        self._asker = asker

    def _make_asker(self, *, dates: bool) -> Asker:
        def context() -> Any:
            return trust.verified(authority=self._authority, dates=dates)

        return Asker(self._at, context, self._patience)

    def _read(self, answer: bytes, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(answer, type=kind)
        except (msgspec.DecodeError, UnicodeDecodeError) as error:
            why = f"the door at {self._at.host} answers what nobody understands: {error}"
            raise Refused("answer", "office", why) from error
