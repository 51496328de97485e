"""Which questions a service asks, given what was answered, and whether anything is missing. Pure.

A field is asked when its condition holds for the answers of fields that are themselves asked and
stand before it: what was answered to a question that is asked no longer does not count and is not
handed in. Which of them stand together is said by wire/service/screens.py. A condition that is none
(check.py says so long before) asks nothing.
"""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import NamedTuple

from wire.service import screens as together
from wire.service import values
from wire.service.days import Date
from wire.service.document import Fee, Field, Requirement, Service
from wire.service.expression import Answers, ExpressionError, Value, holds


class Page(NamedTuple):
    """One screen. `name` is that of its first page in the pack, or field: good for an address."""

    name: str
    fields: tuple[Field, ...]


class Problem(NamedTuple):
    """`code` is one of wire/service/values.py `says`; "check" is the field's own `check_says`."""

    field: str
    code: str


class Filled(NamedTuple):
    """`answers` are all answers so far with this page's in them, `warnings` by field."""

    answers: dict[str, Value]
    problems: tuple[Problem, ...]
    warnings: dict[str, tuple[str, ...]]


def kept(service: Service, answers: Answers, today: Date) -> dict[str, Value]:
    """The answers to fields that are asked: what may be handed in, in the order of the pack."""
    return {
        field.name: answers[field.name]
        for field in asked(service, answers, today)
        if field.name in answers
    }


def asked(service: Service, answers: Answers, today: Date) -> Iterator[Field]:
    """The fields that are asked, in the order of the pack."""
    counted: dict[str, Value] = {}
    for field in service.fields:
        if not _holds(field.when, counted, today):
            continue
        if field.name in answers:
            counted[field.name] = answers[field.name]
        yield field


def pages(service: Service, answers: Answers, today: Date) -> tuple[Page, ...]:
    """All that are asked, also those answered already, but the pictures of `offered`."""
    wanted = {field.name for field in asked(service, answers, today)}
    every = (
        Page(screen[0].page or screen[0].name, tuple(one for one in screen if one.name in wanted))
        for screen in together.screens(service)
    )
    return tuple(page for page in every if page.fields)


def offered(service: Service, answers: Answers, today: Date) -> tuple[Field, ...]:
    """The pictures that may be added, and of which no page asks."""
    return tuple(filter(together.offered, asked(service, answers, today)))


def fill(
    service: Service,
    page: Page,
    typed: Mapping[str, Sequence[str]],
    answers: Answers,
    today: Date,
    *,
    villages: Container[str] | None = None,
    regions: Container[str] | None = None,
) -> Filled:
    """Takes what was typed into one page. An answer that will not do is not in `answers`.

    A field of the page that is not asked, now that the others are answered, is passed over: fields
    of one page may depend on each other. `villages` and `regions` are those of values.take; when
    no regions are named, a number of identity from outside the service's tenant is warned of.
    """
    near = frozenset({service.tenant.replace(".", "")}) if regions is None else regions
    so_far = {name: value for name, value in answers.items() if name not in _names(page)}
    problems, warnings = [], {}
    for field in page.fields:
        if field not in asked(service, so_far, today):
            continue
        found = values.take(
            field, typed.get(field.name, ()), today, villages=villages, regions=near
        )
        if found.value is not None:
            so_far[field.name] = found.value
        if problem := found.problem or _unmet(field, so_far, today):
            problems.append(Problem(field.name, problem))
            so_far.pop(field.name, None)
        elif found.warnings:
            warnings[field.name] = found.warnings
    return Filled(so_far, tuple(problems), warnings)


def complete(
    service: Service, answers: Answers, today: Date, *, villages: Container[str] | None = None
) -> tuple[Problem, ...]:
    """What is still wrong with all of it, in the order of the pack; (): it may be handed in."""
    counted = kept(service, answers, today)
    return tuple(
        Problem(field.name, problem)
        for field in asked(service, answers, today)
        if (problem := _problem(field, counted, today, villages))
    )


def requirements(service: Service, answers: Answers, today: Date) -> tuple[Requirement, ...]:
    """The papers that this citizen needs."""
    counted = kept(service, answers, today)
    return tuple(
        each for each in service.standard.requirements if _holds(each.when, counted, today)
    )


def fees(service: Service, answers: Answers, today: Date) -> tuple[Fee, ...]:
    """What this citizen pays."""
    counted = kept(service, answers, today)
    return tuple(fee for fee in service.standard.fees if _holds(fee.when, counted, today))


def _names(page: Page) -> frozenset[str]:
    return frozenset(field.name for field in page.fields)


def _problem(field: Field, answers: Answers, today: Date, villages: Container[str] | None) -> str:
    value = answers.get(field.name)
    found = values.take(field, values.typed(value), today, villages=villages)
    if not found.problem and found.value != value:
        return "check"  # not as `values` normalises it: it was not typed at a kiosk
    return found.problem or _unmet(field, answers, today)


def _unmet(field: Field, answers: Answers, today: Date) -> str:
    """A check is about an answer: without one there is nothing to check."""
    has = field.name in answers
    return "check" if has and not _holds(field.check, answers, today) else ""


def _holds(condition: str, answers: Answers, today: Date) -> bool:
    try:
        return holds(condition, answers, today)
    except ExpressionError:
        return False
