"""The grammar of printed templates: text, {{ path|filter }}, {% if %} and {% for %}. Pure.

A tag that stands alone on a line takes the line with it. Blocks nest at most MOST_DEPTH deep.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from wire.service.document import Words
from wire.service.expression import Expression, ExpressionError, parse
from wire.service.filters import FILTERS

MOST_TEXT: Final = 8_000
MOST_DEPTH: Final = 5

_PATH: Final = r"[a-z][a-z0-9_]*(?:\.[a-z][a-z0-9_]*)*"
_PRINT: Final = re.compile(rf"\s*({_PATH})((?:\s*\|\s*[a-z]+)*)\s*")
_FOR: Final = re.compile(rf"for\s+([a-z][a-z0-9_]*)\s+in\s+({_PATH})")
_TAG: Final = r"(?:(?!%\}).)*"  # never beyond its own end
_MARK: Final = re.compile(
    rf"^[ \t]*\{{%(?P<alone>{_TAG})%\}}[ \t]*(?:\n|\Z)"
    rf"|\{{%(?P<tag>{_TAG})%\}}|\{{\{{(?P<put>(?:(?!\}}\}}).)*)\}}\}}",
    re.MULTILINE | re.DOTALL,
)
_STRAY: Final = re.compile(r"\{\{|\{%|%\}|\}\}")


class TemplateError(ValueError):
    """`at`: the character it is about, from 0; `says`: to a clerk."""

    def __init__(self, at: int, says: Words) -> None:
        super().__init__(f"{at}: {says.en}")
        self.at = at
        self.says = says


@dataclass(frozen=True, slots=True)
class Put:
    path: str
    filters: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class If:
    """The body of the first condition that holds; the one of `else` is True."""

    branches: tuple[tuple[Expression | None, "Body"], ...]


@dataclass(frozen=True, slots=True)
class For:
    name: str
    path: str
    body: "Body"


Body = tuple["str | Put | If | For", ...]


@dataclass(frozen=True, slots=True)
class _Piece:
    """`kind` is text, put or tag; `at` where its `inside` begins."""

    kind: str
    inside: str
    at: int


def body(text: str) -> Body:
    """Raises TemplateError."""
    if len(text) > MOST_TEXT:
        raise wrong(MOST_TEXT, f"Naskah ini lebih dari {MOST_TEXT} huruf.",
                    f"This template is longer than {MOST_TEXT} characters.")  # fmt: skip
    return _Parser(tuple(_pieces(text)), len(text)).whole()


def wrong(at: int, indonesian: str, english: str) -> TemplateError:
    return TemplateError(at, Words(id=indonesian, en=english))


def _pieces(text: str) -> Iterator[_Piece]:
    at = 0
    for mark in _MARK.finditer(text):
        yield from _plain(text, at, mark.start())
        kind = str(mark.lastgroup)
        begins = mark.end(kind) - len(mark[kind].lstrip())
        yield _Piece("put" if kind == "put" else "tag", mark[kind].strip(), begins)
        at = mark.end()
    yield from _plain(text, at, len(text))


def _plain(text: str, start: int, end: int) -> Iterator[_Piece]:
    if stray := _STRAY.search(text, start, end):
        raise wrong(stray.start(), f"{stray[0]} di sini tidak berpasangan.",
                    f"{stray[0]} has no counterpart here.")  # fmt: skip
    if start < end:
        yield _Piece("text", text[start:end], start)


class _Parser:
    def __init__(self, pieces: tuple[_Piece, ...], length: int) -> None:
        self._pieces = pieces
        self._length = length
        self._at = 0
        self._depth = 0

    def whole(self) -> Body:
        found = self._body()
        if self._at < len(self._pieces):
            raise self._unexpected(self._pieces[self._at])
        return found

    def _body(self) -> Body:
        """Up to the tag that ends or divides the block it stands in, or the end."""
        found: list[str | Put | If | For] = []
        while self._at < len(self._pieces):
            piece = self._pieces[self._at]
            word = piece.inside.split(" ", 1)[0] if piece.kind == "tag" else ""
            if word in ("elif", "else", "endif", "endfor"):
                break
            self._at += 1
            found.append(self._one(piece, word))
        return tuple(found)

    def _one(self, piece: _Piece, word: str) -> str | Put | If | For:
        if piece.kind == "text":
            return piece.inside
        if piece.kind == "put":
            return _put(piece)
        if word not in ("if", "for"):
            raise self._unexpected(piece)
        self._depth += 1
        if self._depth > MOST_DEPTH:
            raise wrong(piece.at, "Terlalu banyak blok bertumpuk.", "Blocks nest too deeply.")
        found = self._if(piece) if word == "if" else self._for(piece)
        self._depth -= 1
        return found

    def _if(self, piece: _Piece) -> If:
        branches: list[tuple[Expression | None, Body]] = [(_condition(piece, "if"), self._body())]
        while (tag := self._tag()).inside.split(" ", 1)[0] == "elif":
            branches.append((_condition(tag, "elif"), self._body()))
        if tag.inside == "else":
            branches.append((None, self._body()))
            tag = self._tag()
        if tag.inside != "endif":
            raise self._unexpected(tag)
        return If(tuple(branches))

    def _for(self, piece: _Piece) -> For:
        found = _FOR.fullmatch(piece.inside)
        if not found:
            raise wrong(piece.at, "Tulis seperti: for x in syarat.", "Write as: for x in syarat.")
        inner = self._body()
        tag = self._tag()
        if tag.inside != "endfor":
            raise self._unexpected(tag)
        return For(found[1], found[2], inner)

    def _tag(self) -> _Piece:
        if self._at == len(self._pieces):
            raise wrong(self._length, "Ada if atau for yang belum ditutup.",
                        "An if or for is not closed.")  # fmt: skip
        self._at += 1
        return self._pieces[self._at - 1]

    def _unexpected(self, piece: _Piece) -> TemplateError:
        return wrong(piece.at, f"{piece.inside[:40]!r} tidak bisa berada di sini.",
                     f"{piece.inside[:40]!r} cannot stand here.")  # fmt: skip


def _put(piece: _Piece) -> Put:
    found = _PRINT.fullmatch(piece.inside)
    if not found:
        raise wrong(piece.at, "Tulis nama isian, lalu saringan: isian.nama|besar.",
                    "Write the name of a value, then filters: isian.nama|besar.")  # fmt: skip
    filters = tuple(each.strip() for each in found[2].split("|")[1:])
    for each in filters:
        if each not in FILTERS:
            known = ", ".join(FILTERS)
            raise wrong(piece.at, f"Saringan {each} tidak ada. Yang ada: {known}.",
                        f"There is no filter {each}. There are: {known}.")  # fmt: skip
    return Put(found[1], filters)


def _condition(piece: _Piece, word: str) -> Expression:
    try:
        return parse(piece.inside.removeprefix(word))
    except ExpressionError as error:
        raise TemplateError(piece.at + len(word) + error.at, error.says) from None
