"""The mobile counter and the queues at counters as the API takes and gives them: shapes, no rule.

Words come from officers and their files: hostile text, to be escaped by whoever shows it.
"""

from typing import Annotated

import msgspec
from pydantic import Field

from controller.api.job_models import Given
from controller.api.models import Millis, Model
from controller.visits.books import Planned
from wire.citizen import Visit

PlaceCode = Annotated[str, Field(pattern=r"^[0-9]{2}(\.[0-9]{1,4}){2}$", examples=["32.73.01"])]
VillageCode = Annotated[str, Field(pattern=r"^([0-9]{2}(\.[0-9]{1,4}){3})?$")]
Name = Annotated[str, Field(min_length=1, max_length=120)]


class GivenVisit(Given):
    uid: Name = Field(description="Its name in your calendar: said again, it corrects the visit")
    starts: Annotated[int, Field(ge=0, le=2**53)]
    ends: Annotated[int, Field(ge=0, le=2**53)]
    district: PlaceCode
    village: VillageCode = ""
    place: Annotated[str, Field(min_length=1, max_length=200)]
    services: Annotated[list[Name], Field(min_length=1, max_length=40)]
    quota: int = Field(default=0, ge=0, le=10_000, description="0: no limit")
    note: str = Field(default="", max_length=300)
    cancelled: bool = False

    def visit(self) -> Visit:
        return Visit(**{**self.model_dump(), "services": tuple(self.services)})


class GivenVisits(Given):
    tenant: str = Field(max_length=16, description="Whose calendar", examples=["32.73"])
    visits: list[GivenVisit] = Field(min_length=1, max_length=500)


class VisitRow(Model):
    id: int
    tenant: str
    source: str = Field(description="form, xlsx, ics or api")
    uid: str
    starts: Millis
    ends: Millis
    district: str
    village: str
    place: str
    services: list[str]
    quota: int = Field(description="0: no limit")
    note: str
    cancelled: bool


class VisitsTaken(Model):
    added: int
    changed: int
    unchanged: int


class CounterLine(Model):
    letter: str
    issued: int = Field(description="As the kiosk last told")
    called: int = Field(description="Who is served now, 0 for nobody yet")


class Counter(Model):
    kiosk: str
    site_code: str
    site_name: str
    told_at: Millis | None = Field(description="When the kiosk last said how many it gave out")
    lines: list[CounterLine]


class GivenCall(Given):
    letter: str = Field(pattern="^[A-Z]$")
    seen: int = Field(ge=0, le=999, description="Whom you see being served; refused when changed")
    number: int = Field(ge=1, le=999, description="Whom you call")


def row(one: Planned) -> VisitRow:
    values = msgspec.structs.asdict(one.visit)
    return VisitRow(id=one.id, tenant=one.tenant, source=one.source, **values)
