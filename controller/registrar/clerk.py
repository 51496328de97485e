"""Judges what arrived: one transaction a record, with the signed answer in it.

Owns the order: what the answer promises is stored in the transaction that stores the answer, so
that no kiosk forgets a record that the office does not have. One at a time, whoever asks. Killed
anywhere, a record has simply arrived and waits.
"""

import threading
from base64 import b64encode
from collections.abc import Callable
from typing import Final

import msgspec
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DataError, IntegrityError

from controller.registrar import books
from controller.registrar.books import Answer, Arrived
from controller.registrar.judge import Refusal, open_record
from controller.registrar.keys import KeyRing, raw_public
from controller.store.engine import writing
from wire.submission import Ack, Signed, read_ack

AT_ONCE: Final = 50
NOBODY: Final = "0" * 32  # a record that cannot even say its name


class Clerk:
    """`wall` gives milliseconds since 1970. For many threads."""

    def __init__(self, engine: Engine, ring: KeyRing, wall: Callable[[], int]) -> None:
        self._engine, self._ring, self._wall = engine, ring, wall
        self._alone = threading.Lock()

    def step(self) -> int:
        """How many were judged, at most AT_ONCE. Raises SQLAlchemyError."""
        with self._engine.connect() as conn:
            waiting = books.arrived(conn, AT_ONCE)
        if not waiting:
            return 0
        with self._alone, writing(self._engine) as conn:
            for number in waiting:
                self._judge(conn, number)
        return len(waiting)

    def judge(self, number: int) -> Signed | None:
        """The answer to one record; None when there is no such row. Raises SQLAlchemyError."""
        with self._alone, writing(self._engine) as conn:
            return self._judge(conn, number)

    def take(self, arrive: Callable[[Connection], int]) -> Signed | None:
        """Judge what `arrive` stores, in its transaction: refused, it was never there.

        Raises Refusal, SQLAlchemyError, and what `arrive` raises.
        """
        with self._alone, writing(self._engine) as conn:
            number = arrive(conn)
            answer = self._judge(conn, number)
            one = books.row(conn, number)
            if one is None or one.state != "accepted":
                why = read_ack(answer.text).why if answer else "malformed"
                raise Refusal(why)
            return answer

    def _judge(self, conn: Connection, number: int) -> Signed | None:
        one = books.row(conn, number)
        if one is None:
            return None
        if one.state != "arrived":
            return None if one.ack is None else msgspec.convert(one.ack, Signed)
        now = self._wall()
        try:
            with conn.begin_nested():  # one that cannot be stored must not hold up the others
                return self._accepted(conn, one, now)
        except (Refusal, DataError, IntegrityError) as error:
            why = error.why if isinstance(error, Refusal) else "malformed"
        answer = self._answer(one, why, now)
        books.refuse(conn, one, why, Answer(answer, now))
        return answer

    def _accepted(self, conn: Connection, one: Arrived, now: int) -> Signed:
        """Raises Refusal, before anything was written."""
        ring = self._ring
        keys = books.keys_of(conn, one.kiosk_id)
        if one.kiosk_id is None:  # we ourselves made it: controller/registrar/channel.py
            keys = {ring.signs: b64encode(raw_public(ring.ack)).decode()}
        found = open_record(one.body, one.kiosk, keys, ring.unseal)
        books.check_number(conn, one, found)
        filed = books.file(conn, one, found)
        tail = found.content.tail
        kept = ring.tail_of(one.kiosk, found.head.number, tail) if tail else ""
        answer = self._answer(one, "", now, found.head.id)
        books.accept(conn, one, found, filed._replace(tail=kept), Answer(answer, now))
        return answer

    def _answer(self, one: Arrived, why: str, now: int, uid: str = "") -> Signed:
        return self._ring.sign(
            Ack(
                kiosk=one.kiosk,
                id=uid or one.uid or NOBODY,
                sha256=one.sha256,
                outcome="refused" if why else "accepted",
                why=why,
                at=now,
            )
        )
