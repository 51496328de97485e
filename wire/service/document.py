"""The service pack: everything an office says about one of its services, in one document.

Owns the shape alone. `check` (wire/service/check.py) says whether it makes sense, `expression` what
a condition means, `values` whether what a citizen typed will do; the office edits it, the kiosk
shows it, and both read it with `read`. It is versioned: `revision` grows with every publication,
and a citizen who began with one ends with it. Everything a citizen reads is Words: Indonesian
always, Sundanese and English where somebody wrote them.
"""

from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from wire.errors import MalformedMessage
from wire.submission import Code, Key, Place

MOST: Final = 256 * 1024  # bytes of one document

Line = Annotated[str, Meta(max_length=160)]
Paragraph = Annotated[str, Meta(max_length=2_000)]
Condition = Annotated[str, Meta(max_length=500)]  # wire/service/expression.py; "": always
Day = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$(?!\n)")]
Address = Annotated[str, Meta(max_length=300, pattern=r"^https://[^\s\x00-\x1f]+$(?!\n)")]
FieldKind = Literal[
    "text", "long_text", "integer", "rupiah", "date", "nik", "kk", "nop", "nib", "npwp", "phone",
    "email", "choice", "choices", "yes_no", "village", "photo", "note",
]  # fmt: skip
"""`village`: one of the tenant's; `note` asks nothing. What each takes is in values.py."""

STATES: Final = (
    "submitted", "verifying", "processing", "returned", "rejected", "ready", "taken", "withdrawn",
)  # fmt: skip
"""A submission's, in the order in which a citizen meets them (wire/lifecycle.py SUBMISSION)."""


class Words(Struct, frozen=True, omit_defaults=True):
    """One text in up to three languages; a missing one is the Indonesian."""

    id: Annotated[str, Meta(min_length=1, max_length=2_000)]
    su: Paragraph = ""
    en: Paragraph = ""

    def of(self, language: str) -> str:
        return {"su": self.su, "en": self.en}.get(language, "") or self.id


class _Part(Struct, frozen=True, kw_only=True, omit_defaults=True, forbid_unknown_fields=True):
    pass


class Requirement(_Part, frozen=True, kw_only=True):
    """A paper. `bring` to the counter, or `photo` taken at the kiosk; `when`: asked of whom."""

    code: Key
    name: Words
    how: Literal["bring", "photo"] = "bring"
    required: bool = True
    when: Condition = ""


class Fee(_Part, frozen=True, kw_only=True):
    """`rupiah` None: it is computed elsewhere, `note` says how. 0 is free of charge."""

    name: Words
    rupiah: Annotated[int, Meta(ge=0, le=10**12)] | None
    note: Words | None = None
    when: Condition = ""


class Duration(_Part, frozen=True, kw_only=True):
    """In working days of the tenant's calendar, None where the law says none; 0 is the same day."""

    working_days: Annotated[int, Meta(ge=0, le=365)] | None
    note: Words | None = None


class Standard(_Part, frozen=True, kw_only=True):
    """The 14 components of a service standard. The first six are shown, the others on request."""

    requirements: Annotated[tuple[Requirement, ...], Meta(max_length=40)] = ()
    procedure: Annotated[tuple[Words, ...], Meta(max_length=40)] = ()
    duration: Duration
    fees: Annotated[tuple[Fee, ...], Meta(max_length=40)] = ()
    product: Words
    complaints: Words
    legal_basis: Annotated[tuple[Line, ...], Meta(max_length=40)] = ()
    facilities: Words | None = None
    competence: Words | None = None
    supervision: Words | None = None
    staff: Words | None = None
    service_guarantee: Words | None = None
    safety_guarantee: Words | None = None
    evaluation: Words | None = None


