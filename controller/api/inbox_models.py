"""What the API says of the inbox: shapes, units and examples, no rule.

Nothing here tells who somebody is. Times are milliseconds since 1970 by the office's clock.
"""

from typing import Annotated

from pydantic import Field

from controller.api.models import Millis, Model
from controller.inbox.moves import MOST_AT_ONCE, MOST_FILE_NUMBER, MOST_WHY
from controller.inbox.numbers import WEEKS
from wire.lifecycle import SUBMISSION

EVENTS = tuple(dict.fromkeys(event for _, event in SUBMISSION))
State = Annotated[
    str,
    Field(
        description="submitted, verifying, processing, returned, rejected, ready, taken, withdrawn",
        examples=["verifying"],
    ),
]
Version = Annotated[int, Field(ge=1, le=2**31, description="As you saw it", examples=[3])]
Event = Annotated[str, Field(max_length=16, description=", ".join(EVENTS), examples=["verify"])]


class Submission(Model):
    id: int = Field(examples=[4711])
    number: str = Field(description="On the receipt", examples=["261122-0042-K7Q3M-R"])
    kind: str = Field(description="apply or complain", examples=["apply"])
    tenant: str = Field(examples=["32.73"])
    service: str = Field(examples=["KEC-SKTM"])
    revision: int = Field(description="Of the service pack it was filled in by", examples=[1])
    agency: str = Field(description="Who has to act", examples=["kecamatan"])
    place: str = Field(
        description="What it is about; empty: all of the tenant", examples=["32.73.02"]
    )
    category: str = Field(description="Of complaints", examples=["jalan_rusak"])
    anonymity: str = Field(description="named, secret or anonymous", examples=["named"])
    kiosk: str = Field(description="Where it was handed in", examples=["bdg-coblong-01"])
    made_at: Annotated[int, Field(description="By the kiosk's clock")]
    arrived_at: Millis
    state: State
    state_at: Millis
    version: int = Field(description="Grows with every change: send it with yours", examples=[3])
    due_at: Millis | None = Field(description="null: nothing runs")
    due_what: str = Field(description="verify, answer, close, sla, or empty", examples=["sla"])
    assigned_to: str = Field(description="A login; empty: nobody's", examples=["loket"])
    file_number: str = Field(examples=["KEC-SKTM/2026/0007"])
    same_as: int | None = Field(description="The one it was merged with")


class Event_(Model):  # noqa: N801 - Event is the word of a move
    id: int
    at: Millis
    by: str = Field(examples=["loket"])
    event: str = Field(examples=["verify"])
    old: str
    new: str
    why: str = Field(description="What the citizen reads")
    has_note: bool = Field(description="Sealed words among officers")


class Look(Model):
    at: Millis
    by: str
    what: str = Field(description="open, print, export, photo or note", examples=["open"])


class SubmissionDetail(Model):
    row: Submission
    events: list[Event_] = Field(description="Newest first")
    looks: list[Look] = Field(description="Who saw what the citizen wrote, newest first")
    twins: list[Submission] = Field(description="Merged with it")
    alike: list[Submission] = Field(description="Open complaints that may be about the same")


class GivenMove(Model):
    version: Version
    event: Event
    why: str = Field(default="", max_length=MOST_WHY, description="The citizen reads it")
    agency: str = Field(default="", max_length=32, description="Of reassign alone")
    file_number: str = Field(
        default="",
        max_length=MOST_FILE_NUMBER,
        description="The office's own; empty: the next of its service, once it is processed",
    )


class GivenVersion(Model):
    version: Version


class GivenMerge(Model):
    version: Version
    into: int = Field(ge=1, le=2**53, description="The one it is about the same as")


class Picked(Model):
    id: int = Field(ge=1, le=2**53)
    version: Version


class GivenMany(Model):
    picked: list[Picked] = Field(min_length=1, max_length=MOST_AT_ONCE)
    event: Event
    why: str = Field(default="", max_length=MOST_WHY, description="Every citizen of them reads it")


class Outcome(Model):
    id: int
    number: str
    code: str = Field(description="Empty: it was done", examples=["state"])
    why: str


class Week(Model):
    since: Millis
    tenant: str
    service: str
    kind: str
    arrived: int
    done: int
    rejected: int
    late: int = Field(description="Of those done or rejected: over their limit")
    days: int | None = Field(description="Working days, the median; null with nothing done")
    waiting: int = Field(description="Now, not then")


WeeksAgo = Annotated[int, Field(ge=0, le=WEEKS, description="0 is this week")]
