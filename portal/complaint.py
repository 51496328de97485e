"""A complaint while it is being told, and what is asked next. Pure.

Owns the questions: what it is (a complaint, a wish, a question), its category, the village, the
story, who tells it. Pictures and a point on the map may be added and are never asked for. It is
handed in as the fields class, text, where and village, under the code the tenant gave complaints;
whoever stays anonymous leaves no name and no telephone, and may choose four digits to ask by.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Literal, NamedTuple, get_args

from portal.forms import tail
from portal.handing import Draft, Handed
from wire.citizen import Reported
from wire.service import values, workdays
from wire.service.days import Date
from wire.service.document import Field, Words
from wire.service.tenant import Holidays, Tenant
from wire.submission import MOST_PHOTOS, Contact, Point

if TYPE_CHECKING:
    from wire.service.expression import Value

Class = Literal["complaint", "wish", "question"]
Anonymity = Literal["named", "secret", "anonymous"]
CLASSES: Final[tuple[Class, ...]] = get_args(Class)
ANONYMITIES: Final[tuple[Anonymity, ...]] = get_args(Anonymity)
STEPS: Final = ("", "kategori", "tempat", "cerita", "pelapor", "periksa")
"""Paths below /pengaduan, in the order in which they are asked; the first is the gate itself."""

VERIFY_DAYS, ANSWER_DAYS, CLOSE_DAYS = 3, 5, 10  # working days, each from the end of the one before

_SAYS: Final = Words(id="-")  # the portal's own texts name these fields; a label is only required
TEXT: Final = Field(name="text", kind="long_text", label=_SAYS, most=4_000)
WHERE: Final = Field(name="where", kind="text", label=_SAYS, most=160, required=False)
NAME: Final = Field(name="name", kind="text", label=_SAYS, most=120)
PHONE: Final = Field(name="phone", kind="phone", label=_SAYS, required=False)
FIELDS: Final = {one.name: one for one in (TEXT, WHERE, NAME, PHONE)}
LEAST_TEXT: Final = 10  # characters: below that nobody knows what is meant


@dataclass
class Complaint:
    """`pin`: the four digits somebody anonymous chose. `like`: the number of one about the same."""

    class_: Class | None = None
    category: str = ""
    village: str = ""
    text: str = ""
    where: str = ""
    point: Point | None = None
    photos: list[bytes] = field(default_factory=list)
    ticket: str = ""
    like: str = ""
    anonymity: Anonymity | None = None
    name: str = ""
    phone: str = ""
    pin: str = ""
    handed: Handed | None = None

    @property
    def room(self) -> int:
        """How many more pictures it takes."""
        return MOST_PHOTOS - len(self.photos)

    @property
    def tail(self) -> str:
        return self.pin if self.anonymity == "anonymous" else tail(self.phone)


def open_step(complaint: Complaint) -> str:
    """The path of the first question that is not answered, "periksa" when none is left."""
    answered = (
        complaint.class_,
        complaint.category,
        complaint.village,
        complaint.text,
        complaint.anonymity,
    )
    return next((path for path, said in zip(STEPS, answered, strict=False) if not said), "periksa")


def before(path: str) -> str:
    """The path of the question before it; the gate is the first."""
    return STEPS[max(STEPS.index(path) - 1, 0)]


class Tried(NamedTuple):
    """`problems` by field, as codes of wire/service/values.py or of the portal's own texts."""

    problems: Mapping[str, str]

    @property
    def done(self) -> bool:
        return not self.problems

    @property
    def loses_nothing(self) -> bool:
        """Nothing was typed that would be gone on another screen."""
        return set(self.problems.values()) <= {"required"}


def tell(complaint: Complaint, typed: Mapping[str, Sequence[str]], today: Date) -> Tried:
    """Takes the story and the line that says where exactly."""
    problems: dict[str, str] = {}
    text = _take(TEXT, typed, today, problems)
    if text and len(text) < LEAST_TEXT:
        problems[TEXT.name] = "short"
    where = _take(WHERE, typed, today, problems)
    if TEXT.name not in problems:
        complaint.text = text
    if WHERE.name not in problems:
        complaint.where = where
    return Tried(problems)


def introduce(complaint: Complaint, typed: Mapping[str, Sequence[str]], today: Date) -> Tried:
    """Takes who tells it. What belongs to another choice is forgotten."""
    chosen = next(iter(typed.get("anonymity", ())), "")
    problems: dict[str, str] = {}
    if chosen == "anonymous":
        pin = next(iter(typed.get("pin", ())), "").strip()
        if pin and not (len(pin) == 4 and pin.isascii() and pin.isdigit()):
            problems["pin"] = "pin"
        else:
            complaint.anonymity, complaint.name, complaint.phone = "anonymous", "", ""
            complaint.pin = pin
    elif chosen in ANONYMITIES:
        name = _take(NAME, typed, today, problems)
        phone = _take(PHONE, typed, today, problems)
        if not problems:
            complaint.anonymity = "named" if chosen == "named" else "secret"
            complaint.name, complaint.phone, complaint.pin = name, phone, ""
    else:
        problems["anonymity"] = "required"
    return Tried(problems)


def alike(complaint: Complaint, reported: Sequence[Reported]) -> Reported | None:
    """What is open already of that category in that village, None when nothing is."""
    here = (complaint.category, complaint.village)
    return next((one for one in reported if (one.category, one.village) == here), None)


class Clocks(NamedTuple):
    """By when it is looked at and answered, and closed when nobody objects: milliseconds."""

    verified: int
    answered: int
    closed: int


def clocks(now: int, holidays: Holidays, offset_min: int) -> Clocks:
    """From the moment it arrives; what waits in a kiosk without a line begins to count later."""
    verified, answered, closed = (
        workdays.due(now, days, holidays, offset_min)
        for days in (
            VERIFY_DAYS,
            VERIFY_DAYS + ANSWER_DAYS,
            VERIFY_DAYS + ANSWER_DAYS + CLOSE_DAYS,
        )
    )
    return Clocks(verified, answered, closed)


def draft(
    complaint: Complaint, tenant: Tenant, language: Literal["id", "su", "en"], due: int
) -> Draft:
    """As it is handed in. Only of one that has no open step."""
    fields: dict[str, Value] = {
        "class": complaint.class_ or "complaint",
        "text": complaint.text,
        "village": complaint.village,
    }
    if complaint.where:
        fields["where"] = complaint.where
    return Draft(
        kind="complain",
        service=tenant.complaint,
        revision=1,
        tenant=tenant.code,
        place=complaint.village,
        category=complaint.category,
        language=language,
        fields=fields,
        contact=Contact(
            name=complaint.name,
            phone=complaint.phone,
            anonymity=complaint.anonymity or "anonymous",
        ),
        tail=complaint.tail,
        photos=tuple(complaint.photos),
        ticket=complaint.ticket,
        point=complaint.point,
        like=complaint.like,
        due=due,
    )


def _take(
    one: Field, typed: Mapping[str, Sequence[str]], today: Date, problems: dict[str, str]
) -> str:
    taken = values.take(one, typed.get(one.name, ()), today)
    if taken.problem:
        problems[one.name] = taken.problem
    return str(taken.value) if taken.value is not None else ""
