"""The words of the expression language, as a clerk writes them. Pure.

Capitals mean the same as small letters, since no field has capitals; the quotation marks and
comparison signs that a word processor puts in are taken for the plain ones.
"""

import re
from typing import Final, Literal, NamedTuple

from wire.service.document import Words

MOST_TEXT: Final = 500
MOST_NUMBER: Final = 10**15

_WORDS: Final = {
    "or": "or", "atau": "or", "and": "and", "dan": "and", "not": "not", "bukan": "not",
    "in": "in", "dalam": "in", "true": "true", "ya": "true", "false": "false", "tidak": "false",
}  # fmt: skip
_PLAIN: Final = str.maketrans({"‘": "'", "’": "'", "“": '"', "”": '"', "\u00a0": " "})
_SIGNS: Final = {"=": "==", "≠": "!=", "<>": "!=", "≤": "<=", "≥": ">=", "×": "*", "−": "-"}
_TOKEN: Final = re.compile(
    r"""\s*(?:
    (?P<number>[0-9]+)(?![0-9A-Za-z_])
    |(?P<text>'[^'"\n]*'|"[^'"\n]*")
    |(?P<word>[A-Za-z][A-Za-z0-9_]*(?:\.[A-Za-z][A-Za-z0-9_]*)*)
    |(?P<sign>==|!=|<=|>=|<>|[=<>≠≤≥+*×−()\[\],-])
    )""",
    re.VERBOSE,
)


class ExpressionError(ValueError):
    """The text is no condition. `at`: the character it is about, from 0; `says`: to a clerk."""

    def __init__(self, at: int, says: Words) -> None:
        super().__init__(f"{at}: {says.en}")
        self.at = at
        self.says = says


class Token(NamedTuple):
    """`text` of a word or sign is the plain one; of a text what stands between the marks."""

    kind: Literal["number", "text", "name", "word", "sign", "end"]
    text: str
    at: int


def split(source: str) -> tuple[Token, ...]:
    """Ends with one of kind "end". Raises ExpressionError."""
    if len(source) > MOST_TEXT:
        raise wrong(MOST_TEXT, f"Syarat ini lebih dari {MOST_TEXT} huruf.",
                    f"This condition is longer than {MOST_TEXT} characters.")  # fmt: skip
    text, at, tokens = source.translate(_PLAIN), 0, []
    while text[at:].strip():
        found = _TOKEN.match(text, at)
        if not found:
            raise _strange(text, at)
        tokens.append(_token(found))
        at = found.end()
    return (*tokens, Token("end", "", len(text)))


def wrong(at: int, indonesian: str, english: str) -> ExpressionError:
    return ExpressionError(at, Words(id=indonesian, en=english))


def _token(found: re.Match[str]) -> Token:
    kind = str(found.lastgroup)
    text, at = found[kind], found.start(kind)
    if kind == "number":
        if len(text) > 16 or int(text) > MOST_NUMBER:
            raise wrong(at, "Angka ini terlalu besar.", "This number is too large.")
        return Token("number", text, at)
    if kind == "text":
        return Token("text", text[1:-1], at)
    if kind == "sign":
        return Token("sign", _SIGNS.get(text, text), at)
    word = text.lower()
    return Token("word", _WORDS[word], at) if word in _WORDS else Token("name", word, at)


def _strange(text: str, at: int) -> ExpressionError:
    at += len(text[at:]) - len(text[at:].lstrip())
    letter = text[at]
    if letter in "'\"":
        return wrong(at, "Tanda kutip ini tidak ditutup.", "This quotation mark is not closed.")
    return wrong(at, f"{letter!r} tidak dikenal di sini.", f"{letter!r} means nothing here.")
