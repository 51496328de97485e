"""Releases as the API takes and gives them: shapes, units and examples, no rule.

Notes, paths and warnings come from people: hostile text, to be escaped by whoever shows it.
"""

from typing import Annotated, Any

from pydantic import Field

from controller.api.job_models import Given
from controller.api.models import Millis, Model
from wire.content import MOST_SEQ

Bundle = Annotated[str, Field(max_length=32, examples=["layanan"])]
Seq = Annotated[int, Field(ge=1, le=MOST_SEQ, examples=[7])]


class GivenDraft(Given):
    bundle: Bundle
    note: str = Field(min_length=1, max_length=300, description="What is new, in a sentence")


class GivenTerms(Given):
    min_seq: int = Field(
        default=0, ge=0, le=MOST_SEQ, description="Who has it goes back to nothing older"
    )
    min_agent: str = Field(default="", max_length=40, description="Agents older cannot install it")
    machine: str = Field(default="", max_length=40, description="Of programs: x86_64, aarch64")
    python: str = Field(default="", max_length=10, description="Of programs: 3.11")


class GivenSignature(Given):
    key: str = Field(pattern=r"^[0-9a-f]{64}$", description="Id of the key, as TUF names it")
    signature: str = Field(pattern=r"^[0-9a-f]{128}$", description="Ed25519 of the text, in hex")


class MadeDraft(Model):
    id: int = Field(description="Number of the release's row", examples=[12])
    bundle: Bundle
    seq: int = Field(description="Its number; may grow until it is checked", examples=[7])


class Checked(Model):
    problems: list[str] = Field(description="To be mended: it is still a draft", examples=[[]])
    warnings: list[str] = Field(description="For whoever signs", examples=[[]])
    signing_id: int = Field(description="What is to be signed; 0: nothing", examples=[3])
    missing: int = Field(description="Signatures", examples=[2])


class AskedSigning(Model):
    signing_id: int = Field(description="What is to be signed", examples=[3])


class Missing(Model):
    missing: int = Field(description="Signatures; with 0 it is published", examples=[1])


class Release(Model):
    id: int = Field(examples=[12])
    bundle: Bundle
    seq: int = Field(examples=[7])
    state: str = Field(
        description="draft, waiting (for signatures), signed, published, withdrawn or dropped",
        examples=["published"],
    )
    state_at: Millis
    note: str
    made_by: str
    made_at: Millis
    published_at: int | None
    parent_seq: int = Field(description="What it was compared with; 0: nothing", examples=[6])
    files: int = Field(examples=[150])
    bytes: int = Field(examples=[54_000_000])
    update_bytes: int = Field(description="On the line of a kiosk that has the parent")
    whole_bytes: int = Field(description="On the line of one that has nothing")


class FileChange(Model):
    path: str
    what: str = Field(description="added, changed or removed", examples=["changed"])
    before: int
    after: int
    sent: int = Field(description="Plain bytes a kiosk with the parent has to get for it")


class FileChanges(Model):
    added: int
    changed: int
    removed: int
    same: int
    files: list[FileChange] = Field(description="The largest first")


class Signing(Model):
    id: int
    role: str = Field(examples=["content"])
    version: int
    text: str = Field(description="What is signed: these very characters, as UTF-8")
    threshold: int = Field(description="So many keys must")
    what: str = Field(description="publish, withdraw or renew", examples=["publish"])
    release_id: int | None
    state: str = Field(description="open, done or dropped", examples=["open"])
    made_at: Millis
    made_by: str


class Signer(Model):
    key_id: str
    public: str = Field(description="In hex")
    login: str = Field(description="Whose; empty: no key of a browser")
    name: str
    signed_at: int | None
    signed_by: str


class ReleaseDetail(Model):
    row: Release
    about: dict[str, Any] = Field(description="What is signed beside its files")
    warnings: list[str]
    changes: FileChanges
    signing: Signing | None
    signers: list[Signer]
    missing: int
