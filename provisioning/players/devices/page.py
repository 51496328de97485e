"""What a played browser makes of the portal's page: enough to tell good releases from broken ones.

It lays out nothing. A style sheet that hides the whole page leaves no word of it, and a banner that
is no picture is missed, as in a real browser. Pure but for reading the two files.
"""

import re
from pathlib import Path
from typing import Final, NamedTuple

from portal.content import Release

MOST: Final = 64 * 1024
PICTURES: Final = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"<svg", b"<?xml")
WORDS: Final = 400  # on a page that is well
_HIDDEN: Final = re.compile(
    rb"(?:^|[},\s])(?:html|body|\*)\s*(?:,[^{}]*)?\{[^}]*"
    rb"(?:display\s*:\s*none|visibility\s*:\s*hidden|opacity\s*:\s*0(?:\.0+)?\s*[;}])"
)


class Seen(NamedTuple):
    """`release` of the page; `words`: how long its text is; `bad`: what it lacks."""

    release: int = 0
    words: int = WORDS
    bad: tuple[str, ...] = ()

    @property
    def blank(self) -> bool:
        return not self.words


def seen(shown: Release) -> Seen:
    """The page of a release as a citizen sees it."""
    if shown.words is None:
        return Seen(shown.seq)
    hidden = shown.words.look and _HIDDEN.search(_read(shown.tree / shown.words.look))
    banner = shown.words.banner
    good = not banner or _read(shown.tree / banner).lstrip().startswith(PICTURES)
    return Seen(shown.seq, 0 if hidden else WORDS, () if good else (f"/content/{banner}",))


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MOST)
    except OSError:
        return b""
