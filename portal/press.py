"""Makes pages: a template, the citizen's language, and what every page needs.

Owns jinja2: everything is escaped, a name that is missing is an error and no empty place. Templates
get: `t(key, **fields)` a sentence, `w(words)` the words of a service in the citizen's language,
`ask`, `sitting`, `tenant`, `kiosk`, `seq`, `look` (address of the tenant's style), `home` (is this
home), `open` (somebody has something of theirs on the page), `idle` (seconds until the page asks
whether somebody is there; pass 120 for a form), `lang`.
"""

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from portal import assets
from portal.texts import Texts, load
from wire.service.document import Words

if TYPE_CHECKING:
    from portal.asked import Ask

TEMPLATES: Final = Path(__file__).parent / "templates"
IDLE_S: Final = 60
IDLE_FORM_S: Final = 120


@cache
def templates() -> Environment:
    """Every template is read and compiled once a process: nobody writes there meanwhile."""
    made = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals["v"] = assets.version()
    return made


class Press:
    def __init__(self, texts: Mapping[str, Texts] | None = None) -> None:
        self._texts = texts or load()

    def texts(self, language: str) -> Texts:
        return self._texts[language]

    def render(self, ask: "Ask", template: str, fields: Mapping[str, object]) -> str:
        sitting, catalogue = ask.sitting, ask.catalogue

        def words(said: Words | None) -> str:
            return said.of(sitting.language) if said else ""

        return (
            templates()
            .get_template(template)
            .render(
                {
                    "t": self.texts(sitting.language),
                    "w": words,
                    "ask": ask,
                    "sitting": sitting,
                    "lang": sitting.language,
                    "tenant": catalogue.tenant,
                    "kiosk": ask.its.kiosk,
                    "seq": catalogue.seq,
                    "look": address(catalogue.seq, catalogue.look) if catalogue.look else "",
                    "home": ask.path == "/",
                    "open": ask.path != "/" or not sitting.is_empty,
                    "idle": IDLE_S,
                    **fields,
                }
            )
        )


def address(seq: int, path: str) -> str:
    """Of a file of a release; its number makes a browser ask anew after each."""
    return f"/content/{quote(path)}?r={seq}"
