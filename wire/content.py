"""What a release is made of, as both sides read it: its index, its names, its limits. Pure.

A bundle is a folder of files under a name ("layanan", or the software of this kiosk: "portal",
"agent"); a release is one state of it, numbered upwards by `seq`. Its index names every file by
chunks, and every chunk by the SHA-256 of its plain bytes. The index is the one thing TUF signs (a
target, with About as its `custom`); everything else hangs off it and needs no signature. Whoever
reads an index refuses it whole: a path that climbs is no small mistake. What the office desires of
a kiosk is in wire/wants.py, apart because the resident agent reads that and never an index.

Below the address of the releases:

    metadata/N.root.json timestamp.json N.snapshot.json N.targets.json N.content.json ...
    targets/content/HASH.NAME-SEQ.idx       zstd of the canonical JSON of an Index
    chunks/ab/HASH                          wire/pack.py: one tag byte, and the body
    packs/NAME-FROM-SEQ.pack                what SEQ has and FROM has not, wire/pack.py
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Annotated, Final, Literal

import msgspec
from msgspec import Meta, Struct

from wire.errors import MalformedMessage
from wire.messages import Count, Hash, Millis, Text
from wire.wants import (
    MOST_SEQ,
    WANTS_DOMAIN,
    Bundle,
    Seq,
    Want,
    Wants,
    Window,
    is_open,
    wants_message,
)

# Of wire/wants.py; whoever has this module open finds it here, too.
__all__ = ["MOST_SEQ", "WANTS_DOMAIN", "Want", "Wants", "Window", "is_open", "wants_message"]

CONTENT: Final = "content"  # the TUF roles that sign indexes, and the folders of their targets
SOFTWARE: Final = "software"
ROLES: Final = (CONTENT, SOFTWARE)
# Bundles whose files are programs, signed by the role SOFTWARE; every other is CONTENT.
PROGRAMS: Final = ("agent", "portal")

MOST_FILES: Final = 20_000
MOST_PATH: Final = 200  # bytes
MOST_INDEX: Final = 16 * 1024 * 1024  # plain
MOST_INDEX_SENT: Final = 4 * 1024 * 1024
MOST_CHUNK: Final = 256 * 1024
SMALL_FILE: Final = 128 * 1024  # up to here a file is one chunk
MOST_UNPACKED: Final = 8 * 1024 * 1024 * 1024

_BUNDLE = re.compile(r"[a-z][a-z0-9-]{0,30}[a-z0-9]", re.ASCII)


class PackAbout(Struct, frozen=True, kw_only=True):
    """A pack that brings whoever has `since` whole to this release. `since` 0: from nothing."""

    since: Annotated[int, Meta(ge=0, le=MOST_SEQ)]
    size: Count
    sha256: Hash


class About(Struct, frozen=True, kw_only=True):
    """What is signed about a release beside its index (`custom` of the TUF target).

    `min_seq`: whoever has installed this goes back to nothing older. `min_agent`: version of the
    agent that can install it. `unpacked`: sum of its files in bytes. `built_at`: office time in ms,
    a signed moment that lies in the past. `machine` and `python`: of SOFTWARE, as
    platform.machine() and "3.11" say; empty for content.
    """

    v: Literal[1] = 1
    bundle: Bundle
    seq: Seq
    min_seq: Annotated[int, Meta(ge=0, le=MOST_SEQ)] = 0
    min_agent: Text = ""
    unpacked: Count
    files: Annotated[int, Meta(ge=1, le=MOST_FILES)]
    chunks: Count
    index_size: Annotated[int, Meta(ge=2, le=MOST_INDEX)]  # plain
    built_at: Millis
    note: Text = ""
    machine: Text = ""
    python: Text = ""
    packs: Annotated[tuple[PackAbout, ...], Meta(max_length=8)] = ()


Chunk = tuple[Hash, Annotated[int, Meta(ge=0, le=MOST_CHUNK)]]
"""(SHA-256 of the plain bytes in hex, how many)."""


class File(Struct, frozen=True, kw_only=True):
    """`sha256` of the whole file; an empty file has no chunk."""

    path: str
    size: Annotated[int, Meta(ge=0, le=MOST_UNPACKED)]
    sha256: Hash
    chunks: tuple[Chunk, ...]


class Index(Struct, frozen=True, kw_only=True):
    """Every file of one release, sorted by path. Read it with `read_index` only."""

    v: Literal[1] = 1
    bundle: Bundle
    seq: Seq
    files: Annotated[tuple[File, ...], Meta(min_length=1)]


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Index)


def role_of(bundle: str) -> str:
    """The TUF role that signs this bundle."""
    return SOFTWARE if bundle in PROGRAMS else CONTENT


def is_bundle(name: str) -> bool:
    return _BUNDLE.fullmatch(name) is not None


def target_path(bundle: str, seq: int) -> str:
    """Of the index, as TUF names it."""
    return f"{role_of(bundle)}/{bundle}-{seq}.idx"


def chunk_path(sha256: str) -> str:
    return f"chunks/{sha256[:2]}/{sha256}"


def pack_path(bundle: str, since: int, seq: int) -> str:
    return f"packs/{bundle}-{since}-{seq}.pack"


def about_of(custom: object) -> About:
    """Raises MalformedMessage."""
    try:
        return msgspec.convert(custom, About)
    except (msgspec.ValidationError, RecursionError) as error:
        raise MalformedMessage("wrong_shape", str(error)) from None


def write_index(index: Index) -> bytes:
    """The one spelling."""
    return _encoder.encode(index)


def read_index(plain: bytes, about: About) -> Index:
    """The index that `about` was signed with. Raises MalformedMessage for the whole of it."""
    if len(plain) != about.index_size:
        raise MalformedMessage("index_size", f"{len(plain)} bytes, {about.index_size} were signed")
    try:
        index = _decoder.decode(plain)
    except RecursionError:
        raise MalformedMessage("too_deep") from None
    except (msgspec.MsgspecError, ValueError) as error:
        raise MalformedMessage("wrong_shape", str(error)) from None
    check_index(index, about)
    return index


def check_index(index: Index, about: About) -> None:
    """Raises MalformedMessage: paths, sums and counts are what they should be, or nothing is."""
    if (index.bundle, index.seq) != (about.bundle, about.seq):
        raise MalformedMessage("wrong_release", f"{index.bundle} {index.seq}")
    if len(index.files) != about.files or len(index.files) > MOST_FILES:
        raise MalformedMessage("too_many_files", str(len(index.files)))
    wrong = bad_paths(one.path for one in index.files)
    if wrong:
        raise MalformedMessage("path", wrong)
    for one in index.files:
        if sum(length for _, length in one.chunks) != one.size:
            raise MalformedMessage("size", one.path[:200])
        if any(not 0 < length <= MOST_CHUNK for _, length in one.chunks):
            raise MalformedMessage("chunk_size", one.path[:200])
    unpacked = sum(one.size for one in index.files)
    if unpacked != about.unpacked or unpacked > MOST_UNPACKED:
        raise MalformedMessage("unpacked", f"{unpacked} bytes, {about.unpacked} were signed")


def bad_paths(paths: Iterable[str]) -> str:
    """What is wrong with the first wrong one of all paths of a release; empty when none is."""
    seen: dict[str, str] = {}
    folders: dict[str, str] = {}
    for path in paths:
        if why := bad_path(path):
            return f"{path[:200]!r}: {why}"
        folded = path.casefold()
        if folded in seen:
            return f"{path!r} and {seen[folded]!r}: the same name but for its case"
        seen[folded] = path
        parts = path.split("/")[:-1]
        for depth in range(1, len(parts) + 1):
            folder = "/".join(parts[:depth])
            if folders.setdefault(folder.casefold(), folder) != folder:
                return f"{path!r}: its folder has another name but for its case"
    both = next((one for one in seen if one in folders), "")
    return f"{seen[both]!r}: a file and a folder" if both else ""


def bad_path(path: str) -> str:
    """Why this path can stand in no release; empty when it can."""
    if not path or len(path.encode("utf-8", "surrogatepass")) > MOST_PATH:
        return f"1 to {MOST_PATH} bytes"
    if not path.isprintable() or "\\" in path:
        return "a character that names do not have"
    if unicodedata.normalize("NFC", path) != path:
        return "not in the composed form (NFC)"
    if any(part in ("", ".", "..") or part != part.strip(" ") for part in path.split("/")):
        return "parts of a path have a name, and it neither climbs nor stays"
    return ""


def agent_is_old(have: str, wanted: str) -> bool:
    """Whether an agent of version `have` is older than `wanted` ("1.4.2"); empty: never."""
    return _version(have) < _version(wanted)


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"[0-9]{1,9}", text)[:4])
