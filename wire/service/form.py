"""Which questions a service asks, given what was answered, and whether anything is missing. Pure.

A field is asked when its condition holds for the answers of fields that are themselves asked and
stand before it: what was answered to a question that is asked no longer does not count and is not
handed in. Fields of one `page` stand together, where the first of them stands; any other field is a
page of its own.
"""

from collections.abc import Container, Mapping, Sequence
from typing import NamedTuple

from wire.service.days import Date
from wire.service.document import Fee, Field, Requirement, Service
from wire.service.expression import Answers, Value


class Page(NamedTuple):
    """`name` is that of the pack, or of its only field: good for an address."""

    name: str
    fields: tuple[Field, ...]


class Problem(NamedTuple):
    """`code` is one of wire/service/values.py, or "check": the field's own `check_says`."""

    field: str
    code: str


class Filled(NamedTuple):
    """`answers` are all answers so far with this page's in them, `warnings` by field."""

    answers: dict[str, Value]
    problems: tuple[Problem, ...]
    warnings: dict[str, tuple[str, ...]]


def kept(service: Service, answers: Answers, today: Date) -> dict[str, Value]:
    """The answers to fields that are asked: what may be handed in, in the order of the pack."""
    raise NotImplementedError


def pages(service: Service, answers: Answers, today: Date) -> tuple[Page, ...]:
    """All that are asked, also those answered already."""
    raise NotImplementedError


def fill(
    service: Service,
    page: Page,
    typed: Mapping[str, Sequence[str]],
    answers: Answers,
    today: Date,
    *,
    villages: Container[str] | None = None,
) -> Filled:
    """Takes what was typed into one page. An answer that will not do is not in `answers`."""
    raise NotImplementedError


def complete(
    service: Service, answers: Answers, today: Date, *, villages: Container[str] | None = None
) -> tuple[Problem, ...]:
    """What is still wrong with all of it, in the order of the pack; () : it may be handed in."""
    raise NotImplementedError


def requirements(service: Service, answers: Answers, today: Date) -> tuple[Requirement, ...]:
    """The papers that this citizen needs."""
    raise NotImplementedError


def fees(service: Service, answers: Answers, today: Date) -> tuple[Fee, ...]:
    """What this citizen pays."""
    raise NotImplementedError
