"""Sends what is due: opens it, writes that down, hands it over, notes what became of it.

Owns the order: the look is in the books, durable, before anything is opened, and a sending is
`sent` only after the other system took it. Killed in between it is sent again, under the same id.
One that does not answer holds up none of the other systems. Called by one thread alone.
"""

from collections.abc import Callable
from typing import Final

from sqlalchemy import Engine, insert

from controller.back import books
from controller.back.books import Due
from controller.back.parcel import Parcel, pack
from controller.back.target import NotTaken, Way
from controller.people.audit import Entry, append
from controller.registrar import judge
from controller.registrar.judge import Unseal
from controller.registrar.keys import BadKeys
from controller.store.citizen_tables import opening
from controller.store.engine import writing
from wire.errors import MalformedMessage
from wire.submission import read

AT_ONCE: Final = 20
WHO: Final = "registrar"
Finds = Callable[[str, str], Way]
"""Tenant and name of a system -> the way to it. Raises NotTaken, BadKeys, OSError."""


class Post:
    """`wall` gives milliseconds since 1970."""

    def __init__(
        self, engine: Engine, unseal: Unseal, way_to: Finds, wall: Callable[[], int]
    ) -> None:
        self._engine, self._unseal, self._way_to, self._wall = engine, unseal, way_to, wall

    def step(self) -> int:
        """How many were tried, at most AT_ONCE. Raises SQLAlchemyError."""
        with self._engine.connect() as conn:
            numbers = books.due(conn, self._wall(), AT_ONCE)
        return sum(self._one(number) for number in numbers)

    def _one(self, number: int) -> bool:
        now = self._wall()
        with self._engine.connect() as conn:
            one = books.find(conn, number, now)
        if one is None:  # its system did not answer a moment ago
            return False
        try:
            way = self._way(one)
            reference = way.send(self._opened(one, now), now)
        except NotTaken as why:
            self._not_taken(one, why)
        else:
            with writing(self._engine) as conn:
                books.sent(conn, one, reference)
        return True

    def _way(self, one: Due) -> Way:
        try:
            return self._way_to(one.about.tenant, one.system)
        except (BadKeys, OSError) as error:
            raise NotTaken(str(error)) from None

    def _opened(self, one: Due, now: int) -> Parcel:
        """Raises NotTaken."""
        if not one.body:
            raise NotTaken("what was written was destroyed when its time was over", ever=True)
        with writing(self._engine) as conn:
            look = {"submission_id": one.submission_id, "at": now, "by": WHO, "what": "export"}
            conn.execute(insert(opening).values(**look))
            detail = {"what": "export", "submission": one.submission_id, "to": one.system}
            about = one.about
            append(conn, Entry(WHO, "inbox.open", about.number, about.place, "", detail), now)
        try:
            content = judge.content_of(read(one.body), self._unseal)
        except (judge.Refusal, MalformedMessage):
            why = "the office has lost the key of this record: the administrator restores it"
            raise NotTaken(why) from None
        return pack(one.uid, one.about, content)

    def _not_taken(self, one: Due, why: NotTaken) -> None:
        now = self._wall()
        with writing(self._engine) as conn:
            books.failed(conn, one, str(why), ever=why.ever, now=now)
            if not why.ever:
                books.pause(conn, one.system_id, now)
