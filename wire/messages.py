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
Nonce = Annotated[str, Meta(pattern=r"^([0-9a-f]{32})?$(?!\n)")]
CommandId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$(?!\n)")]
Hash = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$(?!\n)")]
# 64 bytes in base64; the last letter has bits that say nothing, and they are 0
Signature = Annotated[str, Meta(pattern=r"^[A-Za-z0-9+/]{85}[AQgw]==$(?!\n)")]
State = Literal["ok", "warn", "fail", "unknown"]
Fact = bool | Annotated[int, Meta(ge=-(2**53), le=2**53)] | float | Text | None
Facts = Annotated[dict[Name, Fact], Meta(max_length=48)]
Codes = Annotated[tuple[Name, ...], Meta(max_length=12)]
Code = Annotated[str, Meta(pattern=r"^([a-z][a-z0-9_]{0,31})?$(?!\n)")]
Releases = Annotated[dict[Name, Count], Meta(max_length=16)]


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
    nonce: Nonce = ""  # orders must repeat it; empty: this agent takes none
    policy: Count = 0  # version of the policy in force on the kiosk, 0 without one
    number: Millis = 0  # the highest number of a command it has ever taken
    releases: Releases = {}  # bundle -> seq of the release that is in use


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


End = Literal["succeeded", "failed", "rejected", "expired", "cancelled", "unknown"]


class Attachment(Struct, frozen=True, kw_only=True):
    """What the kiosk has handed in at the door beforehand: a screenshot, its logs."""

    sha256: Hash
    size: Count
    type: Annotated[str, Meta(pattern=r"^[a-z]+/[a-z0-9.+-]{1,40}$(?!\n)")]


class Progress(Header, frozen=True, kw_only=True):
    """A command is under way: may be lost, the result will not be.

    `note`: why it has not ended although somebody wants it cancelled, or what it does just now.
    """

    command: CommandId
    state: Literal["accepted", "running"]
    percent: Annotated[int, Meta(ge=0, le=100)] = 0
    note: Text = ""


class Result(Header, frozen=True, kw_only=True):
    """A fact: how a command ended. Kept on the kiosk until the office acknowledges it.

    `code` is for programs, empty for a plain success; `facts` are the proof. `began` and `ended`
    by the kiosk's clock; equal when nothing was done.
    """

    fact: Count
    command: CommandId
    state: End
    code: Code = ""
    why: Text = ""
    facts: Facts = {}
    attachment: Attachment | None = None
    began: Millis
    ended: Millis


Installing = Literal[
    "pending", "downloading", "verifying", "staged", "activating", "confirming", "rolling_back"
]
Settled = Literal["installed", "rolled_back", "failed"]


class Fetching(Header, frozen=True, kw_only=True):
    """A release is on its way: may be lost, its end will not be.

    `release`: the `seq` of the Want; the message has one of its own. `done` and `total`: bytes that
    have to cross the line for it. `note`: why it waits, if it does.
    """

    bundle: Name
    release: Count
    attempt: Count
    state: Installing
    done: Count = 0
    total: Count = 0
    note: Text = ""


class Install(Header, frozen=True, kw_only=True):
    """A fact: how a release ended here. Kept on the kiosk until the office acknowledges it.

    `release` (its `seq`) and `attempt` are of the Want it answers; `now` is the release in use
    afterwards, 0 for none. A repair of damaged files is "installed" with the code `repaired`.
    `facts`: bytes by their source, seconds, what the health check saw. `began` and `ended` by the
    kiosk's clock.
    """

    fact: Count
    bundle: Name
    release: Count
    attempt: Count
    state: Settled
    now: Count
    code: Code = ""
    why: Text = ""
    facts: Facts = {}
    began: Millis
    ended: Millis


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


class RootSignature(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """By which root key a policy is signed."""

    key: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
    signature: Signature


class Orders(Struct, frozen=True, kw_only=True):
    """All that is open for this kiosk: `signed` is the text of a Batch (wire/envelope.py).

    Said after every birth and whenever something is added or cancelled. What is not in it and was
    begun goes on; what is in it and known is answered again.
    """

    v: Literal[1] = VERSION
    signed: Annotated[str, Meta(max_length=60_000)]
    key: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
    signature: Signature


class Desired(Struct, frozen=True, kw_only=True):
    """What the office desires of this kiosk: `signed` is the text of a Wants (wire/wants.py).

    Said after a birth whose releases are others, and whenever something else is desired.
    """

    v: Literal[1] = VERSION
    signed: Annotated[str, Meta(max_length=60_000)]
    key: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$(?!\n)")]
    signature: Signature


class NewPolicy(Struct, frozen=True, kw_only=True):
    """A newer signed policy (wire/policy.py): `policy` is its text."""

    v: Literal[1] = VERSION
    policy: Annotated[str, Meta(max_length=60_000)]
    signatures: Annotated[tuple[RootSignature, ...], Meta(max_length=16)]


class News(Struct, frozen=True, kw_only=True):
    """There is something new for this kiosk's citizens: ask for the Sync now (wire/citizen.py).

    Says nothing itself and is not signed: whoever could forge it makes a kiosk ask, and the kiosk
    brakes how often.
    """

    v: Literal[1] = VERSION


Up = Birth | Death | Reading | Flip | Present | Progress | Result | Fetching | Install
Down = Ack | Rebirth | RollCall | Orders | NewPolicy | Desired | News

UP: Final[dict[str, type[Up]]] = {
    "birth": Birth,
    "death": Death,
    "reading": Reading,
    "flip": Flip,
    "present": Present,
    "progress": Progress,
    "result": Result,
    "fetching": Fetching,
    "install": Install,
}
DOWN: Final[dict[str, type[Down]]] = {
    "ack": Ack,
    "rebirth": Rebirth,
    "rollcall": RollCall,
    "orders": Orders,
    "policy": NewPolicy,
    "desired": Desired,
    "news": News,
}
