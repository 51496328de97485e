"""What may be asked in an address.

A name or a word nobody knows is refused, never ignored: a filter that is silently dropped answers
another question.
"""

from collections.abc import Collection
from typing import Annotated, Any, Literal

from fastapi import Path, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, WithJsonSchema

from controller.fault_desk import FaultQuery
from controller.history import METRICS, MOST_FLIPS, MOST_POINTS, Position
from controller.kiosk_list import SORTS, KioskQuery
from controller.paging import MOST_PAGES, MOST_ROWS
from controller.words import ANSWERS, PRESENCES, SERVICES, SEVERITIES, STATES
from wire.topics import KIOSK_NAME


def _one_of(words: Collection[str]) -> AfterValidator:
    def check(value: str) -> str:
        if value not in words:
            raise ValueError(f"{value[:40]!r} is not one of {', '.join(words)}")
        return value

    return AfterValidator(check)


def _enum(words: Collection[str]) -> WithJsonSchema:
    schema: dict[str, Any] = {"type": "string", "enum": list(words)}
    return WithJsonSchema(schema)


State = Annotated[str, _one_of(STATES), _enum(STATES)]
Presence = Annotated[str, _one_of(PRESENCES), _enum(PRESENCES)]
Answer = Annotated[str, _one_of(ANSWERS), _enum(ANSWERS)]
Sort = Annotated[str, _one_of(SORTS), _enum(SORTS)]
Severity = Annotated[str, _one_of(SEVERITIES), _enum(SEVERITIES)]
Metric = Annotated[str, _one_of(METRICS), _enum(METRICS)]
Name = Annotated[
    str,
    Path(
        pattern=f"^(?:{KIOSK_NAME.pattern})$",
        description="Name of a kiosk",
        examples=["bdg-coblong-01"],
    ),
]
FaultId = Annotated[int, Path(ge=1, le=2**63 - 1, description="Number of a fault")]
Text = Annotated[str, Field(max_length=80)]
Verdict = Annotated[Answer | None, Field(description="Can a citizen finish this service now?")]
At = Annotated[int, Field(ge=0, le=2**53, description="Milliseconds since 1970")]


class Params(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Filters(Params):
    state: list[State] = Field(default=[], description="Any of these")
    presence: list[Presence] = Field(default=[], description="Any of these")
    regency: Text = Field(default="", examples=["Kota Bandung"])
    site: Text = Field(default="", description="Code of a site", examples=["32.73.02"])
    inform: Verdict = None
    apply: Verdict = None
    complain: Verdict = None
    watch: Verdict = None
    fault: Text = Field(
        default="", description="Code of an open fault", examples=["printer.paper_out"]
    )
    search: Text = Field(default="", description="Part of the name of the kiosk or its site")

    def verdicts(self) -> tuple[tuple[str, str], ...]:
        asked = ((service, getattr(self, service)) for service in SERVICES)
        return tuple((service, answer) for service, answer in asked if answer is not None)

    def query(self, sort: str = "name", page: int = 1, size: int = 50) -> KioskQuery:
        return KioskQuery(
            states=tuple(self.state),
            presences=tuple(self.presence),
            regency=self.regency,
            site=self.site,
            verdicts=self.verdicts(),
            fault=self.fault,
            search=self.search,
            sort=sort,
            page=page,
            size=size,
        )


class Paging(Params):
    page: int = Field(default=1, ge=1, le=MOST_PAGES)
    size: int = Field(default=50, ge=1, le=MOST_ROWS)


class KioskParams(Filters, Paging):
    sort: Sort = Field(default="state", description="`-` before a sort turns it around")


class FaultParams(Paging):
    condition: Literal["open", "cleared", "all"] = "open"
    severity: list[Severity] = Field(default=[], description="Any of these")
    code: Text = Field(default="", examples=["printer.paper_out"])
    acknowledged: bool | None = Field(default=None, description="Left out: both")
    kiosk: Text = Field(default="", description="Name of a kiosk")
    site: Text = Field(default="", description="Code of a site")

    def query(self) -> FaultQuery:
        return FaultQuery(
            condition=self.condition,
            severities=tuple(self.severity),
            code=self.code,
            acked=self.acknowledged,
            kiosk=self.kiosk,
            site=self.site,
            page=self.page,
            size=self.size,
        )


class TimelineParams(Params):
    before: str = Field(
        default="", pattern=r"^([0-9]{1,15}\.[0-9]{1,18})?$", description="From `next`"
    )
    size: int = Field(default=50, ge=1, le=MOST_FLIPS)
    subject: str = Field(default="", max_length=64, description="A beginning", examples=["probe:"])

    def position(self) -> Position | None:
        at, _, number = self.before.partition(".")
        return Position(int(at), int(number)) if number else None


class SeriesParams(Params):
    metric: list[Metric] = Field(min_length=1, max_length=len(METRICS))
    since: At
    until: At
    points: int = Field(
        default=500, ge=1, le=MOST_POINTS, description="At most about so many a series"
    )


class ChangeParams(Params):
    after: int | None = Field(default=None, ge=0, le=2**62, description="Left out: from now on")
    size: int = Field(default=500, ge=1, le=5000)


AskKiosks = Annotated[KioskParams, Query()]
AskExport = Annotated[Filters, Query()]
AskFaults = Annotated[FaultParams, Query()]
AskTimeline = Annotated[TimelineParams, Query()]
AskSeries = Annotated[SeriesParams, Query()]
AskChanges = Annotated[ChangeParams, Query()]
