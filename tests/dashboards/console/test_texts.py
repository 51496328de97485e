"""Both languages say the same things, with the same fields, and every key a page uses."""

import re
import string
from pathlib import Path

import pytest

from dashboards.console.pages.page import TEMPLATES
from dashboards.console.texts import DEFAULT, LANGUAGES, choose, load
from wire.faults import DEVICES

TEXTS = load()
ROOT = Path(__file__).parents[3]
SOURCES = [*TEMPLATES.rglob("*.html"), *Path(TEMPLATES.parent).rglob("*.py")]
USED = re.compile(r"""\bt\(\s*["']([a-z_]+\.[a-z_0-9]+)["']""")
ROOMS = ("agent", "controller", "dashboards", "wire")
WHOLE = re.compile(r"\b[a-z_]+\.[a-z_0-9]+\b")
PLAIN = re.compile(r"\w+")
WORD = re.compile(r"[\w.-]+")
WAY = re.compile(r"""["'`]([a-z_]+\.(?:[a-z_]*_)?)(?:\{|["'`])""")
"""`command_kind.`, `people.done_`: to what a program or a page adds a word."""
SAID_ELSEWHERE = {"fact", "value", "audit_said"}
"""Their words come from kiosks and printers, or are put together of two."""


def everything_that_speaks() -> list[Path]:
    """Programs and pages, but for what others wrote (vendor, node_modules)."""
    python = [path for room in ROOMS for path in (ROOT / room).rglob("*.py")]
    scripts = (TEMPLATES.parent / "static").glob("*.js")
    return [*python, *TEMPLATES.rglob("*.html"), *scripts]


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(sentence) if name}


def test_every_language_has_the_same_keys_and_fields() -> None:
    first = TEXTS[DEFAULT].sentences
    for language in LANGUAGES:
        other = TEXTS[language].sentences
        assert other.keys() == first.keys()
        assert {k for k in first if fields(first[k]) != fields(other[k])} == set()


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_key_a_page_uses_is_there(language: str) -> None:
    used = {key for source in SOURCES for key in USED.findall(source.read_text())}
    assert len(used) > 50
    assert {key for key in used if not TEXTS[language].known(key)} == set()


def test_every_key_is_used_by_somebody() -> None:
    """By its whole name, or by the way to its table and a last part that some source says."""
    text = "\n".join(source.read_text() for source in everything_that_speaks())
    written = set(WHOLE.findall(text))
    words = {re.sub(r"[.-]", "_", word) for word in WORD.findall(text)} | set(PLAIN.findall(text))
    ways = set(WAY.findall(text))

    def used(key: str) -> bool:
        ends = [key.removeprefix(way) for way in ways if key.startswith(way)]
        return key in written or any(end.removesuffix("_more") in words for end in ends)

    keys = [key for key in TEXTS[DEFAULT].sentences if key.split(".")[0] not in SAID_ELSEWHERE]
    assert [key for key in keys if not used(key)] == []


def test_every_device_of_the_catalogue_has_a_name() -> None:
    assert {kind for kind in DEVICES if not TEXTS["id"].known(f"probe.{kind}")} == set()


def test_no_sentence_holds_what_separates_the_words_for_scripts() -> None:
    assert [s for t in TEXTS.values() for s in t.sentences.values() if "|" in s] == []


def test_an_unknown_language_is_the_default() -> None:
    assert choose("xx", TEXTS).language == choose(None, TEXTS).language == DEFAULT


def test_a_key_nobody_wrote_is_shown_as_itself() -> None:
    assert TEXTS["en"]("no.such_key") == "no.such_key"
