"""YAML and JSON files: what people write is text, and what attackers write is refused."""

from contextlib import suppress
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.services import files
from controller.services.said import Unreadable
from wire.service.document import MOST

BOMB = "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n"
TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=8)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**15), 10**15) | TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(TEXT, inner,
                                                                max_size=3),
    max_leaves=8,
)  # fmt: skip


@pytest.mark.parametrize("kind", ["yaml", "json"])
def test_a_whole_pack_comes_back_as_it_went(kind: str, pack: dict[str, Any]) -> None:
    body = files.write_yaml(pack) if kind == "yaml" else files.write_json(pack)
    assert files.read(f"a.{kind}", body) == pack


@given(st.dictionaries(TEXT, PLAIN, max_size=4))
def test_any_plain_document_comes_back_as_json(document: dict[str, Any]) -> None:
    assert files.read("a.json", files.write_json(document)) == document


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    for name in ("a.yaml", "a.json"):
        with suppress(Unreadable):
            assert isinstance(files.read(name, body), dict)


def test_words_stay_words() -> None:
    found = files.read("a.yaml", b"su: no\nid: 2026-01-01\nen: 012\nsecret: true\nmost: 12\n")
    assert found == {"su": "no", "id": "2026-01-01", "en": "012", "secret": True, "most": 12}


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("a.yaml", BOMB.encode(), "Anchors"),
        ("a.yaml", b"a: 1\na: 2\n", "twice"),
        ("a.json", b'{"a": 1, "a": 2}', "twice"),
        ("a.json", b'{"a": NaN}', "too deep, or has a number"),
        ("a.json", b"[" * 100_000, "too deep"),
        ("a.yaml", b"a: [1\n", "Line 2"),
        ("a.json", b'{"a": }', "Line 1, column 7"),
        ("a.yaml", b"\xff\xfe", "UTF-8"),
        ("a.yaml", b"- 1\n", "keys"),
        ("a.yaml", b"a: !!python/object/apply:os.system [id]\n", "Tags"),
        ("a.yaml", b'a: !!int "' + b":".join([b"1"] * 100_000) + b'"', "Tags"),
        ("a.yaml", b"a: !!set {b, c}", "Tags"),
        ("a.yaml", b"".join(b"%x: 1\n" % n for n in range(20_000)) + b"0: 1\n", "twice"),
        ("a.yaml", b'a: "\\0"', "no service pack"),
        ("a.json", b'{"a": "\\ud800"}', "no service pack"),
        ("a.json", b'{"a": ' + b"9" * 4_000 + b"}", "no service pack"),
        ("a.json", b'{"a": 1e999}', "no service pack"),
        ("a.yaml", b"x" * (MOST + 1), "at most"),
    ],
)
def test_a_hostile_file_is_refused_with_a_sentence(name: str, body: bytes, said: str) -> None:
    with pytest.raises(Unreadable, match=said):
        files.read(name, body)