class Option(_Part, frozen=True, kw_only=True):
    value: Annotated[str, Meta(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$(?!\n)")]
    label: Words


class Field(_Part, frozen=True, kw_only=True):
    """One question. `secret` is masked once typed. `when`: it is asked; `check`: it must hold.

    `most` characters of a text (or the largest number); `rows` fields of one `page` stand together.
    """

    name: Key
    kind: FieldKind
    label: Words
    hint: Words | None = None
    required: bool = True
    secret: bool = False
    when: Condition = ""
    check: Condition = ""
    check_says: Words | None = None
    most: Annotated[int, Meta(ge=1, le=10**12)] | None = None
    options: Annotated[tuple[Option, ...], Meta(max_length=100)] = ()
    page: Annotated[str, Meta(max_length=32)] = ""


class Step(_Part, frozen=True, kw_only=True):
    """Who brings a submission out of `state`, in how many working days, and where to."""

    state: Literal[STATES]  # type: ignore[valid-type]
    by: Annotated[str, Meta(max_length=40)]  # a role or agency, as people call it
    days: Annotated[int, Meta(ge=0, le=365)] | None = None
    to: tuple[Literal[STATES], ...] = ()  # type: ignore[valid-type]


class Receipt(_Part, frozen=True, kw_only=True):
    """Templates of wire/service/template.py. "" is the usual one."""

    thermal: Paragraph = ""
    page: Paragraph = ""


class Valid(_Part, frozen=True, kw_only=True):
    """First and last day on which it is offered ("" for ever), and when it must be looked at."""

    since: Day = ""
    until: Day = ""
    review: Day = ""


class Retention(_Part, frozen=True, kw_only=True):
    """So many days after it ended, what a citizen wrote is destroyed."""

    days: Annotated[int, Meta(ge=1, le=3650)] = 30


class Queue(_Part, frozen=True, kw_only=True):
    """Tickets: one letter, from 1 each day, at most `quota` a day (0: no limit)."""

    letter: Annotated[str, Meta(pattern=r"^[A-Z]$(?!\n)")]
    quota: Annotated[int, Meta(ge=0, le=9_999)] = 0


class Handover(_Part, frozen=True, kw_only=True):
    """Where a citizen goes on with a telephone of their own: shown as QR, never opened here."""

    name: Words
    url: Address
    bring: Words | None = None  # what to have at hand


class Service(_Part, frozen=True, kw_only=True):
    """`agency` and `group` are codes of the tenant. `regions`: places in which it is offered.

    `modes`: `info` is always there; `apply` fills in `fields` here; `queue` gives tickets; `guide`
    hands over to another system. `decree` is the number of the SK; without one it is a sample.
    `number` is the office's file number, a pattern of wire/service/template.py.
    """

    v: Literal[1] = 1
    code: Code
    revision: Annotated[int, Meta(ge=1, le=2**31)] = 1
    name: Words
    summary: Words
    tenant: Place
    agency: Key
    group: Key
    level: Literal["center", "agency", "district", "village"]
    regions: Annotated[tuple[Place, ...], Meta(min_length=1, max_length=400)]
    valid: Valid = Valid()
    decree: Line = ""
    modes: Annotated[tuple[Literal["info", "apply", "queue", "guide"], ...], Meta(min_length=1)]
    standard: Standard
    fields: Annotated[tuple[Field, ...], Meta(max_length=60)] = ()
    steps: Annotated[tuple[Step, ...], Meta(max_length=20)] = ()
    number: Line = ""
    receipt: Receipt = Receipt()
    retention: Retention = Retention()
    queue: Queue | None = None
    handover: Annotated[tuple[Handover, ...], Meta(max_length=4)] = ()
    keywords: Annotated[tuple[Line, ...], Meta(max_length=60)] = ()
    videos: Annotated[tuple[Key, ...], Meta(max_length=8)] = ()

    @property
    def is_sample(self) -> bool:
        return not self.decree.strip()


_decoder = msgspec.json.Decoder(Service)


def read(text: bytes) -> Service:
    """Raises MalformedMessage with the path of what is wrong."""
    if len(text) > MOST:
        raise MalformedMessage("too_large", f"a service pack is at most {MOST} bytes")
    try:
        return _decoder.decode(text)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise MalformedMessage("wrong_shape", str(error)) from None
