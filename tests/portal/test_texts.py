"""What the portal says, in three languages."""

import re
import string
from pathlib import Path

import pytest

from portal.texts import FOLDER, flatten, load
from portal.texts import _read as read

HOUSE = Path(__file__).parents[2] / "portal"
NAMED = re.compile(r"""\bt\(["']([a-z_]+\.[a-z_.]+[a-z_])["'][,)]""")
FIELDS = string.Formatter()


def fields(sentence: str) -> set[str]:
    return {name for _, name, _, _ in FIELDS.parse(sentence) if name}


@pytest.mark.parametrize("language", ["su", "en"])
def test_every_sentence_is_there_in_every_language_with_the_same_fields(language: str) -> None:
    indonesian, other = flatten(read(FOLDER, "id")), flatten(read(FOLDER, language))
    assert set(other) == set(indonesian)
    assert {key: fields(text) for key, text in other.items()} == {
        key: fields(text) for key, text in indonesian.items()
    }


def test_what_a_language_lacks_is_said_in_indonesian(tmp_path: Path) -> None:
    said = {"id": 'a = "satu {x}"\nb = "dua"', "su": 'b = "dua (su)"', "en": ""}
    for language, text in said.items():
        (tmp_path / f"{language}.toml").write_text(text)
    sundanese = load(tmp_path)["su"]
    assert sundanese("a", x=1) == "satu 1"
    assert sundanese("b") == "dua (su)"
    assert sundanese("c.d") == "c.d"


def test_every_key_a_page_names_is_written() -> None:
    known = set(flatten(read(FOLDER, "id")))
    named = set()
    for path in (*HOUSE.glob("*.py"), *HOUSE.glob("templates/**/*.html")):
        named |= set(
            re.findall(r"""\bt\(["']([a-z_]+\.[a-z_.]+[a-z_])["'][,)]""", path.read_text())
        )
    assert named - known == set()


def test_every_sentence_is_on_some_page() -> None:
    """Named whole, or by the beginning of its key, where the rest is found by what it is about."""
    pages = (*HOUSE.glob("*.py"), *HOUSE.glob("templates/**/*.html"))
    quoted = re.compile(r"""["']([a-z_]+\.[a-z0-9_.]*)""")
    named = {key for path in pages for key in quoted.findall(path.read_text())}
    begun = tuple(key for key in named if key.endswith("."))
    known = set(flatten(read(FOLDER, "id")))
    assert {key for key in known - named if not key.startswith(begun)} == set()
