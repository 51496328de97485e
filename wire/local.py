"""What the agent and the portal leave for each other in folders of one kiosk. Pure shape.

`<notices>/state.json`, written by the agent whenever it changes: `Local`. The portal decides by it
which tiles work (portal/tiles.py).

`<tray>/` (durable; the portal writes, the agent's child `python -m agent.submissions` reads and
removes): `out/<made_at>-<id>.rec` a record of wire/submission.py, `out/` files only ever appear
whole; `refused/` what the office will never take; `key.json` the RecordKey of the portal;
`sync.json` the last Sync, written by the child; `ring` is touched by the portal when there is
something to bring away; `issued.json` tickets of today (tuple of Issued); `child.json` how the
child's last run ended (ChildSays).

`<asks>/` (on tmpfs, never on a disk): `<id>.ask` a Question, `<id>.answer` an Answer; `call.ask` a
Call for an officer, `call.answer` the Coming that the office answered.
"""

import re
from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from wire.messages import Count, Millis

STATE: Final = "state.json"
OUT: Final = "out"
REFUSED: Final = "refused"
SUFFIX: Final = ".rec"
RING: Final = "ring"
SYNC: Final = "sync.json"
KEY: Final = "key.json"
ISSUED: Final = "issued.json"
CHILD: Final = "child.json"
ASK: Final = ".ask"
ANSWER: Final = ".answer"
CALL: Final = "call"  # before these: no id of a question
MOST_RECORDS: Final = 5_000  # then nothing new is taken in, and people are told at 80 %
MOST_BYTES: Final = 512 * 1024 * 1024
LEAST_FREE: Final = 32 * 1024 * 1024  # of the disk, likewise: the agent must be able to tell of it


class Probed(Struct, frozen=True, kw_only=True):
    state: Literal["ok", "warn", "fail", "unknown"]
    since: Millis
    codes: tuple[str, ...] = ()


class Local(Struct, frozen=True, kw_only=True):
    """How this kiosk is, by its own agent. `online`: the office is heard. Kiosk's clock."""

    v: Literal[1] = 1
    at: Millis
    online: bool
    online_since: Millis
    clock: Literal["sure", "unsure"] = "unsure"
    probes: dict[str, Probed] = {}


class ChildSays(Struct, frozen=True, kw_only=True):
    """`why` is one sentence for a technician, "" when all is well."""

    at: Millis
    records: Count
    size: Count
    refused: Count
    oldest: Millis
    reached: bool
    why: Annotated[str, Meta(max_length=300)] = ""


_NAME: Final = re.compile(r"([0-9]{13})-([0-9a-f]{32})\.rec")


def name_of(made_at: int, uid: str) -> str:
    """The name of a record's file: names sort by age."""
    return f"{made_at:013}-{uid}{SUFFIX}"


def made_at_of(name: str) -> int | None:
    """When the record of that name was made; None when it is no record's name."""
    found = _NAME.fullmatch(name)
    return int(found[1]) if found else None
