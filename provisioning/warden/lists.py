"""What the broker must refuse: gathered, signed, handed to the keeper, and reported when proven.

Never waits for the keeper: each `step` does what is due and returns. Lists go out when somebody
ended, when somebody may come again, daily, and again after an answer that was not a yes. What is
not proven is never reported as done.
"""

from collections.abc import Callable, Collection
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import Connection

from provisioning.authority.ended import KEEP_MS, EndedList
from provisioning.warden import books
from provisioning.warden.exchange import Answer, Exchange

PATIENCE_MS: Final = 5_000  # a keeper that is well answers within two seconds
AGAIN_MS: Final = 5_000
RARE_MS: Final = 30_000  # between two looks at what may wait: certificates replaced by newer ones
NOT_YET: Final = "the broker's keeper has not answered yet"

Writing = Callable[[], AbstractContextManager[Connection]]


@dataclass
class Asked:
    """What was handed over under one stamp, and whom it is about: rows and kiosks by id."""

    stamp: int
    at: int
    certificates: set[int]
    kiosks: set[int]
    heard: bool = False


@dataclass
class Standing:
    """How the lists stand with the broker. `ok`: the newest are proven. Times in milliseconds."""

    ok: bool = False
    why: str = NOT_YET
    proven_at: int = 0


@dataclass
class _Mind:
    denied: dict[int, str] = field(default_factory=dict)
    drop: set[str] = field(default_factory=set)
    rare_at: int = 0
    again_at: int = 0
    whole: bool = False  # everything that ever ended was read once


class Lists:
    """`say` gets what a person should know. One for a process; `pair.alone` holds that."""

    def __init__(
        self, ended: EndedList, exchange: Exchange, writing: Writing, say: Callable[[str], None]
    ) -> None:
        self.standing = Standing()
        self.ended = ended
        self._exchange, self._writing, self._say = exchange, writing, say
        self._asked: Asked | None = None
        self._mind = _Mind()

    def busy(self, now: int) -> bool:
        """An answer may come any moment: look again soon."""
        asked = self._asked
        return asked is not None and not asked.heard and now - asked.at < PATIENCE_MS

    def begin_anew(self) -> None:
        """Read everything again and hand it over: at a start, and when the books are others."""
        self._mind.whole = False

    def hear(self, now: int) -> None:
        """What the keeper says, written down. Raises SQLAlchemyError."""
        asked = self._asked
        if asked is None or (asked.heard and not self.standing.ok):
            return
        answer = self._exchange.answer()
        answered = answer is not None and answer.stamp == asked.stamp
        # A keeper takes its yes back when it has to stop the broker: then it waits for us.
        if answer is not None and answered and not (asked.heard and answer.ok):
            self._take(asked, answer, now)
        elif asked.heard or answered:
            return
        elif not 0 <= now - asked.at < PATIENCE_MS:
            self._stand(Standing(ok=False, why=NOT_YET, proven_at=self.standing.proven_at))

    def step(self, conn: Connection, now: int, *, above: int) -> None:
        """To be called after `hear`, or `conn` would read what was so before the answer.

        `conn` only reads; `above`: the highest number of a list that the books know.
        Raises SQLAlchemyError, OSError; what was not finished is done by the next step.
        """
        fresh = self._fresh(conn, now)
        denied = self._denied(conn, now)
        if fresh or denied != self._mind.denied or not self._mind.whole or self._due(now):
            self._mind.drop |= self._to_drop(conn, fresh, denied)
            self._hand_over(fresh, denied, now, above)

    def step_without_books(self, now: int) -> None:
        """The database is away: the list must not grow old for that. Raises OSError."""
        if self._mind.whole and self._due(now):
            self._hand_over([], self._mind.denied, now, 0)

    def _fresh(self, conn: Connection, now: int) -> list[books.Gone]:
        if not self._mind.whole:
            everything = books.all_ended(conn, now - KEEP_MS)
            self.ended.add(one.ended for one in everything)
            found = books.unlisted(conn)
        elif now - self._mind.rare_at >= RARE_MS:
            found = books.unlisted(conn)
        else:
            found = books.unlisted(conn, ("revoked",))
        if len(found) or now - self._mind.rare_at >= RARE_MS:
            self._mind.rare_at = now
        known = self._asked.certificates if self._asked else set()
        return [one for one in found if one.id not in known]

    def _denied(self, conn: Connection, now: int) -> dict[int, str]:
        among = self._mind.denied if self._mind.whole else None
        return books.shut_kiosks(conn, now) | books.waiting_again(conn, among)

    def _to_drop(
        self, conn: Connection, fresh: Collection[books.Gone], denied: dict[int, str]
    ) -> set[str]:
        """Whose connections must end. At a start only those never proven to be shut out."""
        if self._mind.whole:
            new = {denied[one] for one in denied.keys() - self._mind.denied.keys()}
        else:
            new = books.not_yet_shut(conn)
        return new | {one.kiosk for one in fresh if one.ended.why == "revoked"}

    def _due(self, now: int) -> bool:
        refused = self._asked is not None and self._asked.heard and not self.standing.ok
        return self.ended.due(now) or (refused and now >= self._mind.again_at)

    def _hand_over(
        self, fresh: Collection[books.Gone], denied: dict[int, str], now: int, above: int
    ) -> None:
        mind, before = self._mind, self._asked
        if self.ended.add(one.ended for one in fresh) or not mind.whole or self.ended.due(now):
            answer = self._exchange.answer()
            self.ended.sign(now, above=max(above, 0 if answer is None else answer.crl_number))
        stamp = self._exchange.want(
            self.ended.pem,
            self.ended.number,
            denied.values(),
            mind.drop,
            revoked=len(self.ended),
            now=now,
        )
        certificates = {one.id for one in fresh} | (before.certificates if before else set())
        self._asked = Asked(stamp, now, certificates, {*denied})
        mind.denied, mind.whole = denied, True

    def _take(self, asked: Asked, answer: Answer, now: int) -> None:
        if answer.ok:
            at = min(max(answer.at, asked.at), now)  # when it says, as far as that can be
            with self._writing() as conn:
                books.proven(conn, asked.certificates, asked.kiosks, at)
            asked.certificates.clear()
            self._mind.drop.clear()
            self._stand(Standing(ok=True, why="", proven_at=at))
        else:
            why = answer.why or "the broker's keeper refuses the lists and does not say why"
            self._mind.again_at = now + AGAIN_MS
            self._stand(Standing(ok=False, why=why, proven_at=self.standing.proven_at))
        asked.heard = True

    def _stand(self, new: Standing) -> None:
        if (new.ok, new.why) != (self.standing.ok, self.standing.why):
            self._say(f"lists: {'proven' if new.ok else new.why}")
        self.standing = new
