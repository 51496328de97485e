"""The grammar of the expression language: words into a tree, which expression.py evaluates. Pure.

    condition  : all ("or" all)*
    all        : negation ("and" negation)*
    negation   : "not" negation | comparison
    comparison : sum [("==" | "!=" | "<" | "<=" | ">" | ">=") sum | ["not"] "in" (list | name)]
    sum        : product (("+" | "-") product)*
    product    : factor ("*" factor)*
    factor     : "-" factor | number | text | "true" | "false" | name | call | "(" condition ")"
    call       : name "(" [sum] ")"
    list       : "[" constant ("," constant)* "]"

A tree is never deeper than MOST_DEPTH brackets, so that nothing that walks it runs out of stack.
"""

from dataclasses import dataclass
from typing import Final

from wire.service.tokens import ExpressionError, Token, split, wrong

MOST_DEPTH: Final = 24
FUNCTIONS: Final = {"umur": 1, "panjang": 1, "kosong": 1, "hari_ini": 0}
"""How many arguments each takes."""


@dataclass(frozen=True, slots=True)
class Constant:
    value: str | int | bool


@dataclass(frozen=True, slots=True)
class Name:
    name: str


@dataclass(frozen=True, slots=True)
class Call:
    function: str
    arguments: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Negation:
    of: "Tree"


@dataclass(frozen=True, slots=True)
class Any:
    """`or`."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class All:
    """`and`."""

    parts: tuple["Tree", ...]


@dataclass(frozen=True, slots=True)
class Comparison:
    sign: str
    left: "Tree"
    right: "Tree"


@dataclass(frozen=True, slots=True)
class Membership:
    """`among` is a list of constants, or the name of a field with several choices."""

    item: "Tree"
    among: tuple[Constant, ...] | Name


@dataclass(frozen=True, slots=True)
class Sum:
    """`parts` with 1 where they are added, -1 where they are taken away."""

    parts: tuple[tuple[int, "Tree"], ...]


@dataclass(frozen=True, slots=True)
class Product:
    parts: tuple["Tree", ...]


Tree = Constant | Name | Call | Negation | Any | All | Comparison | Membership | Sum | Product


def tree(text: str) -> Tree:
    """Raises ExpressionError."""
    return _Parser(split(text)).whole()


def parts(node: Tree) -> tuple[Tree, ...]:
    """What stands directly in it."""
    match node:
        case Call(_, members) | Any(members) | All(members) | Product(members):
            return members
        case Negation(inner):
            return (inner,)
        case Comparison(_, left, right):
            return (left, right)
        case Membership(item, among):
            return (item, among) if isinstance(among, Name) else (item, *among)
        case Sum(members):
            return tuple(member for _, member in members)
        case _:
            return ()


class _Parser:
    """One reading from left to right; the grammar is LL(1) but for `not in`."""

    def __init__(self, tokens: tuple[Token, ...]) -> None:
        self._tokens = tokens
        self._at = 0
        self._depth = 0

    def whole(self) -> Tree:
        found = self._condition()
        if self._next.kind != "end":
            raise self._unexpected()
        return found

    @property
    def _next(self) -> Token:
        return self._tokens[self._at]

    def _is(self, text: str) -> bool:
        return self._next.kind in ("word", "sign") and self._next.text == text

    def _taken(self, *texts: str) -> str:
        """The one of these that comes next, which is then behind us, or ""."""
        for text in texts:
            if self._is(text):
                self._at += 1
                return text
        return ""

    def _condition(self) -> Tree:
        found = [self._all()]
        while self._taken("or"):
            found.append(self._all())
        return found[0] if len(found) == 1 else Any(tuple(found))

    def _all(self) -> Tree:
        found = [self._negation()]
        while self._taken("and"):
            found.append(self._negation())
        return found[0] if len(found) == 1 else All(tuple(found))

    def _negation(self) -> Tree:
        at = self._next.at
        if not self._taken("not"):
            return self._comparison()
        self._deeper(at)
        found = Negation(self._negation())
        self._depth -= 1
        return found

    def _comparison(self) -> Tree:
        left = self._sum()
        if sign := self._taken("==", "!=", "<=", ">=", "<", ">"):
            return Comparison(sign, left, self._sum())
        if self._taken("in"):
            return Membership(left, self._among())
        if self._is("not"):
            self._at += 1
            if not self._taken("in"):
                raise self._unexpected()
            return Negation(Membership(left, self._among()))
        return left

    def _sum(self) -> Tree:
        found = [(1, self._product())]
        while sign := self._taken("+", "-"):
            found.append((1 if sign == "+" else -1, self._product()))
        return found[0][1] if len(found) == 1 else Sum(tuple(found))

    def _product(self) -> Tree:
        found = [self._factor()]
        while self._taken("*"):
            found.append(self._factor())
        return found[0] if len(found) == 1 else Product(tuple(found))

    def _factor(self) -> Tree:
        at = self._next.at
        if self._taken("-"):
            self._deeper(at)
            found: Tree = Sum(((-1, self._factor()),))
            self._depth -= 1
            return found
        if self._taken("("):
            self._deeper(at)
            found = self._condition()
            self._close(")")
            return found
        if self._next.kind == "name":
            return self._name_or_call()
        return self._constant()

    def _name_or_call(self) -> Tree:
        token = self._next
        self._at += 1
        if not self._taken("("):
            return Name(token.text)
        if token.text not in FUNCTIONS:
            known = ", ".join(FUNCTIONS)
            raise wrong(token.at, f"Fungsi {token.text} tidak ada. Yang ada: {known}.",
                        f"There is no function {token.text}. There are: {known}.")  # fmt: skip
        self._deeper(token.at)
        arguments = tuple(self._sum() for _ in range(FUNCTIONS[token.text]))
        self._close(")")
        return Call(token.text, arguments)

    def _among(self) -> tuple[Constant, ...] | Name:
        if self._next.kind == "name":
            name = self._next.text
            self._at += 1
            return Name(name)
        if not self._taken("["):
            raise self._unexpected()
        found = [self._constant()]
        while self._taken(","):
            found.append(self._constant())
        if not self._taken("]"):
            raise self._unexpected()
        return tuple(found)

    def _constant(self) -> Constant:
        token = self._next
        if token.kind == "number":
            value: str | int | bool = int(token.text)
        elif token.kind == "text":
            value = token.text
        elif token.kind == "word" and token.text in ("true", "false"):
            value = token.text == "true"
        else:
            raise self._unexpected()
        self._at += 1
        return Constant(value)

    def _deeper(self, at: int) -> None:
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise wrong(at, "Terlalu banyak tanda kurung bertumpuk.", "Nested too deeply.")

    def _close(self, bracket: str) -> None:
        if not self._taken(bracket):
            raise self._unexpected()
        self._depth -= 1

    def _unexpected(self) -> ExpressionError:
        token = self._next
        if token.kind == "end":
            return wrong(token.at, "Syarat ini belum selesai.", "This condition is not finished.")
        return wrong(token.at, f"{token.text!r} tidak bisa berada di sini.",
                     f"{token.text!r} cannot stand here.")  # fmt: skip
