"""Judges what arrived: one transaction a record, with the signed answer in it.

Owns the order: what the answer promises is stored in the transaction that stores the answer, so
that no kiosk forgets a record that the office does not have. One at a time, whoever asks. Killed
anywhere, a record has simply arrived and waits.
"""

import threading
from collections.abc import Callable
from typing import Final

import msgspec
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError

from controller.registrar import books
from controller.registrar.books import Answer, Arrived
from controller.registrar.held import Ring
from controller.registrar.judge import Refusal, open_record
from controller.registrar.keys import KeyRing
from controller.store.engine import writing
from wire.submission import Ack, Signed, read_ack

AT_ONCE: Final = 50
NOBODY: Final = "0" * 32  # a record that cannot even say its name


class Clerk:
    """`wall` gives milliseconds since 1970. For many threads."""

    def __init__(self, engine: Engine, ring: Ring, wall: Callable[[], int]) -> None:
        self._engine, self._ring, self._wall = engine, ring, wall
        self._alone = threading.Lock()

    def step(self) -> int:
        """How many were judged, at most AT_ONCE. Raises SQLAlchemyError."""
        with self._engine.connect() as conn:
            waiting = books.arrived(conn, AT_ONCE)
        if not waiting:
            return 0
        with self._alone, writing(self._engine) as conn:
            ring = self._ring()
            for number in waiting:
                self._judge(conn, number, ring)
        return len(waiting)

    def judge(self, number: int) -> Signed | None:
        """The answer to one record; None when there is no such row. Raises SQLAlchemyError."""
        with self._alone, writing(self._engine) as conn:
            return self._judge(conn, number, self._ring())

    def take(self, arrive: Callable[[Connection, KeyRing], int]) -> Signed | None:
        """Judge what `arrive` stores, in its transaction: refused, it was never there.

        Raises Refusal, SQLAlchemyError, and what `arrive` raises.
        """
        with self._alone, writing(self._engine) as conn:
            ring = self._ring()  # it is signed and judged by the same keys
            number = arrive(conn, ring)
            answer = self._judge(conn, number, ring)
            one = books.row(conn, number)
            if one is None or one.state != "accepted":
                why = read_ack(answer.text).why if answer else "malformed"
                raise Refusal(why)
            return answer

    def _judge(self, conn: Connection, number: int, ring: KeyRing) -> Signed | None:
        one = books.row(conn, number)
        if one is None:
            return None
        if one.state != "arrived":
            return _said(conn, one, ring)
        now = self._wall()
        try:
            with conn.begin_nested():  # one that cannot be stored must not hold up the others
                return _accepted(conn, one, ring, now)
        except (Refusal, DataError, IntegrityError) as error:
            why = error.why if isinstance(error, Refusal) else "malformed"
        answer = _answer(ring, one, why, now)
        books.refuse(conn, one, why, Answer(answer, now))
        return answer


def _said(conn: Connection, one: Arrived, ring: KeyRing) -> Signed | None:
    """Once more, by a key that kiosks are told of: the one that signed it may be gone since."""
    if one.ack is None:
        return None
    said = msgspec.convert(one.ack, Signed)
    if said.key in ring.acks():
        return said
    anew = ring.sign(read_ack(said.text))
    books.sign_anew(conn, one, anew)
    return anew


def _accepted(conn: Connection, one: Arrived, ring: KeyRing, now: int) -> Signed:
    """Raises Refusal, before anything was written."""
    keys = books.keys_of(conn, one.kiosk_id)
    if one.kiosk_id is None:  # we ourselves made it: controller/registrar/channel.py
        keys = ring.acks()
    found = open_record(one.body, one.kiosk, keys, ring.unseal)
    books.check_number(conn, one, found)
    filed = books.file(conn, one, found)
    tail = found.content.tail
    kept = ring.tail_of(one.kiosk, found.head.number, one.sha256, tail) if tail else ""
    answer = _answer(ring, one, "", now, found.head.id)
    books.accept(conn, one, found, filed._replace(tail=kept), Answer(answer, now))
    return answer


def _answer(ring: KeyRing, one: Arrived, why: str, now: int, uid: str = "") -> Signed:
    return ring.sign(
        Ack(
            kiosk=one.kiosk,
            id=uid or one.uid or NOBODY,
            sha256=one.sha256,
            outcome="refused" if why else "accepted",
            why=why,
            at=now,
        )
    )
