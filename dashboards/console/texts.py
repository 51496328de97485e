"""What the console says, in the languages it speaks.

One TOML file a language under texts/, tables of keys; a key is the dotted way to it. Both files
hold the same keys and the same {fields} (a test holds them to it). The agents speak English: what
their known sentences are in another language stands in said.<language>.toml. Nothing here is
markup: the template escapes.
"""

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Final

from dashboards.console.sayings import Sayings

FOLDER: Final = Path(__file__).parent / "texts"
LANGUAGES: Final = ("id", "en")
DEFAULT: Final = "id"
AGENTS: Final = "en"  # the language agents explain themselves in


class Texts:
    """The sentences of one language."""

    def __init__(
        self, language: str, sentences: Mapping[str, str], said: Mapping[str, str] | None = None
    ) -> None:
        self.language = language
        self.sentences = sentences
        self.sayings = Sayings(said or {})

    def __call__(self, key: str, /, **fields: object) -> str:
        """The sentence, its fields filled in. A key nobody wrote is shown as itself."""
        sentence = self.sentences.get(key)
        return key if sentence is None else sentence.format(**fields)

    def known(self, key: str) -> bool:
        return key in self.sentences

    def of(self, pair: Any) -> str:
        """The half of this language of a catalogue text (something with `id` and `en`)."""
        return str(pair.en if self.language == "en" else pair.id)


@cache
def load(folder: Path = FOLDER) -> Mapping[str, Texts]:
    """Every language, by its two letters. Read once a process: nobody writes there meanwhile."""
    return {
        language: Texts(language, flatten(read(folder, language)), said(folder, language))
        for language in LANGUAGES
    }


def said(folder: Path, language: str) -> dict[str, str]:
    """The agents' and the office's sentences in `language`: nothing to say again in their own."""
    if language == AGENTS:
        return {}
    known = read(folder, f"said.{language}")
    return {**known["said"], **known["office"]}


def read(folder: Path, name: str) -> dict[str, Any]:
    return tomllib.loads((folder / f"{name}.toml").read_text())


def flatten(tree: Mapping[str, Any], above: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in tree.items():
        name = f"{above}{key}"
        if isinstance(value, Mapping):
            found |= flatten(value, f"{name}.")
        else:
            found[name] = str(value)
    return found


def choose(cookie: str | None, texts: Mapping[str, Texts]) -> Texts:
    """The language of the cookie, else the default: an unknown word is no error."""
    return texts.get(cookie or DEFAULT, texts[DEFAULT])
