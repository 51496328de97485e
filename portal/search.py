"""Searching the services, forgiving how words are spelled.

Owns the ranking: every word that was asked for is held against the words of a service's names,
summaries and keywords in all three languages; the worst word decides. Pure but for its page.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from rapidfuzz import fuzz

from portal import home
from portal.answer import Answer, page
from portal.asked import Ask
from wire.service.document import Service

LONGEST: Final = 80
MOST_WORDS: Final = 8
LEAST: Final = 72.0  # of 100: one wrong letter in a word of four
_WORD: Final = re.compile(r"[a-z0-9]+")
_EMPTY: Final = frozenset(("di", "ke", "dan", "yang", "untuk", "the", "a", "of", "for", "nu"))


def show(ask: Ask) -> Answer:
    asked = ask.query.get("q", "")[:LONGEST]
    found = find(asked, ask.catalogue.on(home.times(ask).today))
    groups = ask.catalogue.groups
    return page(
        ask, "search.html", asked=asked, found=[(one, groups.get(one.group)) for one in found]
    )


def find(asked: str, services: Iterable[Service]) -> list[Service]:
    """The best first. Nothing for words that say nothing."""
    words = [one for one in plain(asked) if one not in _EMPTY][:MOST_WORDS]
    if not words:
        return []
    scored = ((score(words, one), one) for one in services)
    good = [(points, one) for points, one in scored if points >= LEAST]
    return [one for _, one in sorted(good, key=lambda pair: (-pair[0], pair[1].name.id))]


def score(words: list[str], service: Service) -> float:
    """0 to 100; a word of the name counts a little more than one of the keywords."""
    named = plain(f"{service.name.id} {service.name.su} {service.name.en}")
    said = plain(
        " ".join((*service.keywords, service.summary.id, service.summary.su, service.summary.en))
    )
    return sum(max(_best(word, named), _best(word, said) - 4) for word in words) / len(words)


def plain(text: str) -> list[str]:
    """Its words without accents and case."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    return _WORD.findall("".join(one for one in bare if not unicodedata.combining(one)))


def _best(word: str, among: list[str]) -> float:
    return max((_alike(word, one) for one in among), default=0.0)


def _alike(word: str, other: str) -> float:
    if len(word) >= 3 and other.startswith(word):
        return 99.0
    return fuzz.ratio(word, other)
