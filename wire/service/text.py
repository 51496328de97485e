"""Text as people paste it, made fit to be kept, shown and printed. Pure.

Nothing is refused here: what does not belong in a text is left out. Markup is text like any other;
who shows it escapes it. Control characters would steer a printer or a terminal, direction
characters would show a name as another, piles of accents would cover what stands above.
"""

import re
import unicodedata
from typing import Final

MOST_MARKS: Final = 4  # accents upon one letter
_JOINERS: Final = "\u200c\u200d"  # between the parts of letters and of emoji
_BREAKS: Final = re.compile(r"\r\n?|[\u2028\u2029\u0085\v\f]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_EMAIL: Final = re.compile(r"[^@\s]+@[a-z0-9-]+(\.[a-z-]{2,})+")
_MARK: Final = r"[\u0300-\u036f\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE: Final = re.compile(f"({_MARK}{{{MOST_MARKS}}}){_MARK}+")


def line(text: str) -> str:
    """One line: breaks and runs of spaces become one space, none at either end."""
    return " ".join(_clean(text).split())


def lines(text: str) -> str:
    """Several lines, never more than one empty one between two."""
    each = (_SPACES.sub(" ", part).strip() for part in _clean(text).split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(each)).strip()


def printable(text: str) -> str:
    """As it is, without what steers a device. Line breaks stay."""
    return "".join(letter for letter in text if letter == "\n" or not _steers(letter))


def masked(text: str) -> str:
    """Enough to know one's own by: 3273••••••••0009, ••••••5678, W••••, w••••@contoh.id."""
    if text.isdecimal():
        shown = 4 if len(text) > 13 else 0
        return text[:shown] + "•" * (len(text) - shown - 4) + text[-4:] if len(text) > 6 else "••••"
    if _EMAIL.fullmatch(text):
        return f"{text[0]}••••@{text.rpartition('@')[2]}"
    return " ".join(f"{word[0]}••••" for word in text.split()[:4])


def _clean(text: str) -> str:
    plain = printable(_BREAKS.sub("\n", text).replace("\t", " "))
    return _PILE.sub(r"\1", unicodedata.normalize("NFC", plain))


def _steers(letter: str) -> bool:
    return letter not in _JOINERS and unicodedata.category(letter) in ("Cc", "Cf", "Cs", "Co", "Cn")
