"""Jobs and commands as the API takes and gives them: shapes, units and examples, no rule.

What is given is taken as it is written: a text is no number, and a field nobody knows is refused.
Notes, reasons and facts come from kiosks: hostile text, to be escaped by whoever shows it.
"""

from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field

from controller.api.models import Millis, Model
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan, Window
from controller.jobs.weigh import MOST_VALID_S, Wish
from wire.actions import KINDS
from wire.topics import KIOSK_NAME

MOST_NAMES: Final = 2_500  # so many fit into a request
Kind = Annotated[
    str, Field(max_length=48, description=f"One of {', '.join(KINDS)}", examples=["reboot"])
]
KioskName = Annotated[str, Field(pattern=f"^(?:{KIOSK_NAME.pattern})$")]
Arguments = Annotated[
    dict[Annotated[str, Field(max_length=48)], bool | int | Annotated[str, Field(max_length=300)]],
    Field(max_length=16, description="Those of the kind, by name", examples=[{"percent": 40}]),
]
Reason = Annotated[
    str,
    Field(max_length=300, description="Needed for sensitive and destructive ones"),
]
Token = Annotated[
    str,
    Field(
        pattern=r"^([0-9a-f]{32})?$",
        description="32 characters of 0-9a-f made by the asker for this one click: said again, it "
        "answers with the same job",
        examples=["9b2d4c1f0e8a47d6b3c5a1f2e4d60718"],
    ),
]
Valid = Annotated[
    int, Field(ge=60, le=MOST_VALID_S, description="Seconds in which kiosks may begin it")
]


class Given(BaseModel):
    """What somebody says."""

    model_config = ConfigDict(extra="forbid", strict=True)


class GivenKiosks(Given):
    """Exactly one of the three."""

    kiosks: list[KioskName] = Field(default=[], max_length=MOST_NAMES, examples=[["bdg-01"]])
    query: str = Field(
        default="",
        max_length=1000,
        description="As in the address of the list of kiosks; all=yes is every kiosk",
        examples=["state=fail&regency=Kota+Bandung"],
    )
    saved: int = Field(default=0, ge=0, le=2**31, description="Number of a saved list")

    def asked(self) -> Asked:
        return Asked(tuple(self.kiosks), self.query, self.saved)


class GivenWindow(Given):
    cron: str = Field(max_length=200, description="Five fields", examples=["0 22 * * 1-5"])
    minutes: int = Field(ge=1, le=10_080, description="So long it is open", examples=[480])
    zone: str = Field(default="Asia/Jakarta", max_length=64)


class GivenPlan(Given):
    waves: list[Annotated[str, Field(max_length=8)]] = Field(
        default=["100%"],
        min_length=1,
        max_length=20,
        description="How many kiosks in all after each wave: a number or a share; the last 100%",
        examples=[["1", "5%", "100%"]],
    )
    pause_s: int = Field(default=0, ge=0, le=604_800, description="Between waves")
    rate_per_min: int = Field(default=0, ge=0, le=100_000, description="0: no limit")
    window: GivenWindow | None = None
    jitter_s: int = Field(default=0, ge=0, le=86_400)
    stop_failed_percent: int = Field(
        default=20,
        ge=0,
        le=100,
        description="Of the kiosks that may have begun. Holds the job from 3 failures on, where it "
        "is destructive from the first. 0: never",
    )
    stop_failed_count: int = Field(default=0, ge=0, le=1_000_000, description="0: never")

    def plan(self) -> Plan:
        window = Window(**self.window.model_dump()) if self.window is not None else None
        given = self.model_dump(exclude={"window"})
        return Plan(**given | {"waves": tuple(self.waves), "window": window})


class GivenJob(Given):
    kind: Kind
    args: Arguments = {}
    asked: GivenKiosks
    plan: GivenPlan = GivenPlan()
    why: Reason = ""
    valid_s: Valid = 3600
    token: Token = ""
    at_most: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="Kiosks in the preview you have seen: refused when a filter finds more by now",
    )

    def wish(self) -> Wish:
        asked, plan = self.asked.asked(), self.plan.plan()
        made = Wish(self.kind, self.args, asked, plan, self.why, self.valid_s, self.token)
        return made._replace(at_most=self.at_most)


class GivenCommand(Given):
    """For one kiosk, at once."""

    kind: Kind
    args: Arguments = {}
    why: Reason = ""
    valid_s: Valid = 3600
    token: Token = ""

    def wish(self, kiosk: str) -> Wish:
        asked = Asked(kiosks=(kiosk,))
        return Wish(self.kind, self.args, asked, Plan(), self.why, self.valid_s, self.token)


class GivenApproval(Given):
    key: str = Field(pattern=r"^[0-9a-f]{16}$", description="Id of the key")
    at: int = Field(ge=0, le=2**53, description="As in the statement that was signed")
    signature: str = Field(pattern=r"^[A-Za-z0-9+/]{86}==$", description="Ed25519, base64")


class GivenReason(Given):
    why: str = Field(min_length=1, max_length=300)


class GivenToken(Given):
    token: Token = ""


class Nothing(Given):
    """Empty. A field nobody knows is refused, not ignored."""


class Problem(Model):
    code: str = Field(examples=["too_many"])
    why: str


