"""Asks the registrar: the only way to what citizens wrote, for door and console alike.

Holds no key and decides nothing: who may see what is the registrar's own judgement, and it writes
down every look before it answers. Blocks: call it from a thread. One connection a question, so a
registrar that was started anew is found again.
"""

import socket
from pathlib import Path
from typing import Final, TypeVar

from controller.registrar import protocol
from controller.registrar.protocol import What
from controller.registrar.sockets import connect, read_exactly
from wire.submission import Content, Signed

WAIT_S: Final = 10.0
S = TypeVar("S")


class CannotOpen(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """`code`: away, denied, gone, unknown, sealed, wait, malformed. The message says who must act.

    away: the registrar does not answer (the administrator); denied: this person has no power
    there; gone: it was destroyed when its time was over; unknown: there is no such submission;
    sealed: the office has lost the key (the administrator restores it); wait: too many wrong digits
    were tried today.
    """

    def __init__(self, code: str, why: str) -> None:
        self.code, self.why = code, why
        super().__init__(why)


class Registrar:
    """`path` is the registrar's socket file."""

    def __init__(self, path: Path, wait_s: float = WAIT_S) -> None:
        self._path, self._wait_s = path, wait_s

    def open(self, submission_id: int, account: int, what: What) -> Content:
        """What the citizen wrote, once the look is written down. Raises CannotOpen."""
        ask = protocol.Open(submission=submission_id, account=account, what=what)
        return self._ask(ask, protocol.Opened).content

    def photos(self, submission_id: int, account: int) -> tuple[bytes, ...]:
        """JPEGs, those sent from a telephone later last; logged as `photo`. Raises CannotOpen."""
        ask = protocol.Photos(submission=submission_id, account=account)
        return self._ask(ask, protocol.Pictures).jpegs

    def seal_note(self, submission_id: int, account: int, text: str) -> tuple[bytes, str]:
        """`note` and `note_seal` for a row of `submission_event`. Raises CannotOpen."""
        ask = protocol.SealNote(submission=submission_id, account=account, text=text)
        said = self._ask(ask, protocol.SealedNote)
        return said.sealed, said.key

    def notes(self, submission_id: int, account: int) -> dict[int, str]:
        """Notes by the id of their `submission_event`; logged as `note`. Raises CannotOpen."""
        ask = protocol.OpenNotes(submission=submission_id, account=account)
        return self._ask(ask, protocol.Notes).texts

    def judge(self, record_id: int) -> Signed | None:
        """The answer to this record, None while there is none. Raises CannotOpen."""
        return self._ask(protocol.Judge(record=record_id), protocol.Judged).ack

    def knows_tail(self, kiosk: str, number: str, tail: str) -> bool:
        """Whether the last four digits are those of that receipt. Raises CannotOpen."""
        ask = protocol.Tail(kiosk=kiosk, number=number, tail=tail)
        return self._ask(ask, protocol.Known).yes

    def seal_photo(self, ticket: str, jpeg: bytes) -> tuple[bytes, str]:
        """`body` and `seal` for a row of `photo`; `ticket` its SHA-256. Raises CannotOpen."""
        ask = protocol.SealPhoto(ticket=ticket, jpeg=jpeg)
        said = self._ask(ask, protocol.SealedNote)
        return said.sealed, said.key

    def hand_in(self, given: protocol.HandIn) -> protocol.Taken:
        """A complaint that came by no kiosk. Raises CannotOpen, nothing was kept then."""
        return self._ask(given, protocol.Taken)

    def ping(self) -> None:
        """Raises CannotOpen `away`."""
        self._ask(protocol.Ping(), protocol.Known)

    def _ask(self, ask: protocol.Ask, wanted: type[S]) -> S:
        said = self._exchange(protocol.frame(ask))
        if isinstance(said, protocol.Refused):
            raise CannotOpen(said.code, said.why)
        if not isinstance(said, wanted):
            raise CannotOpen("away", "the registrar answers something else: is it another version?")
        return said

    def _exchange(self, asked: bytes) -> protocol.Said:
        try:
            with connect(self._path, self._wait_s) as line:
                line.sendall(asked)
                line.shutdown(socket.SHUT_WR)
                size = protocol.size_of(read_exactly(line, 4))
                return protocol.read_said(read_exactly(line, size))
        except (OSError, ValueError) as error:
            why = "the registrar does not answer: its administrator must look whether it runs"
            raise CannotOpen("away", f"{why} ({error})") from None
