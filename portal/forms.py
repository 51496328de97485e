"""An application while it is being filled in, and which question comes next. Pure.

Owns the order of the steps: the questions of the service pack that this citizen is asked, then the
telephone (only when no question asked for it), and the check of it all, where the papers to bring
are read and pictures of them taken. It keeps the service it began with: a pack that changes
meanwhile changes nothing here. What a field takes is the business of wire/service/values.py; what
stands on a screen that of portal/apply.py.
"""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Literal, NamedTuple
from urllib.parse import quote

from portal.handing import Handed
from wire.service import form, values
from wire.service.days import Date
from wire.service.document import Field, Requirement, Service
from wire.service.expression import Value
from wire.service.form import Page
from wire.submission import MOST_PHOTOS

Kind = Literal["ask", "contact", "check"]


class Step(NamedTuple):
    """One screen. `page` only of kind "ask"."""

    kind: Kind
    page: Page | None = None

    @property
    def path(self) -> str:
        """What its address ends in, after that of the service."""
        if self.page is not None:
            return f"isi/{quote(self.page.name, safe='')}"
        return {"contact": "kontak", "check": "periksa"}[self.kind]


@dataclass
class Application:
    """What one citizen has answered so far. Changed by its handlers alone.

    `warned`: what looked wrong and was shown to be, by field. `photos`: pictures that were made
    anew, by field or by the code of a paper. `checked`: the citizen has come as far as the check.
    """

    service: Service
    answers: dict[str, Value] = field(default_factory=dict)
    warned: dict[str, Value] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)
    photos: dict[str, list[bytes]] = field(default_factory=dict)
    phone: str = ""
    contact_seen: bool = False
    checked: bool = False
    handed: Handed | None = None

    @property
    def base(self) -> str:
        """The address below which its steps stand."""
        return f"/perizinan/{quote(self.service.code, safe='')}"

    @property
    def room(self) -> int:
        """How many more pictures it takes."""
        return MOST_PHOTOS - sum(len(some) for some in self.photos.values())

    def pictures(self) -> tuple[bytes, ...]:
        return tuple(one for some in self.photos.values() for one in some)

    def back(self, key: str, today: Date) -> str:
        """Where the pictures of that field or paper are asked for."""
        for step in steps(self, today):
            if step.page and any(one.name == key for one in step.page.fields):
                return f"{self.base}/{step.path}"
        return f"{self.base}/periksa"

    def takes(self, key: str, today: Date) -> bool:
        """Whether there is a question or a paper of that name that is a picture."""
        asked = form.asked(self.service, self.answers, today)
        return any(one.name == key and one.kind == "photo" for one in asked) or any(
            one.code == key and one.how == "photo" for one in papers(self, today)
        )


def steps(application: Application, today: Date) -> tuple[Step, ...]:
    """All of this citizen's, in their order."""
    asked = tuple(Step("ask", page) for page in pages(application, today))
    contact = () if _asks_for_phone(application, today) else (Step("contact"),)
    return (*asked, *contact, Step("check"))


def pages(application: Application, today: Date) -> tuple[Page, ...]:
    return form.pages(application.service, application.answers, today)


def papers(application: Application, today: Date) -> tuple[Requirement, ...]:
    return form.requirements(application.service, application.answers, today)


def find(application: Application, name: str, today: Date) -> Page | None:
    """The page of that name, None when it is not asked."""
    return next((one for one in pages(application, today) if one.name == name), None)


def place(all_steps: Sequence[Step], path: str) -> int:
    """Where in the order a step stands, 0 for the first and for none of them."""
    return next((at for at, one in enumerate(all_steps) if one.path == path), 0)


def after(application: Application, path: str, today: Date) -> str:
    """The address of what comes after a step: the check, once all was answered before."""
    now = steps(application, today)
    if application.checked and not open_step(application, today):
        return f"{application.base}/periksa"
    following = now[min(place(now, path) + 1, len(now) - 1)]
    return f"{application.base}/{following.path}"


def before(application: Application, path: str, today: Date) -> str:
    """The address of what came before it, that of the service itself before the first."""
    now = steps(application, today)
    at = place(now, path)
    return f"{application.base}/{now[at - 1].path}" if at else application.base


