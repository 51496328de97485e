"""Conditions of service packs: a small closed language, and the only evaluator of it.

    umur(nik) >= 17 dan status == 'kawin'
    panjang(nama) > 3 atau bukan kosong(alasan)
    tujuan in ['sekolah', 'kesehatan']

Words: or/atau, and/dan, not/bukan, in/dalam, true/ya, false/tidak. Comparisons == != < <= > >=,
numbers with + - *, texts in ' or ", lists only behind `in`. Functions: umur(nik or date) in whole
years, panjang(text or choices), kosong(anything), hari_ini(). A date minus a date is days, a date
plus or minus days is a date.

Evaluation is total: it never raises and never loops. What was not answered is empty; what cannot
be computed (a text times two, the age of no date) is empty too; a comparison with something empty
is false, but for == and !=. There are no attributes, no calls of Python, no recursion of packs.
"""

from collections.abc import Mapping
from typing import Final

from wire.service.days import Date
from wire.service.document import Words

Value = str | bool | int | tuple[str, ...]
Answers = Mapping[str, Value]
"""By field name, as wire/service/values.py normalises them. Dates are YYYY-MM-DD."""

MOST_TEXT: Final = 500
MOST_DEPTH: Final = 24


class ExpressionError(ValueError):
    """The text is no condition. `at`: the character it is about, from 0; `says`: to a clerk."""

    def __init__(self, at: int, says: Words) -> None:
        super().__init__(f"{at}: {says.en}")
        self.at = at
        self.says = says


class Expression:
    """A condition that was parsed. Made by `parse` alone."""


def parse(text: str) -> Expression:
    """Raises ExpressionError. A blank text is none: ask before."""
    raise NotImplementedError


def names(expression: Expression) -> frozenset[str]:
    """The fields it asks for."""
    raise NotImplementedError


def evaluate(expression: Expression, answers: Answers, today: Date) -> Value | None:
    """None: empty."""
    raise NotImplementedError


def holds(condition: str, answers: Answers, today: Date) -> bool:
    """Of a Condition of the document: "" holds always. Raises ExpressionError when it is none."""
    raise NotImplementedError
