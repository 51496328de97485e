"""What the portal itself says, in Indonesian, Sundanese and English.

One TOML file a language below texts/, tables of keys; a key is the dotted way to it. What Sundanese
or English does not have is said in Indonesian. Nothing here is markup: the templates escape.
"""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from portal.sitting import LANGUAGES

FOLDER: Final = Path(__file__).parent / "texts"
DEFAULT: Final = "id"


class Texts:
    """The sentences of one language; `instead` are the Indonesian ones."""

    def __init__(
        self, language: str, sentences: Mapping[str, str], instead: Mapping[str, str]
    ) -> None:
        self.language = language
        self.sentences = {**instead, **sentences}

    def __call__(self, key: str, /, **fields: object) -> str:
        """The sentence with its {fields} filled in. A key nobody wrote is shown as itself."""
        sentence = self.sentences.get(key)
        return key if sentence is None else sentence.format(**fields)


def load(folder: Path = FOLDER) -> Mapping[str, Texts]:
    """Every language by its two letters."""
    read = {language: flatten(_read(folder, language)) for language in LANGUAGES}
    return {language: Texts(language, read[language], read[DEFAULT]) for language in LANGUAGES}


def flatten(tree: Mapping[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        if isinstance(value, Mapping):
            found |= flatten(value, f"{above}{key}.")
        else:
            found[f"{above}{key}"] = str(value)
    return found


def _read(folder: Path, language: str) -> dict[str, Any]:
    return tomllib.loads((folder / f"{language}.toml").read_text("utf-8"))
