"""The release of content that is in use, as the portal shows it: signed files and nothing else.

Owns the reading of <folder>/current: its papers, its `content.json`, and which path is which file.
A file is given out only when its bytes are those of the index, so that nothing half-written or
rotten is ever shown. A release that cannot be shown is not: the last good one stays, or the page
that was built in, and health says why. Writes nothing; the agent fetches, switches and repairs.
"""

import hashlib
import os
import threading
from collections.abc import Mapping
from io import BufferedReader
from pathlib import Path, PurePosixPath
from typing import Final, NamedTuple

import msgspec

from portal import catalogue, words
from portal.catalogue import Catalogue
from portal.words import BadContent, Words
from wire.content import MOST_INDEX, About, File, Index, read_index
from wire.errors import MalformedMessage

BUILT_IN: Final = 0  # instead of a release: the page that comes with the portal
KINDS: Final[Mapping[str, str]] = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".json": "application/json",
    ".mp3": "audio/mpeg",
    ".mp4": "video/mp4",
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".vtt": "text/vtt; charset=utf-8",
    ".webm": "video/webm",
    ".webp": "image/webp",
    ".woff2": "font/woff2",
}
"""By suffix. What is not here is not given out; programs (.js) never are."""


class Release(NamedTuple):
    """`words` is None only for what was built in. `files` by path; `tree` is where they stand.

    `catalogue` is None where the release has no tenant for this kiosk.
    """

    seq: int
    words: Words | None
    tree: Path
    files: Mapping[str, File]
    catalogue: Catalogue | None = None


class State(NamedTuple):
    """`seq`: the release in use, `shown`: what is shown instead when `ok` is false, and `why`."""

    seq: int
    ok: bool
    why: str
    shown: Release


class Opened(NamedTuple):
    """One file whose bytes were checked. `stream` is at its beginning; the caller closes it."""

    kind: str
    size: int
    stream: BufferedReader


NOTHING: Final = Release(BUILT_IN, None, Path("/nonexistent"), {})
_Stamp = tuple[int, int, int, int]


class Content:
    """`folder` is that of the bundle on this kiosk, None without releases. For many threads.

    `site` is the code of the place at which the kiosk stands, "" when nobody said.
    """

    def __init__(self, folder: Path | None, site: str = "") -> None:
        self._folder, self._site = folder, site
        self._lock = threading.Lock()
        self._link = ""
        self._state = State(BUILT_IN, True, "", NOTHING)
        self._good: dict[str, _Stamp] = {}  # checked once, as long as the file is the same

    def look(self) -> State:
        """What is in use now. One system call when nothing has changed since the last look."""
        if self._folder is None:
            return self._state
        # Looked at in turn: who read the link of before would put that release back.
        with self._lock:
            link = _link(self._folder / "current")
            # A release that could not be shown may have been repaired: it is looked at again.
            if link != self._link or not self._state.ok:
                self._state, self._link = self._load(link), link
            return self._state

    def open(self, path: str) -> Opened | None:
        """A file of what is shown, None when there is none of that path or its bytes are wrong."""
        shown = self.look().shown
        file = shown.files.get(path)
        kind = KINDS.get(PurePosixPath(path).suffix.lower())
        if file is None or kind is None:
            return None
        try:
            stream = (shown.tree / path).open("rb")
        except OSError:
            return None
        if self._checked(f"{shown.seq}/{path}", file, stream):
            return Opened(kind, file.size, stream)
        stream.close()
        return None

    def _load(self, link: str) -> State:
        """The release `link` points at, or the last one that was good."""
        if not link:
            self._good.clear()
            return State(BUILT_IN, True, "", NOTHING)
        seq = _seq(link)
        try:
            release = self._read(seq)
        except (OSError, MalformedMessage, msgspec.MsgspecError, BadContent) as error:
            return State(seq, False, str(error)[:300], self._state.shown)
        return State(seq, True, "", release)

    def _read(self, seq: int) -> Release:
        """Everything the page needs was there whole a moment ago. Raises, see `_load`."""
        index = _papers(self._folder or Path(), seq)
        tree = (self._folder or Path()) / "slots" / str(seq)
        files = {one.path: one for one in index.files}
        said = self._bytes(seq, tree, files, words.FILE)
        found = words.parse(said, files)
        for path in (*found.files, *filter(None, (found.look, found.banner))):
            self._check(seq, tree, files[path])
        offered = catalogue.read(
            self._site, seq, files, lambda path: self._bytes(seq, tree, files, path)
        )
        return Release(seq, found, tree, files, offered)

    def _bytes(self, seq: int, tree: Path, files: Mapping[str, File], path: str) -> bytes:
        if path not in files:
            raise BadContent(f"the release has no {path}")
        self._check(seq, tree, files[path])
        return (tree / path).read_bytes()

    def _check(self, seq: int, tree: Path, file: File) -> None:
        with (tree / file.path).open("rb") as stream:
            if not self._checked(f"{seq}/{file.path}", file, stream):
                raise BadContent(f"{file.path} is damaged")

    def _checked(self, key: str, file: File, stream: BufferedReader) -> bool:
        about = os.fstat(stream.fileno())
        stamp = (about.st_ino, about.st_size, about.st_mtime_ns, about.st_ctime_ns)
        if about.st_size != file.size:
            return False
        if self._good.get(key) == stamp:
            return True
        if hashlib.file_digest(stream, "sha256").hexdigest() != file.sha256:
            return False
        stream.seek(0)
        self._good[key] = stamp
        return True


def _link(path: Path) -> str:
    """Where it points to, "" nowhere."""
    try:
        return str(path.readlink())
    except OSError:
        return ""


def _seq(link: str) -> int:
    """The number in "slots/12"; what is no such link is release -1, which nothing shows."""
    folder, _, name = link.partition("/")
    return int(name) if folder == "slots" and name.isascii() and name.isdigit() else -1


def _papers(folder: Path, seq: int) -> Index:
    about = msgspec.json.decode((folder / f"slots/{seq}.about.json").read_bytes(), type=About)
    with (folder / f"slots/{seq}.idx").open("rb") as file:
        return read_index(file.read(MOST_INDEX + 1), about)
