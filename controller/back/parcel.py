"""What a back system gets of one submission: one JSON document, the same for every way. Pure.

    {"v": 1, "event": "submission.accepted", "id": ..., "number": ..., "fields": {...}, ...}

Who wants to stay secret or unnamed has no name here. Numbers mean what docs/back-systems.md says.
"""

from typing import Any, Final, Literal, NamedTuple

from msgspec import Struct

from wire.submission import Contact, Content, Photo, Point, canonical

ACCEPTED: Final = "submission.accepted"


class About(Struct, frozen=True, kw_only=True):
    """The part that the office's books know: columns of `submission`."""

    number: str
    kind: str
    tenant: str
    service: str
    revision: int
    agency: str
    place: str
    category: str
    made_at: int
    arrived_at: int
    due_at: int | None


class Document(Struct, frozen=True, kw_only=True):
    """`id` names it for ever: a system that gets it twice keeps one. Times in ms since 1970."""

    v: Literal[1] = 1
    event: str = ACCEPTED
    id: str
    about: About
    language: str
    fields: dict[str, Any]
    contact: Contact
    warnings: tuple[str, ...]
    photos: tuple[Photo, ...]
    point: Point | None
    like: str


class Parcel(NamedTuple):
    """`body` is the Document as it is sent, `name` a file name that tells nothing of anybody."""

    id: str
    number: str
    body: bytes

    @property
    def name(self) -> str:
        return f"{self.number}-{self.id[:8]}.json"


def pack(uid: str, about: About, content: Content) -> Parcel:
    contact = content.contact
    if contact.anonymity != "named":
        contact = Contact(anonymity=contact.anonymity)
    document = Document(
        id=uid,
        about=about,
        language=content.language,
        fields=dict(content.fields),
        contact=contact,
        warnings=content.warnings,
        photos=content.photos,
        point=content.point,
        like=content.like,
    )
    return Parcel(uid, about.number, canonical(document))
