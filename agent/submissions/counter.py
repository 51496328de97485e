"""The office's door for what citizens hand in and ask: each a signed request of this kiosk.

Owns the paths and shapes of wire/citizen.py and wire/submission.py on the line. Believes nothing:
acknowledgements are checked by whoever asks. Raises Away (ask again later), Failed (somebody must
act: the door says who).
"""

from collections.abc import Iterable, Sequence
from typing import Final, TypeVar

import msgspec
from msgspec import Struct

from agent.actions.base import Failed
from agent.actions.office import Ask, Office
from wire import door
from wire.citizen import MOST_SYNC, Answer, Call, Coming, Question, RecordKey, Sync, Told
from wire.submission import Acks

JSON: Final = "application/json"
AT_ONCE: Final = 50  # records that are asked for in one request
SLOWEST: Final = 1_000  # bytes a second: over a line that is slower nothing large is brought
STEP_S: Final = 20.0
ASKED_S: Final = 6.0  # somebody stands before the screen and waits
MOST_ACKS: Final = 256 * 1024
S = TypeVar("S", bound=Struct)


class Counter:
    def __init__(self, office: Office) -> None:
        self._office = office

    def register(self, key: RecordKey) -> None:
        """Idempotent."""
        self._office.ask(
            Ask("POST", door.RECORD_KEY_PATH, body=msgspec.json.encode(key), kind=JSON)
        )

    def hand_in(self, record: bytes) -> Acks:
        """Idempotent: the same bytes are the same record."""
        step_s = STEP_S + len(record) / SLOWEST
        ask = Ask("POST", door.RECORDS_PATH, body=record, most=MOST_ACKS, step_s=step_s)
        return self._read(ask, Acks)

    def said_of(self, ids: Sequence[str]) -> Iterable[Acks]:
        """What the office has of these, so many at once."""
        for first in range(0, len(ids), AT_ONCE):
            query = f"of={','.join(ids[first : first + AT_ONCE])}"
            yield self._read(Ask("GET", door.RECORDS_PATH, query, most=MOST_ACKS), Acks)

    def sync(self, told: Told) -> Sync:
        body = msgspec.json.encode(told)
        return self._read(
            Ask("POST", door.SYNC_PATH, body=body, kind=JSON, most=MOST_SYNC, step_s=60.0), Sync
        )

    def answer(self, question: Question) -> Answer:
        body = msgspec.json.encode(question)
        ask = Ask("POST", door.STATUS_PATH, body=body, kind=JSON, step_s=ASKED_S)
        return self._read(ask, Answer)

    def call(self, call: Call) -> Coming:
        """Idempotent while it stands."""
        body = msgspec.json.encode(call)
        return self._read(Ask("POST", door.CALL_PATH, body=body, kind=JSON, step_s=ASKED_S), Coming)

    def _read(self, ask: Ask, kind: type[S]) -> S:
        body = self._office.ask(ask).body
        try:
            return msgspec.json.decode(body, type=kind)
        except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
            raise Failed(
                "answer", f"{ask.path} answers what nobody understands: {error}"
            ) from error
