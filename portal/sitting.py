"""The one citizen at the screen: what they chose and what they have filled in, in memory only.

Owns its whole life. There is one at most; it begins with the first page after home and keeps the
catalogue it began with, so that a form never changes under somebody's hands. `end` forgets all of
it and says what was there: nothing of it was ever on a disk.
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final, Literal, NamedTuple

from portal.catalogue import Catalogue

Language = Literal["id", "su", "en"]
LANGUAGES: Final[tuple[Language, ...]] = ("id", "su", "en")


@dataclass
class Sitting:
    """`drafts` by form: whatever that form's handlers keep from page to page.

    `id` is what the browser shows to be the same one (a cookie of this run of the browser).
    """

    id: str
    catalogue: Catalogue
    language: Language = "id"
    large: bool = False
    contrast: bool = False
    low: bool = False  # all that is touched stands in the lower half
    drafts: dict[str, Any] = field(default_factory=dict)
    paper: str = ""  # what may be printed now; it names nobody
    again: int = 0  # how often it was asked for anew
    watched: dict[str, int] = field(default_factory=dict)  # film -> the second it stopped at
    typed: tuple[str, Mapping[str, list[str]]] = ("", {})  # in the fields of a page made anew

    @property
    def is_empty(self) -> bool:
        """Nothing of a citizen's is in it but perhaps their taste."""
        return not self.drafts

    def typed_at(self, path: str) -> Mapping[str, list[str]]:
        """What stood in that page's fields before it was made anew; once."""
        if self.typed[0] != path:
            return {}
        (_, found), self.typed = self.typed, ("", {})
        return found


class Wiped(NamedTuple):
    """How many drafts were forgotten, and whether nothing is left."""

    drafts: int
    clean: bool


class Screen:
    """Whose turn it is. For one thread at a time.

    `proven`: the browser showed that nothing of the last one is left in it (portal/ending.py).
    """

    def __init__(self) -> None:
        self.sitting: Sitting | None = None
        self.proven = True

    def known(self, shown: str) -> Sitting | None:
        """The sitting whose id the browser shows."""
        sitting = self.sitting
        if sitting is None or not secrets.compare_digest(sitting.id.encode(), shown.encode()):
            return None
        return sitting

    def begin(self, catalogue: Catalogue) -> Sitting:
        """Somebody new; whoever was there before is forgotten first."""
        self.end()
        self.proven = True  # a browser without the cookie of the last one is a new one
        self.sitting = Sitting(secrets.token_urlsafe(16), catalogue)
        return self.sitting

    def end(self) -> Wiped:
        sitting, self.sitting = self.sitting, None
        if sitting is None:
            return Wiped(0, clean=True)
        self.proven = False
        count = len(sitting.drafts)
        sitting.drafts.clear()
        sitting.typed = ("", {})
        return Wiped(count, clean=not sitting.drafts and self.sitting is None)
