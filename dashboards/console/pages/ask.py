"""One person's question: who asks in which language, when, and how things are worded for them.

Made anew for every request and handed to every part of a page. Cookies are hostile text.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import quote, urlencode

from sqlalchemy import Connection
from starlette.requests import Request

from controller.people.powers import NOWHERE, Person, Scope
from dashboards.console import times, words
from dashboards.console.texts import Texts, choose

THEMES: Final = ("light", "dark")


class Ask(NamedTuple):
    """`now` in milliseconds since 1970.

    `person` is who asks, as far as it was proven; None on the few pages that stand before the
    login. `csrf` is the session's word that every form of a page carries.
    """

    request: Request
    conn: Connection
    now: int
    t: Texts
    person: Person | None = None
    csrf: str = ""

    def scope(self, power: str) -> Scope:
        """Where whoever asks has `power`: nowhere for nobody."""
        return self.person.scope(power) if self.person else NOWHERE

    def may(self, power: str, site_code: str = "") -> bool:
        """Whether here, or with an empty `site_code`: whether anywhere at all."""
        return self.person is not None and self.person.may(power, site_code)

    def link(self, **changes: object) -> str:
        """The address of this page with some words changed; None takes a word away."""
        kept = [
            (k, v) for k, v in self.request.query_params.multi_items() if k not in changes and v
        ]
        new = [(k, str(v)) for k, v in changes.items() if v is not None]
        query = urlencode(kept + new)
        path = quote(self.request.url.path)
        return f"{path}?{query}" if query else path

    def vocabulary(self) -> Mapping[str, Any]:
        """What every template may say."""
        t, now = self.t, self.now
        return {
            "t": t,
            "theme": theme_of(self.request),
            "me": self.person,
            "may": self.may,
            "csrf": self.csrf,
            "here": self.link(),
            "link": self.link,
            "words": client_words(t),
            "now": now,
            "iso": times.iso,
            "clock": lambda at: times.clock(at, now, t),
            "dated": lambda at: times.clock(at, 0, t),  # on paper, which is read another day
            "ago": lambda at: times.ago(at, now, t),
            "age": lambda at: times.age(at, now, t),
            "exact": lambda at: times.exact(at, t),
            "span": lambda seconds: times.span(seconds, t),
            "size_of": lambda size: words.measure(size / 1024, "kB", t),
            "lasted": lambda start, end: times.age(start, end, t),
            "plain": words.plain,
            "number": lambda value: words.number(value, t),
            "reason": lambda why: words.reason(why, t),
            "said": lambda why: words.said(why, t),
            "name_of": lambda code: words.name_of(code, t),
            "evidence": lambda found: words.evidence(found, t),
        }


def theme_of(request: Request) -> str:
    theme = request.cookies.get("theme", "")
    return theme if theme in THEMES else ""


def language_of(request: Request, texts: Mapping[str, Texts]) -> Texts:
    return choose(request.cookies.get("language"), texts)


def client_words(t: Texts) -> str:
    """The few words scripts need, as `key=text` joined by `|`."""
    keys = (
        "age.now",
        "age.ago",
        "age.days",
        "age.hours",
        "age.minutes",
        "age.seconds",
        "toast.failed",
    )
    return "|".join(f"{key}={t.sentences[key]}" for key in keys)
