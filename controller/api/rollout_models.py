"""Rollouts as the API takes and gives them: shapes, units and examples, no rule.

Notes, reasons and facts come from kiosks: hostile text, to be escaped by whoever shows it.
"""

from typing import Annotated, Any

from pydantic import Field

from controller.api.job_models import Given, GivenKiosks, Reason, Token
from controller.api.models import Millis, Model
from controller.api.release_models import Bundle, Seq
from controller.jobs.asked import Asked
from controller.rollouts.dry import Line
from controller.rollouts.plan import Phase, Plan
from controller.rollouts.weigh import Request

Minute = Annotated[int, Field(ge=0, le=1439)]


class GivenPhase(Given):
    """One of the two."""

    bound: str = Field(
        default="",
        max_length=8,
        description="Kiosks in all after it: a number, or a share of those not held back",
        examples=["5%"],
    )
    asked: GivenKiosks | None = Field(default=None, description="Names, a filter or a saved list")

    def phase(self) -> Phase:
        return Phase(self.bound, self.asked.asked() if self.asked is not None else Asked())


class GivenMinutes(Given):
    since: Minute = Field(description="Minute of the kiosk's day", examples=[1320])
    until: Minute = Field(description="Over midnight when it is the smaller", examples=[300])


class GivenRolloutPlan(Given):
    phases: list[GivenPhase] = Field(
        default=[GivenPhase(bound="3"), GivenPhase(bound="10%"), GivenPhase(bound="100%")],
        min_length=1,
        max_length=10,
        description="The last is 100%; those held back come after it",
    )
    held_percent: int = Field(default=5, ge=0, le=50, description="Held back to compare with")
    soak_min: int = Field(default=30, ge=0, le=10_080, description="So long it is watched")
    patience_h: int = Field(default=24, ge=1, le=720, description="For kiosks that are away")
    windows: list[GivenMinutes] = Field(
        default=[], max_length=8, description="Kiosks switch in these; none: at any time"
    )
    stop_percent: int = Field(
        default=20, ge=0, le=100, description="Of those told that fail hold it; 0: never"
    )

    def plan(self) -> Plan:
        given = self.model_dump(exclude={"phases", "windows"})
        windows = tuple((one.since, one.until) for one in self.windows)
        return Plan(phases=tuple(one.phase() for one in self.phases), windows=windows, **given)


class GivenRollout(Given):
    bundle: Bundle
    seq: Seq
    asked: GivenKiosks
    plan: GivenRolloutPlan = GivenRolloutPlan()
    why: Reason = ""
    not_before: int = Field(default=0, ge=0, le=2**53, description="Milliseconds; 0: at once")
    approvals: int = Field(default=0, ge=0, le=3, description="People who must agree besides")
    token: Token = ""
    at_most: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="Kiosks in the dry run you have seen: refused when a filter finds more by now",
    )

    def request(self) -> Request:
        return Request(
            bundle=self.bundle,
            seq=self.seq,
            asked=self.asked.asked(),
            plan=self.plan.plan(),
            why=self.why,
            not_before=self.not_before,
            approvals=self.approvals,
            token=self.token,
            at_most=self.at_most,
        )


class GivenDryRun(GivenRollout):
    kbit: float = Field(
        default=2_000.0, gt=0, le=1e7, description="Of kiosks that never told their rate"
    )
    price_per_mb: float = Field(default=0.0, ge=0, le=1e9, description="In any currency")

    def line(self) -> Line:
        return Line(self.kbit, self.price_per_mb)


class RolloutProblem(Model):
    code: str = Field(examples=["state"])
    why: str


class KioskCost(Model):
    kiosk: str = Field(examples=["bdg-coblong-01"])
    phase: int
    control: bool = Field(description="Held back")
    since: int = Field(description="The release it has; 0: none")
    bytes: int = Field(description="At most so many cross its line")
    seconds: float
    cost: float
    measured: bool = Field(description="At the rate of its last fetch")


