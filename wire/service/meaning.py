"""Whether a condition can mean what its clerk wanted, given the fields it asks for. Pure.

The evaluator answers whatever is asked; here somebody is told that an age of a name, a comparison
with an option that does not exist, or a choice that is added to a number was not meant.
"""

from collections.abc import Iterator, Mapping
from typing import Final, Literal, NamedTuple

from wire.service import days, grammar
from wire.service.document import Field, FieldKind
from wire.service.expression import Expression
from wire.service.grammar import (
    Call,
    Comparison,
    Constant,
    Membership,
    Name,
    Product,
    Sum,
    Tree,
)

Type = Literal["number", "text", "date", "truth", "several", "any"]

_TYPES: Final[Mapping[FieldKind, Type]] = {
    "integer": "number", "rupiah": "number", "date": "date", "yes_no": "truth",
    "choices": "several", "photo": "several",
}  # fmt: skip
_CALLS: Final[Mapping[str, Type]] = {
    "umur": "number", "panjang": "number", "kosong": "truth", "hari_ini": "date",
}  # fmt: skip


class Mistake(NamedTuple):
    id: str
    en: str


def mistakes(expression: Expression, fields: Mapping[str, Field]) -> tuple[Mistake, ...]:
    """`fields`: those that were asked before it, by name."""
    return tuple(dict.fromkeys(_Reading(fields).of(expression.tree)))


class _Reading:
    def __init__(self, fields: Mapping[str, Field]) -> None:
        self._fields = fields

    def of(self, tree: Tree) -> Iterator[Mistake]:
        match tree:
            case Name(name):
                yield from self._unknown(name)
            case Call("umur", (argument,)):
                yield from self._no_age(argument)
            case Comparison(sign, left, right):
                yield from self._unlike(sign, left, right)
            case Membership(item, among):
                yield from self._no_choices(item, among)
                yield from self._no_option(item, among)
            case Sum(_) | Product(_):
                yield from self._no_number(tree)
        for part in grammar.parts(tree):
            yield from self.of(part)

    def _type(self, tree: Tree) -> Type:
        match tree:
            case Constant():
                return _of_constant(tree)
            case Name(name):
                field = self._fields.get(name)
                return _TYPES.get(field.kind, "text") if field else "any"
            case Call(function, _):
                return _CALLS[function]
            case Sum(_):
                return self._of_sum(tree)
            case Product(_):
                return "number"
        return "truth"

    def _of_sum(self, tree: Sum) -> Type:
        kinds = [self._type(part) for _, part in tree.parts]
        if "any" in kinds:
            return "any"
        return "date" if kinds.count("date") == 1 else "number"

    def _unknown(self, name: str) -> Iterator[Mistake]:
        if name not in self._fields:
            yield Mistake(
                f"Isian {name} tidak ada, atau baru ditanyakan sesudahnya.",
                f"There is no field {name}, or it is only asked later.",
            )

    def _no_age(self, argument: Tree) -> Iterator[Mistake]:
        field = self._fields.get(argument.name) if isinstance(argument, Name) else None
        if field and field.kind not in ("nik", "date"):
            yield Mistake(
                f"Umur hanya dapat dihitung dari NIK atau tanggal, bukan dari {field.name}.",
                f"An age is that of a NIK or a date, not of {field.name}.",
            )

    def _unlike(self, sign: str, left: Tree, right: Tree) -> Iterator[Mistake]:
        kinds = {self._type(left), self._type(right)}
        ordered = sign not in ("==", "!=")
        if "any" not in kinds and (len(kinds) > 1 or (ordered and not kinds <= {"number", "date"})):
            yield Mistake(
                "Yang dibandingkan berbeda jenisnya, jadi jawabannya selalu sama.",
                "What is compared is of different kinds, so that the answer is always the same.",
            )
        yield from self._no_option(left, (right,))
        yield from self._no_option(right, (left,))

    def _no_choices(self, item: Tree, among: "tuple[Tree, ...] | Name") -> Iterator[Mistake]:
        """One thing is looked for among several, never the other way round."""
        if self._type(item) == "several" or (
            isinstance(among, Name) and self._type(among) not in ("several", "any")
        ):
            yield Mistake(
                "Di kiri dalam harus satu nilai, di kanannya daftar atau isian beberapa pilihan.",
                "Left of `in` stands one value, right of it a list or a field of several choices.",
            )

    def _no_option(self, item: Tree, among: "tuple[Tree, ...] | Name") -> Iterator[Mistake]:
        chosen, values = (among, (item,)) if isinstance(among, Name) else (item, among)
        field = self._fields.get(chosen.name) if isinstance(chosen, Name) else None
        if not field or field.kind not in ("choice", "choices"):
            return
        known = {option.value for option in field.options} | {""}
        for value in values:
            if isinstance(value, Constant) and value.value not in known:
                yield Mistake(
                    f"{field.name} tidak punya pilihan {value.value!r}.",
                    f"{field.name} has no option {value.value!r}.",
                )

    def _no_number(self, tree: Tree) -> Iterator[Mistake]:
        fit = {"number", "any"} if isinstance(tree, Product) else {"number", "date", "any"}
        if any(self._type(part) not in fit for part in grammar.parts(tree)):
            yield Mistake(
                "Hanya angka dan tanggal yang dapat dihitung.",
                "One reckons with numbers and dates.",
            )


def _of_constant(constant: Constant) -> Type:
    value = constant.value
    if isinstance(value, bool):
        return "truth"
    if isinstance(value, int):
        return "number"
    try:
        days.parse(value)
    except ValueError:
        return "text"
    return "date"
