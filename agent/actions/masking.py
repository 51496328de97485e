"""Takes citizens' numbers and addresses out of text before it goes anywhere.

Pure. Masks every loose run of 13 digits and more (identity and family numbers 16, tax objects 18,
businesses 13), telephone numbers and e-mail addresses; digits may be grouped by blanks, dots,
hyphens, slashes, what a browser makes of those, or signs that nobody sees. Rather masks too much: a
log without a time stamp can be read, a log with a citizen's number must not leave the kiosk.
"""

import re
from typing import Final, NamedTuple

LONGEST_LINE: Final = 4000
NUMBER: Final = "[number]"
MAIL: Final = "[e-mail]"
_LEAST: Final = 13
_BETWEEN: Final = (
    r"(?:%20|%2[DdEeFf]|%C2%A0|&nbsp;|[\s.\-‐-―−·_/()+,'\"|\u00ad\u200b-\u200f\u2060\ufeff])"
)
_RUN = re.compile(rf"\+?\(?\d(?:{_BETWEEN}{{0,3}}\d){{7,}}")
_PHONE = re.compile(r"(?:\+?62|0)[1-9]\d{6,11}", re.ASCII)
_MAIL = re.compile(
    r"(?<![\w.%+-])[\w.%+-]{1,64}(?:@|%40)(?:[\w-]{1,63}\.){1,8}"
    r"(?!service\b|timer\b|socket\b|mount\b|path\b|target\b|slice\b|scope\b)[^\W\d_]{2,24}\b"
)
_ESCAPED = re.compile(r"%[0-9A-Fa-f]{2}")


class Masked(NamedTuple):
    text: str
    found: int


def mask(line: str) -> Masked:
    """One line. What is too long for one is cut, and never within a number."""
    text, mails = _MAIL.subn(MAIL, line[:LONGEST_LINE])
    if len(line) > LONGEST_LINE:
        text = f"{text[: _end_of_words(text)]} [cut]"
    found = 0

    def replace(match: re.Match[str]) -> str:
        nonlocal found
        if not _is_somebodys(match[0]):
            return match[0]
        found += 1
        return NUMBER

    return Masked(_RUN.sub(replace, text), found + mails)


def _is_somebodys(run: str) -> bool:
    groups = re.findall(r"\d+", _ESCAPED.sub(" ", run).replace("&nbsp;", " "))
    if sum(map(len, groups)) >= _LEAST:
        return True
    # A telephone number may stand beside another number.
    places = [(a, b) for a in range(len(groups)) for b in range(a + 1, len(groups) + 1)]
    return any(_PHONE.fullmatch("".join(groups[a:b])) for a, b in places)


def _end_of_words(text: str) -> int:
    """Where the last word ends: what follows may be the first half of a number."""
    end = len(text)
    while end and (not text[end - 1].isalpha() or text[end - 1] in "ABCDEFabcdef"):
        end -= 1
    return end