class Preview(Model):
    kiosks: int = Field(examples=[20])
    online: int = Field(examples=[18])
    offline: int = Field(description="They get it when they return, in time", examples=[2])
    power: str = Field(description="routine, sensitive or destructive", examples=["routine"])
    approvals: int = Field(description="Different people who must agree", examples=[0])
    cool_off_s: int = Field(examples=[0])
    first: int = Field(description="The first may begin then (ms); 0: open", examples=[0])
    last: int = Field(description="The last may begin then at the earliest (ms)", examples=[0])
    expires: Millis
    waves: list[int] = Field(description="Kiosks in each", examples=[[1, 19]])
    problems: list[Problem] = Field(description="Why it would be refused", examples=[[]])


class Made(Model):
    id: int = Field(description="Number of the job", examples=[12])
    commands: list[str] = Field(
        default=[], description="Ids of its commands, when there are few", examples=[[]]
    )


Counts = Annotated[dict[str, int], Field(description="By state", examples=[{"succeeded": 20}])]


class Job(Model):
    id: int = Field(examples=[12])
    kind: Kind
    args: dict[str, Any]
    power: str = Field(examples=["routine"])
    kiosks: int = Field(description="Those of your districts", examples=[20])
    why: str
    asked_by: str = Field(examples=["teknisi-pagi"])
    asked_at: Millis
    state: str = Field(
        description="waiting (for people), ready, running, held, paused, finished, cancelled or "
        "refused",
        examples=["running"],
    )
    state_at: Millis
    state_why: str
    approvals: int = Field(description="People who must agree", examples=[0])
    given: int = Field(description="People who did", examples=[0])
    not_before: Millis
    expires: Millis
    wave: int = Field(description="Waves up to this one may go; 0: none yet", examples=[1])
    counts: Counts


class Wave(Model):
    number: int = Field(examples=[1])
    kiosks: int = Field(examples=[10])
    first: Millis
    last: Millis
    open: bool
    counts: Counts


class Word(Model):
    login: str
    key_id: str
    at: Millis


class JobDetail(Model):
    row: Job
    order_id: str
    asked: dict[str, Any]
    plan: dict[str, Any]
    waves: list[Wave]
    words: list[Word] = Field(description="Who agreed")
    guesses: int = Field(description="Commands whose state is a guess of the office's")
    cool_off_s: int
    ends: int | None = Field(description="Predicted (ms); null: that hangs on people")
    retry_of: int | None
    retried_by: list[int]


class Command(Model):
    command_id: str = Field(examples=["9b2d4c1f0e8a47d6b3c5a1f2e4d60718"])
    job_id: int = Field(examples=[12])
    kind: Kind
    kiosk: str = Field(examples=["bdg-coblong-01"])
    site_code: str = Field(examples=["32.73.02"])
    site_name: str = Field(examples=["Coblong"])
    presence: str = Field(examples=["online"])
    wave: int
    after: Millis
    due: int = Field(
        description="While it is queued: when it has its turn by the rate and the window of its "
        "job; at its expiry: it waits for its kiosk or its wave; later: no window comes any more",
        examples=[1790000000000],
    )
    expires: Millis
    state: str = Field(
        description="queued, sent, accepted, running, succeeded, failed, rejected, expired, "
        "cancelled or unknown",
        examples=["succeeded"],
    )
    guess: bool = Field(description="The office believes so; the kiosk has not said it")
    state_at: Millis
    sent_at: Millis | None
    sends: int
    accepted_at: Millis | None
    ended_at: Millis | None
    percent: int
    note: str
    code: str = Field(description="For programs, why it failed or was rejected")
    why: str
    facts: dict[str, Any] = Field(description="The proof")
    attachment: str | None = Field(description="SHA-256 of what the kiosk handed in")
    attachment_type: str = Field(description="Empty: the office has not got it")
    attachment_size: int
    cancel_at: Millis | None
    cancel_by: str | None
    asked_by: str
    job_why: str
    job_state: str


class Statement(Model):
    job_id: int
    order: str = Field(description="What is agreed to, as it is signed")
    at: Millis
    message: str = Field(description="The very bytes to sign, base64")


class Agreed(Model):
    first: bool = Field(description="Whether this very request counted")
    given: int
    needed: int
    state: str
    not_before: Millis


class Cancelled(Model):
    outcome: str = Field(description="cancelled, or asked: the kiosk decides", examples=["asked"])


class Key(Model):
    key_id: str = Field(examples=["00a1b2c3d4e5f607"])
    login: str
    name: str
    label: str = Field(examples=["telepon"])
    public: str
    made_at: Millis
    ended_at: Millis | None
    in_force: int = Field(description="Version of the policy that holds it; 0: none yet")


class GivenKey(Given):
    public: str = Field(pattern=r"^[A-Za-z0-9+/]{43}=$", description="32 bytes, base64")
    label: str = Field(min_length=1, max_length=80, description="Which telephone or computer")


class MadeKey(Model):
    key_id: str = Field(examples=["00a1b2c3d4e5f607"])


class KiosksAsked(Model):
    kiosks: list[str]
    query: str
    saved: int


class SavedList(Model):
    id: int
    name: str
    asked: KiosksAsked
    made_by: str
    made_at: Millis


class GivenList(Given):
    name: str = Field(min_length=1, max_length=80)
    asked: GivenKiosks


class GivenName(Given):
    name: str = Field(min_length=1, max_length=80)


class MadeList(Model):
    id: int