def open_step(application: Application, today: Date, villages: Container[str] | None = None) -> str:
    """The path of the first step that is not done yet, "" when it may be handed in."""
    wrong = form.complete(application.service, application.answers, today, villages=villages)
    for step in steps(application, today):
        if step.page and any(p.field == one.name for p in wrong for one in step.page.fields):
            return step.path
        if step.kind == "contact" and not application.contact_seen:
            return step.path
    return ""


def papers_missing(application: Application, today: Date) -> bool:
    """Whether one that must be photographed has no picture yet."""
    return any(
        one.required and one.how == "photo" and not application.photos.get(one.code)
        for one in papers(application, today)
    )


class Tried(NamedTuple):
    """`problems` and `warnings` by field, as codes of wire/service/values.py. `done`: go on.

    `grown`: by what was answered, more is asked on this same page.
    """

    problems: Mapping[str, str] = {}
    warnings: Mapping[str, tuple[str, ...]] = {}
    grown: bool = False

    @property
    def done(self) -> bool:
        return not (self.problems or self.warnings or self.grown)

    @property
    def loses_nothing(self) -> bool:
        """Nothing was typed that would be gone on another screen."""
        return set(self.problems.values()) <= {"required"}


def answer(
    application: Application,
    page: Page,
    typed: Mapping[str, Sequence[str]],
    today: Date,
    villages: Container[str] | None = None,
) -> Tried:
    """Takes one page. A warning is shown once; the same value again means: it is right."""
    given = {one.name: _given(application, one, typed) for one in page.fields}
    filled = form.fill(
        application.service, page, given, application.answers, today, villages=villages
    )
    application.answers = dict(filled.answers)
    new = {}
    for one in page.fields:
        application.warnings.pop(one.name, None)
        if codes := filled.warnings.get(one.name):
            application.warnings[one.name] = codes
            if application.warned.get(one.name) != filled.answers.get(one.name):
                new[one.name] = codes
                application.warned[one.name] = filled.answers[one.name]
    return Tried(
        {one.field: one.code for one in filled.problems}, new, _grown(application, page, today)
    )


def kept(application: Application, today: Date) -> dict[str, Value]:
    """What is handed in: pictures that were added at the check are answers too."""
    added = {
        one.name: tuple(_hashes(application, one.name))
        for one in form.offered(application.service, application.answers, today)
        if application.photos.get(one.name)
    }
    return form.kept(application.service, {**application.answers, **added}, today)


def phone_of(application: Application, today: Date) -> str:
    """The telephone by which this citizen asks later: that of a question, or of the contact."""
    answers = kept(application, today)
    asked = (one.name for one in application.service.fields if one.kind == "phone")
    return next((str(answers[one]) for one in asked if answers.get(one)), application.phone)


def tail(phone: str) -> str:
    """Its last four digits, "" without one."""
    digits = "".join(one for one in phone if one.isascii() and one.isdigit())
    return digits[-4:] if len(digits) >= 4 else ""


def masked_phone(phone: str) -> str:
    """For the check: a stranger may stand behind. "" without one."""
    return values.mask("phone", phone) if phone else ""


def _grown(application: Application, page: Page, today: Date) -> bool:
    now = find(application, page.name, today)
    return now is not None and not {one.name for one in now.fields} <= {
        one.name for one in page.fields
    }


def _given(application: Application, one: Field, typed: Mapping[str, Sequence[str]]) -> list[str]:
    """What counts as typed: pictures by their hash; a secret left empty is the one from before."""
    if one.kind == "photo":
        return _hashes(application, one.name)
    sent = list(typed.get(one.name, []))
    if one.secret and not any(each.strip() for each in sent):
        return values.typed(application.answers.get(one.name))
    return sent


def _hashes(application: Application, key: str) -> list[str]:
    return [sha256(each).hexdigest() for each in application.photos.get(key, [])]


def _asks_for_phone(application: Application, today: Date) -> bool:
    return any(one.kind == "phone" for page in pages(application, today) for one in page.fields)
