"""What the schema finds, in sentences; every word it can say has one."""

from typing import Any

import pytest

from controller.services import schema_words
from wire.service.schema import schema


def said(document: Any) -> dict[str, str]:
    return {one.where: one.en for one in schema_words.complaints(schema(), document)}


@pytest.mark.parametrize(
    ("path", "value", "where", "words"),
    [
        ("code", "salah", "code", "capital letters"),
        ("level", "desa", "level", "Choose one of"),
        ("regions", [], "regions", "At least 1"),
        ("fields", [{"name": "A", "kind": "text", "label": {"id": "x"}}], "fields[0].name",
         "small letters"),
        ("retention", {"days": 0}, "retention.days", "At least 1"),
        ("summary", {"id": ""}, "summary.id", "Nothing is written"),
        ("warna", "merah", "", "nothing called 'warna'"),
        ("decree", 12, "decree", "It must be text"),
        ("queue", {"letter": "a"}, "queue.letter", "one capital letter"),
        ("valid", {"since": "kemarin"}, "valid.since", "2026-12-31"),
    ],
)  # fmt: skip
def test_an_error_names_its_place_and_says_what_to_write(
    path: str, value: Any, where: str, words: str, pack: dict[str, Any]
) -> None:
    found = said({**pack, path: value})
    assert words in found[where]


def test_what_is_missing_is_complained_of_where_it_belongs(pack: dict[str, Any]) -> None:
    del pack["standard"]["product"]
    assert said(pack) == {"standard.product": "Nothing is written here yet."}


def test_a_sound_pack_has_no_complaint(pack: dict[str, Any]) -> None:
    assert said(pack) == {}


def test_every_pattern_of_the_schema_has_words() -> None:
    patterns: set[str] = set()

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if isinstance(part.get("pattern"), str):
                patterns.add(part["pattern"])
            for one in part.values():
                walk(one)
        elif isinstance(part, list):
            for one in part:
                walk(one)

    walk(schema())
    assert {p for p in patterns if not p.startswith(tuple(schema_words.PATTERNS))} == set()
