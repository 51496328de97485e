"""Conditions of service packs: a small closed language, and the only evaluator of it.

    umur(nik) >= 17 dan status == 'kawin'
    panjang(nama) > 3 atau bukan kosong(alasan)
    tujuan in ['sekolah', 'kesehatan']

Words: or/atau, and/dan, not/bukan, in/dalam, true/ya, false/tidak. Comparisons == != < <= > >=,
numbers with + - *, texts in ' or ", lists only behind `in`. Functions: umur(nik or date) in whole
years, panjang(text or choices), kosong(anything), hari_ini(). A date minus a date is days, a date
plus or minus days is a date.

Evaluation is total: it never raises and never loops. What was not answered is empty, and so is ''
and a choice of nothing. What cannot be computed (a text times two, the age of no date) is empty
too; a comparison with something empty is false, but for == and !=. There are no attributes, no
calls of Python, no recursion. The grammar is in grammar.py, what a clerk may have got wrong with
the fields of a pack in meaning.py.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from operator import ge, gt, le, lt
from typing import Final, TypeGuard

from wire.service import days, grammar
from wire.service.days import Date
from wire.service.grammar import (
    All,
    Any,
    Call,
    Comparison,
    Constant,
    Membership,
    Name,
    Negation,
    Product,
    Sum,
    Tree,
)
from wire.service.numbers import born
from wire.service.tokens import MOST_NUMBER, ExpressionError

__all__ = ["Answers", "Expression", "ExpressionError", "Value", "evaluate", "holds", "names",
           "parse"]  # fmt: skip

Value = str | bool | int | tuple[str, ...]
Answers = Mapping[str, Value]
"""By field name, as wire/service/values.py normalises them. Dates are YYYY-MM-DD."""

_Held = Value | Date | None
_ORDERS: Final = {"<": lt, "<=": le, ">": gt, ">=": ge}


@dataclass(frozen=True, slots=True)
class Expression:
    """A condition that was parsed. Made by `parse` alone."""

    tree: Tree


@lru_cache(maxsize=512)  # the same few conditions are asked for with every page
def parse(text: str) -> Expression:
    """Raises ExpressionError. A blank text is none: ask before."""
    return Expression(grammar.tree(text))


def names(expression: Expression) -> frozenset[str]:
    """The fields it asks for."""
    return _names(expression.tree)


def evaluate(expression: Expression, answers: Answers, today: Date) -> Value | None:
    """None: empty."""
    return _plain(_Evaluation(answers, today).of(expression.tree))


def holds(condition: str, answers: Answers, today: Date) -> bool:
    """Of a Condition of the document: "" holds always. Raises ExpressionError when it is none."""
    return not condition.strip() or bool(evaluate(parse(condition), answers, today))


def _names(tree: Tree) -> frozenset[str]:
    if isinstance(tree, Name):
        return frozenset({tree.name})
    return frozenset().union(*(_names(part) for part in grammar.parts(tree)))


class _Evaluation:
    def __init__(self, answers: Answers, today: Date) -> None:
        self._answers = answers
        self._today = today

    def of(self, tree: Tree) -> _Held:
        match tree:
            case Constant(value):
                return value
            case Name(name):
                return self._answers.get(name)
            case Call(function, arguments):
                return self._call(function, *(self.of(argument) for argument in arguments))
            case Sum(parts):
                return _sum([(sign, self.of(part)) for sign, part in parts])
            case Product(parts):
                return _product([self.of(part) for part in parts])
            case _:
                return self._is(tree)

    def _is(self, tree: Tree) -> bool:
        match tree:
            case Any(parts):
                return any(self.of(part) for part in parts)
            case All(parts):
                return all(self.of(part) for part in parts)
            case Negation(inner):
                return not self.of(inner)
            case Comparison(sign, left, right):
                return _compare(sign, self.of(left), self.of(right))
            case Membership(item, among):
                return self._is_among(self.of(item), among)
            case _:  # pragma: no cover - the grammar has no other
                return False

    def _is_among(self, held: _Held, among: tuple[Constant, ...] | Name) -> bool:
        if isinstance(among, tuple):
            return any(_same(held, constant.value) for constant in among)
        several = self._answers.get(among.name)
        return isinstance(several, tuple) and _plain(held) in several

    def _call(self, function: str, held: _Held = None) -> _Held:
        if function == "hari_ini":
            return self._today
        if function == "kosong":
            return _plain(held) is None
        if function == "panjang":
            plain = _plain(held)
            return len(plain) if isinstance(plain, str | tuple) else 0
        return self._age(held)

    def _age(self, held: _Held) -> int | None:
        day = _as_date(held)
        if day is None and isinstance(held, str):
            day = born(held, self._today)
        years = days.age(day, self._today) if day else -1
        return years if years >= 0 else None


def _compare(sign: str, left: _Held, right: _Held) -> bool:
    if sign in ("==", "!="):
        return _same(left, right) == (sign == "==")
    order = _ORDERS[sign]
    if _is_number(left) and _is_number(right):
        return bool(order(left, right))
    first, second = _as_date(left), _as_date(right)
    return first is not None and second is not None and bool(order(first, second))


def _same(left: _Held, right: _Held) -> bool:
    """A truth is no number here, though Python thinks so."""
    first, second = _plain(left), _plain(right)
    return type(first) is type(second) and first == second


def _sum(parts: list[tuple[int, _Held]]) -> _Held:
    sign, total = parts[0]
    if sign < 0:
        total = -total if _is_number(total) else None
    for sign, held in parts[1:]:
        total = _plus(total, sign, held)
    return total


def _plus(left: _Held, sign: int, right: _Held) -> _Held:
    if _is_number(left) and _is_number(right):
        return _bounded(left + sign * right)
    first, second = _as_date(left), _as_date(right)
    if first and second and sign < 0:
        return days.ordinal(first) - days.ordinal(second)
    if first and _is_number(right):
        return _later(first, sign * right)
    if second and _is_number(left) and sign > 0:
        return _later(second, left)
    return None


def _product(parts: list[_Held]) -> int | None:
    total: int | None = 1
    for held in parts:
        total = _bounded(total * held) if total is not None and _is_number(held) else None
    return total


def _bounded(number: int) -> int | None:
    return number if abs(number) <= MOST_NUMBER else None


def _later(day: Date, count: int) -> Date | None:
    try:
        return days.plus(day, count)
    except ValueError:
        return None


def _is_number(held: _Held) -> TypeGuard[int]:
    return isinstance(held, int) and not isinstance(held, bool)


def _as_date(held: _Held) -> Date | None:
    if isinstance(held, Date):
        return held
    try:
        return days.parse(held) if isinstance(held, str) else None
    except ValueError:
        return None


def _plain(held: _Held) -> Value | None:
    """Without our own kinds of value; empty texts and choices are None."""
    if isinstance(held, Date):
        return days.iso(held)
    return None if held in ("", ()) else held
