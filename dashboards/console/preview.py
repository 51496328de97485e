"""What a kiosk would show of a service pack that nobody has published: asked of a portal beside us.

The portal's own program draws it (`python -m portal.preview`, on this machine alone), each page
whole in itself; here they are only handed on, to a frame that may run nothing. A preview that is
away, or a pack that is none yet, is no error: then there is nothing to show.
"""

from collections.abc import Mapping
from typing import Any, Final, NamedTuple
from urllib.parse import urlsplit

import httpx

TIMEOUT_S: Final = 5.0
MOST_PAGE: Final = 4 * 1024 * 1024
LOOPBACK: Final = ("127.0.0.1", "localhost", "::1")
# Of the frame: the page of the preview and no word of anybody else's.
POLICY: Final = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; sandbox"
)


class Shown(NamedTuple):
    """One page of the preview; `title` is for people, `name` for addresses."""

    name: str
    title: str
    html: str


class Subject(NamedTuple):
    """What is to be shown: plain documents; `tenant` and `places` lend it names and a look."""

    document: Mapping[str, Any]
    tenant: Mapping[str, Any] | None = None
    places: Mapping[str, Any] | None = None


class Preview:
    """`base` is where the preview listens. Raises ValueError for another machine's address."""

    def __init__(self, base: str, client: httpx.Client | None = None) -> None:
        if (urlsplit(base).hostname or "") not in LOOPBACK:
            raise ValueError(f"--preview {base}: only on this machine: http://127.0.0.1:PORT")
        self._base = base.rstrip("/") + "/"
        self._client = client or httpx.Client(timeout=TIMEOUT_S, trust_env=False)

    def pages(self, subject: Subject, language: str = "id") -> list[Shown]:
        """Every page, in the order in which a citizen meets them."""
        given = {name: part for name, part in subject._asdict().items() if part is not None}
        try:
            answer = self._client.post(self._base, json={**given, "language": language})
            told = answer.json() if answer.status_code == httpx.codes.OK else {}
        except (httpx.HTTPError, ValueError):
            return []
        return _pages(told)

    def page(self, subject: Subject, name: str, language: str = "id") -> str | None:
        """One of them; the first when none has this name."""
        found = self.pages(subject, language)
        return next(
            (one.html for one in found if one.name == name), found[0].html if found else None
        )


def _pages(told: Any) -> list[Shown]:
    rows = told.get("pages") if isinstance(told, dict) else None
    found = []
    for one in rows if isinstance(rows, list) else ():
        if isinstance(one, dict) and isinstance(one.get("html"), str):
            name = str(one.get("name", ""))[:64]
            found.append(Shown(name, str(one.get("title") or name)[:80], one["html"][:MOST_PAGE]))
    return found
