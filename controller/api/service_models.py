"""Service packs as the API takes and gives them: shapes, units and examples, no rule.

A document is as wire/service/document.py says (its JSON Schema: docs/service-pack.schema.json); as
long as it is a draft it may be anything. Texts come from people: hostile, to be escaped.
"""

from typing import Any

from pydantic import Field

from controller.api.job_models import Given
from controller.api.models import Millis, Model


class GivenDocument(Given):
    document: dict[str, Any] = Field(description="A service pack")


class GivenSave(GivenDocument):
    version: int = Field(ge=1, description="What was seen; refused when somebody saved meanwhile")


class GivenReturn(Given):
    why: str = Field(min_length=1, max_length=500, description="What is to be changed")


class GivenPublication(Given):
    packs: list[int] = Field(min_length=1, max_length=200, description="Numbers of approved ones")
    note: str = Field(min_length=1, max_length=300, description="What is new, in a sentence")


class Pack(Model):
    id: int
    tenant: str = Field(examples=["32.73"])
    code: str = Field(examples=["KEC-SKTM-01"])
    revision: int
    state: str = Field(description="draft, review, approved, published, retired or dropped")
    state_at: Millis
    version: int = Field(description="Grows with every save")
    document: dict[str, Any]
    made_by: str
    made_at: Millis
    submitted_by: str | None
    reviewed_by: str | None
    why: str = Field(description="Of a return")
    release_id: int | None = Field(description="In which it was published")


class Line(Model):
    tenant: str
    code: str
    shown: Pack | None = Field(description="What citizens see")
    open: Pack | None = Field(description="What is being written")


class Complaint(Model):
    where: str = Field(description="Path in the document", examples=["fields[2].label.id"])
    id: str = Field(description="In Indonesian")
    en: str = Field(description="In English")


class Examined(Model):
    sound: bool
    complaints: list[Complaint]


class Publication(Model):
    release_id: int
    seq: int
    signing_id: int
    missing: int = Field(description="Signatures")
    problems: list[str] = Field(description="Then nothing was published")
