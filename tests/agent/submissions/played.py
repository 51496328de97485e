"""An office as the child meets it at its door: keeps what comes, answers when it can and is let."""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import msgspec

from agent.actions.base import Failed
from agent.actions.office import Away
from agent.submissions.asks import Asks
from agent.submissions.counter import Counter
from agent.submissions.ring import KeyRing
from agent.submissions.round import Around, Round
from tests.support.citizens import KIOSK, NOW, OfficeKeys
from wire.citizen import Answer, Call, Coming, Question, RecordKey, Sync, Told
from wire.errors import MalformedMessage
from wire.local import ChildSays
from wire.submission import Ack, Acks, Signed, read

Twist = Callable[[Signed, Ack], Iterable[Signed]]


class PlayedOffice(Counter):
    """`arrived`: every record that ever came, by hash. `down`: calls until the line goes."""

    def __init__(self, keys: OfficeKeys) -> None:
        self.keys = keys
        self.arrived: dict[str, bytes] = {}
        self.times: dict[str, int] = {}
        self.registered: list[RecordKey] = []
        self.told: list[Told] = []
        self.asked: list[Question] = []
        self.calls: list[Call] = []
        self.down: int | None = None
        self.judges, self.refuses = True, ""
        self.takes = True
        self.twist: Twist = lambda signed, _: [signed]

    def register(self, key: RecordKey) -> None:
        self._line()
        self.registered.append(key)

    def hand_in(self, record: bytes) -> Acks:
        self._line()
        if not self.takes:
            raise Failed("door", "the door does not take it")
        sha256 = hashlib.sha256(record).hexdigest()
        self.arrived[sha256] = record
        self.times[sha256] = self.times.get(sha256, 0) + 1
        self._line()  # the answer may be lost
        return self._acks([sha256])

    def said_of(self, ids: Sequence[str]) -> Iterable[Acks]:
        self._line()
        here = [sha256 for sha256, body in self.arrived.items() if _id(body) in ids]
        return [self._acks(here)]

    def sync(self, told: Told) -> Sync:
        self._line()
        self.told.append(told)
        return Sync(at=NOW)

    def answer(self, question: Question) -> Answer:
        self._line()
        self.asked.append(question)
        return Answer(id=question.id, found=False)

    def call(self, call: Call) -> Coming:
        self._line()
        self.calls.append(call)
        return Coming(id=call.id, state="open", since=NOW)

    def ack(self, sha256: str, **changed: object) -> Ack:
        made = Ack(
            kiosk=KIOSK,
            id=_id(self.arrived[sha256]),
            sha256=sha256,
            outcome="refused" if self.refuses else "accepted",
            why=self.refuses,
            at=NOW,
        )
        return msgspec.structs.replace(made, **changed)

    def _acks(self, hashes: Iterable[str]) -> Acks:
        hashes = tuple(hashes)
        if not self.judges:
            return Acks(stored=hashes)
        made = map(self.ack, hashes)
        return Acks(acks=tuple(one for ack in made for one in self.twist(self.keys.says(ack), ack)))

    def _line(self) -> None:
        if self.down is not None:
            self.down -= 1
            if self.down < 0:
                raise Away("no route")


def _id(body: bytes) -> str:
    try:
        return read(body).head.id
    except MalformedMessage:
        return "0" * 32


def around(folder: Path, office: PlayedOffice) -> Around:
    (folder / "asks").mkdir(exist_ok=True)
    return Around(
        KIOSK,
        folder / "tray",
        Asks(folder / "asks"),
        office,
        lambda: KeyRing(office.keys.public),
        lambda: NOW,
        lambda _: None,
    )


def a_round(folder: Path, office: PlayedOffice, *, sync: bool = False) -> ChildSays:
    return Round(around(folder, office)).run(sync=sync)
