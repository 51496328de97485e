"""What a release of content says on the welcome page: its `content.json`, read and checked whole.

    {"v": 1,
     "opening": "Selamat datang di kecamatan.",                 one sentence, at most 300 characters
     "services": [{"picture": "inform", "name": "...", "promise": "...", "soon": "..."}],   1 to 6
     "look": "look.css",        a style sheet of the release, after the portal's own; may be missing
     "banner": "pesta.png",     a picture above the services; may be missing
     "files": ["look.css", "pesta.png"]}       every file the page needs: each must be there

Owns that shape and nothing on a disk. A content.json that is wrong in one place is refused whole:
the page never shows half of what was meant. What citizens read is escaped by the page.
"""

from collections.abc import Collection
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

FILE: Final = "content.json"
MOST: Final = 64 * 1024
IMAGES: Final = (".svg", ".png", ".jpg", ".jpeg", ".webp")
Line = Annotated[str, Meta(max_length=120)]


class BadContent(ValueError):  # noqa: N818 - says what it is
    """Whoever published the release must act."""


class Card(Struct, frozen=True, kw_only=True):
    """One service on the page. `soon` says why it cannot be touched yet, "" the usual."""

    picture: Literal["inform", "apply", "complain", "visit", "watch"]
    name: Annotated[str, Meta(min_length=1, max_length=60)]
    promise: Line
    soon: Line = ""


class Words(Struct, frozen=True, kw_only=True):
    v: Literal[1]
    opening: Annotated[str, Meta(min_length=1, max_length=300)]
    services: Annotated[tuple[Card, ...], Meta(min_length=1, max_length=6)]
    look: str = ""
    banner: str = ""
    files: Annotated[tuple[str, ...], Meta(max_length=1000)] = ()


def parse(text: bytes, there: Collection[str]) -> Words:
    """`there`: paths of all files of the release. Raises BadContent with one sentence."""
    if len(text) > MOST:
        raise BadContent(f"{FILE} is larger than {MOST} bytes")
    try:
        words = msgspec.json.decode(text, type=Words)
    except (msgspec.MsgspecError, ValueError, RecursionError) as error:
        raise BadContent(f"{FILE}: {error}"[:250]) from None
    if words.look and not words.look.endswith(".css"):
        raise BadContent(f"{FILE}: look is no .css")
    if words.banner and not words.banner.endswith(IMAGES):
        raise BadContent(f"{FILE}: banner is no picture")
    for path in (*filter(None, (words.look, words.banner)), *words.files):
        if path not in there:
            raise BadContent(f"{FILE} names {path[:120]!r}, which is not in the release")
    return words
