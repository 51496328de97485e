"""Searching the services, and what one may complain about, forgiving how words are spelled.

Owns the ranking: every word that was asked for is held against the words of a service's names,
summaries and keywords in all three languages, and against those of the categories of complaints:
who looks for a street lamp finds where to say that it is dark. Pure but for its page.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from statistics import fmean
from typing import Final

from rapidfuzz import fuzz

from portal import home
from portal.answer import Answer, page
from portal.asked import Ask
from wire.service.document import Service, Words
from wire.service.tenant import Category

LONGEST: Final = 80
MOST_WORDS: Final = 8
LEAST: Final = 72.0  # of 100: one wrong letter in a word of four
SURE: Final = 95.0  # a word as it is written
FEW: Final = 3  # fewer are too few to choose from; more categories would hide the services
_WORD: Final = re.compile(r"[a-z0-9]+")
_EMPTY: Final = frozenset(("di", "ke", "dan", "yang", "untuk", "the", "a", "of", "for", "nu"))


def show(ask: Ask) -> Answer:
    asked = ask.query.get("q", "")[:LONGEST]
    found = find(asked, ask.catalogue.on(home.times(ask).today))
    groups = ask.catalogue.groups
    return page(
        ask,
        "search.html",
        asked=asked,
        found=[(one, groups.get(one.group)) for one in found],
        categories=complaints(asked, ask.catalogue.tenant.categories),
    )


def find(asked: str, services: Iterable[Service]) -> list[Service]:
    """The best first; where few have all the words, those that have one follow.

    Nothing for words that say nothing.
    """
    words = _said(asked)
    points = [
        (_points(words, one.name, (*one.keywords, *_in_all(one.summary))), one) for one in services
    ]
    rated = [(fmean(each), max(each), one) for each, one in points if each]
    rated.sort(key=lambda row: (-row[0], row[2].name.id))
    good = [one for mean, _, one in rated if mean >= LEAST]
    near = [one for mean, best, one in rated if mean < LEAST and best >= SURE]
    return good if len(good) >= FEW else [*good, *near[:FEW]]


def complaints(asked: str, categories: Iterable[Category]) -> list[Category]:
    """What may be complained about in these words, the best first."""
    words = _said(asked)
    rated = [
        (fmean(_points(words, one.name, (*one.keywords, *_in_all(one.examples)))), one)
        for one in (categories if words else ())
    ]
    good = sorted((row for row in rated if row[0] >= LEAST), key=lambda row: (-row[0], row[1].code))
    return [one for _, one in good[:FEW]]


def plain(text: str) -> list[str]:
    """Its words without accents and case."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(one for one in bare if not unicodedata.combining(one)))


def _said(asked: str) -> list[str]:
    return [one for one in plain(asked) if one not in _EMPTY][:MOST_WORDS]


def _in_all(words: Words | None) -> tuple[str, ...]:
    return (words.id, words.su, words.en) if words else ()


def _points(words: Sequence[str], name: Words, more: Iterable[str]) -> list[float]:
    """Of each word, 0 to 100; one of the name counts a little more than one of the keywords."""
    named, said = plain(" ".join(_in_all(name))), plain(" ".join(more))
    return [max(_best(word, named), _best(word, said) - 4) for word in words]


def _best(word: str, among: list[str]) -> float:
    return max((_alike(word, one) for one in among), default=0.0)


def _alike(word: str, other: str) -> float:
    if len(word) >= 3 and other.startswith(word):
        return 99.0
    return fuzz.ratio(word, other)