class DryRun(Model):
    kiosks: int = Field(examples=[61])
    online: int = Field(examples=[58])
    held_back: int = Field(examples=[4])
    phases: list[int] = Field(
        description="Kiosks in each, those held back last", examples=[[3, 54, 4]]
    )
    by_since: dict[int, int] = Field(description="Release in use -> kiosks; 0: none")
    bytes: int
    slowest_s: float
    cost: float
    approvals: int = Field(description="People who must agree")
    begins: Millis
    ends: int = Field(description="Predicted (ms), when nobody waits for anything")
    costliest: list[KioskCost]
    warnings: list[str]
    problems: list[RolloutProblem] = Field(description="Why it would be refused", examples=[[]])


class MadeRollout(Model):
    id: int = Field(description="Number of the rollout", examples=[5])


class AgreedRollout(Model):
    first: bool = Field(description="Whether this very request counted")
    given: int
    needed: int
    state: str


ShareCounts = Annotated[
    dict[str, int], Field(description="By state", examples=[{"installed": 57, "wanted": 4}])
]


class Rollout(Model):
    id: int = Field(examples=[5])
    bundle: Bundle
    seq: int = Field(examples=[7])
    state: str = Field(
        description="waiting (for people), ready, running, held, paused, rolling_back, finished, "
        "rolled_back, aborted or refused",
        examples=["running"],
    )
    state_at: Millis
    state_why: str
    why: str
    asked_by: str
    asked_at: Millis
    approvals: int
    given: int
    not_before: Millis
    phase: int = Field(description="Phases up to this one are open; 0: none yet")
    phase_at: Millis
    phases: int
    kiosks: int = Field(description="Those of your districts")
    counts: ShareCounts


class RolloutPhase(Model):
    number: int
    bound: str
    asked: dict[str, Any]
    held_back: bool
    open: bool
    kiosks: int
    counts: ShareCounts
    back: int = Field(description="Told to go back")


class Compares(Model):
    kiosks: int
    bad: int = Field(description="Any of the three, each kiosk once")
    unserved: int = Field(description="Some service cannot be had there")
    silent: int = Field(description="Not heard for longer than is usual for them")
    returned: int = Field(description="Went back by themselves")


class Compared(Model):
    updated: Compares
    control: Compares
    chance: float = Field(description="Of so great a difference without harm")
    limit: float = Field(description="Below this it is stopped")
    looks: int


class RolloutDecision(Model):
    id: int
    at: Millis
    phase: int
    what: str = Field(description="open, wait, hold, stop or finish")
    why: str
    numbers: dict[str, Any]


class RolloutWord(Model):
    login: str
    at: Millis


class RolloutDetail(Model):
    row: Rollout
    asked: dict[str, Any]
    plan: dict[str, Any]
    phases: list[RolloutPhase]
    compared: Compared
    decisions: list[RolloutDecision] = Field(description="Newest first")
    words: list[RolloutWord] = Field(description="Who agreed")
    ends: int | None = Field(description="Predicted (ms); null: that hangs on people")


class Share(Model):
    kiosk: str = Field(examples=["bdg-coblong-01"])
    site_code: str
    site_name: str
    presence: str
    phase: int
    control: bool = Field(description="Held back")
    before_seq: int
    state: str = Field(description="waiting, wanted, installed, rolled_back or failed")
    verdict: str = Field(description="served, unserved, silent or unknown")
    well_before: bool | None
    wanted_at: int | None
    seen_at: int | None
    settled_at: int | None
    code: str
    why: str
    back: bool
    install: str
    done: int
    total: int
    note: str
    now_seq: int


class KioskRelease(Model):
    bundle: Bundle
    desired: int = Field(description="0: nothing is desired")
    attempt: int
    rollout_id: int | None
    not_before: int
    windows: list[list[int]]
    due: int | None
    reported: int = Field(description="In use; 0: none, or never said")
    wanted: int = Field(description="What the rest speaks of")
    state: str
    done: int
    total: int
    code: str
    why: str
    facts: dict[str, Any]
    at: int | None
    note: str = Field(description="What is new in what is desired")
