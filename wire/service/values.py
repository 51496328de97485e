"""What a citizen typed, for every kind of field: taken and normalised, or refused with one word.

Structure is judged, existence is not: whether there is such a person only their office knows. What
may be right although it looks wrong (the area code of a number of identity: people move, regions
split) is a warning and never refuses. Pure; the same at the kiosk and at the office.

Normalised: text without control and direction characters, spaces folded; numbers as int; dates
YYYY-MM-DD; nik, kk, nop, nib, npwp as digits alone; phone 08...; email with its domain in small
letters; choice an option's value, choices a tuple of them in the order of the pack; yes_no a bool;
village its code 32.73.05.1001; photo the SHA-256 of pictures (Content.photos); note nothing.
"""

from collections.abc import Container, Sequence
from typing import NamedTuple

from wire.service.days import Date
from wire.service.document import Field, FieldKind, Words
from wire.service.expression import Value


class Taken(NamedTuple):
    """`value` None: nothing was typed, or it will not do. `problem` is a code of `says`, "" none.

    `warnings` are codes of `says` too: shown, and the citizen may go on.
    """

    value: Value | None
    problem: str = ""
    warnings: tuple[str, ...] = ()


def take(
    field: Field,
    typed: Sequence[str],
    today: Date,
    *,
    villages: Container[str] | None = None,
    regions: Container[str] | None = None,
) -> Taken:
    """`typed`: what the form sent under the field's name, [] when nothing.

    `villages`: codes that a village may have, None: any of that shape. `regions`: the first four
    digits of area codes ("3273") that raise no warning, None: all.
    """
    raise NotImplementedError


def typed(value: Value | None) -> list[str]:
    """As a form would send it again: `take` of it gives the value back."""
    raise NotImplementedError


def mask(kind: FieldKind, value: Value) -> str:
    """For a screen or paper others may see: 3273••••••••0009."""
    raise NotImplementedError


def says(code: str, field: Field) -> Words:
    """The sentence of a problem or warning, to a citizen. Raises KeyError for an unknown code."""
    raise NotImplementedError
