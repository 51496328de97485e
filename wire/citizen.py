"""What the office tells a kiosk for its citizens between releases, and what a kiosk asks for them.

`Sync` is what changes by the hour: how far submissions made here are, when the mobile counter
comes, what was reported near here, who is called next, what the office has to say, whether an
officer comes. It holds nothing about a person. `Question`
and `Answer` are a citizen asking how theirs stands, by receipt number and the last four digits of
a telephone: asked at once when there is a line, and never written to a disk.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

from wire.envelope import Hex32
from wire.messages import Count, Millis
from wire.service.document import STATES, Words
from wire.submission import Number, Place

MOST_SYNC: Final = 512 * 1024
MOST_NOTICES: Final = 5
MOST_NOTICE: Final = 240  # characters of one, in each language
State = Annotated[str, Meta(pattern=rf"^({'|'.join(STATES)})$(?!\n)")]


class Standing(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """One submission as its citizen may know it. `due`: by when, 0 unknown; `why`: a sentence.

    `file_number` is by which the office's own books know it, "" for none.
    """

    number: Number
    service: str
    state: State
    since: Millis
    due: Millis = 0
    why: Annotated[str, Meta(max_length=500)] = ""
    file_number: Annotated[str, Meta(max_length=80)] = ""


class Visit(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """The mobile counter (*jemput bola*) on one day. `quota` 0: no limit."""

    uid: Annotated[str, Meta(max_length=120)]
    starts: Millis
    ends: Millis
    district: Place
    village: Place = ""
    place: Annotated[str, Meta(max_length=200)]
    services: Annotated[tuple[str, ...], Meta(max_length=40)]
    quota: Count = 0
    note: Annotated[str, Meta(max_length=300)] = ""
    cancelled: bool = False


class Reported(Struct, frozen=True, kw_only=True):
    """Open complaints of one category in one village: a hint that it is known already."""

    category: str
    village: Place
    count: Count
    newest: Millis
    number: Number  # of the oldest


class Called(Struct, frozen=True, kw_only=True):
    """How far the counter is with today's tickets of one letter. `day` is YYYY-MM-DD."""

    day: str
    letter: str
    number: Count


class Notice(Struct, frozen=True, kw_only=True):
    """What the office must tell citizens of this place, shown from `starts` until `ends`."""

    words: Words
    starts: Millis
    ends: Millis


class Call(Struct, frozen=True, kw_only=True):
    """POST, signed -> Coming. A citizen wants an officer. `page`: which one, never what was typed.

    Said again before it has ended it is the same call, whatever its `id`.
    """

    id: Hex32
    page: Annotated[str, Meta(pattern=r"^[a-z-]{0,24}$(?!\n)")] = ""


class Coming(Struct, frozen=True, kw_only=True):
    """How the call `id` stands since then, by the office's clock. "many": this kiosk called often.

    "open": officers see it; "taken": one of them comes; "over": nobody came in time.
    """

    id: Hex32
    state: Literal["open", "taken", "over", "many"]
    since: Millis


class Sync(Struct, frozen=True, kw_only=True):
    """`at` is the office's clock. `coming`: the call that was made last, for a while."""

    v: Literal[1] = 1
    at: Millis
    standings: Annotated[tuple[Standing, ...], Meta(max_length=5_000)] = ()
    visits: Annotated[tuple[Visit, ...], Meta(max_length=2_000)] = ()
    reported: Annotated[tuple[Reported, ...], Meta(max_length=1_000)] = ()
    called: Annotated[tuple[Called, ...], Meta(max_length=26)] = ()
    notices: Annotated[tuple[Notice, ...], Meta(max_length=MOST_NOTICES)] = ()
    coming: Coming | None = None


class Issued(Struct, frozen=True, kw_only=True):
    """Tickets given out today, told with each sync: how many of which letter."""

    day: str
    letter: str
    number: Count


class Told(Struct, frozen=True, kw_only=True):
    """POST, signed -> Sync. What the kiosk says of itself when it asks; `key` is the portal's."""

    v: Literal[1] = 1
    issued: Annotated[tuple[Issued, ...], Meta(max_length=26)] = ()
    waiting: Count = 0  # records in its tray
    oldest: Millis = 0


class RecordKey(Struct, frozen=True, kw_only=True):
    """POST, signed by the kiosk: the portal's key for records (Ed25519, base64)."""

    public: str
    made_at: Millis


class Question(Struct, frozen=True, kw_only=True):
    """POST, signed -> Answer."""

    id: Hex32
    number: Number
    tail: Annotated[str, Meta(pattern=r"^[0-9]{4}$(?!\n)")]


class Answer(Struct, frozen=True, kw_only=True):
    """`found` false says neither that there is none nor that the digits are wrong.

    `wait_s`: too many were asked, ask again after so long.
    """

    id: Hex32
    found: bool
    standing: Standing | None = None
    wait_s: Count = 0
