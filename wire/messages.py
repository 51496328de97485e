"""One typed message a kind: what may be said, and in what units.

Times (`at`, `sent`) are the kiosk's own clock in milliseconds since 1970, which may be wrong:
the office judges age by their difference. Unknown fields are ignored, other versions refused.
"""

from typing import Annotated, Final, Literal

from msgspec import Meta, Struct

VERSION: Final = 1

# NUL is refused in texts because PostgreSQL stores none: one kiosk would stop the office. The tail
# of the other patterns is there because `$` alone lets a line feed through.
Text = Annotated[str, Meta(max_length=300, pattern=r"^[^\x00]*$")]
Name = Annotated[str, Meta(pattern=r"^[a-z][a-z0-9_.:-]{0,47}$(?!\n)")]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Millis = Annotated[int, Meta(ge=0, le=2**53)]
Epoch = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
State = Literal["ok", "warn", "fail", "unknown"]
Fact = bool | Annotated[int, Meta(ge=-(2**53), le=2**53)] | float | Text | None
Facts = Annotated[dict[Name, Fact], Meta(max_length=48)]
Codes = Annotated[tuple[Name, ...], Meta(max_length=12)]


class Observation(Struct, frozen=True, kw_only=True):
    """What one probe saw: three-valued and more, `unknown` is never counted as good or bad."""

    probe: Name
    state: State
    facts: Facts = {}
    codes: Codes = ()  # fault codes the probe itself stands for
    why: Text = ""  # one sentence for a technician, empty when ok
    at: Millis  # when it was seen
    latency_ms: Annotated[float, Meta(ge=0, le=3_600_000)] = 0.0  # how long the look took


class Header(Struct, frozen=True, kw_only=True):
    """What every message from a kiosk carries.

    `epoch` names the kiosk's memory (made with its outbox, lost with it), `birth` counts its
    connections within that memory, `seq` its messages within that birth.
    """

    v: Literal[1] = VERSION
    epoch: Epoch
    birth: Count
    seq: Count
    sent: Millis


class Birth(Header, frozen=True, kw_only=True):
    """First message of a connection (`seq` 0). A full reading follows."""

    agent: Text  # version of the agent
    boot_id: Text  # changes with every start of the machine
    started: Millis  # when the agent process started
    oldest_fact: Count  # number of the oldest fact still kept on the kiosk, or of the next one
    keepalive_s: Annotated[int, Meta(ge=5, le=3600)]
    probes: Annotated[tuple[Name, ...], Meta(max_length=40)]


class Death(Struct, frozen=True, kw_only=True):
    """The will, left with the broker at connect; also sent on a planned stop.

    It carries no `seq`: it was written before anything was sent.
    """

    v: Literal[1] = VERSION
    epoch: Epoch
    birth: Count
    planned: bool = False
    why: Text = ""


class Reading(Header, frozen=True, kw_only=True):
    """What probes see now. May be thinned on the kiosk, never reordered. `full` names them all."""

    full: bool = False
    observations: Annotated[tuple[Observation, ...], Meta(max_length=40)]


class Flip(Header, frozen=True, kw_only=True):
    """A fact: one probe changed its state. Kept on the kiosk until the office acknowledges it.

    `fact` numbers the facts of an epoch from 1 without a hole.
    """

    fact: Count
    old: State
    observation: Observation


class Present(Header, frozen=True, kw_only=True):
    """The answer to a roll call: alive, nothing new."""


class Ack(Struct, frozen=True, kw_only=True):
    """The office has stored every fact of this epoch up to and including `upto`."""

    v: Literal[1] = VERSION
    epoch: Epoch
    upto: Count


class Rebirth(Struct, frozen=True, kw_only=True):
    """The office has lost the thread and asks for a birth and a full reading.

    With `birth` it says of which later connection of this memory it knows, and up to which fact it
    has stored: a kiosk whose own birth is lower is an older copy, and goes on from there.
    """

    v: Literal[1] = VERSION
    why: Text = ""
    birth: Count = 0
    upto: Count = 0


class RollCall(Struct, frozen=True, kw_only=True):
    """The office was away and asks who is there. Answer within `within_s`, at a random moment."""

    v: Literal[1] = VERSION
    call: Text
    within_s: Annotated[int, Meta(ge=1, le=600)]


Up = Birth | Death | Reading | Flip | Present
Down = Ack | Rebirth | RollCall

UP: Final[dict[str, type[Up]]] = {
    "birth": Birth,
    "death": Death,
    "reading": Reading,
    "flip": Flip,
    "present": Present,
}
DOWN: Final[dict[str, type[Down]]] = {
    "ack": Ack,
    "rebirth": Rebirth,
    "rollcall": RollCall,
}
