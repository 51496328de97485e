"""Files of a draft on their way in, one by one, in pieces. Owns what lies below a draft's folder.

Path rules are those of a release (wire/content.py). A file that was handed in again replaces the
first. Nothing here is synced: a draft that a cut of the power has damaged is handed in again.
"""

import fcntl
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Final

from controller.jobs.refused import Refused
from controller.releases.check import Examined, examine
from controller.releases.folder import Releases
from wire.content import MOST_UNPACKED, bad_path

KEEP_FREE: Final = 256 * 1024 * 1024  # of the office's disk, whatever is published
LOOK_AFTER: Final = 8 * 1024 * 1024  # bytes of one file, then the disk is looked at again
_PART: Final = ".part-"  # no path of a draft begins so while it is whole


class Sink:
    """Takes the pieces of one file, as many bytes as were announced.

    Others hand in files at the same time, of the same room: there must be enough all along.
    """

    def __init__(self, releases: Releases, file: IO[bytes], size: int) -> None:
        self._releases = releases
        self._file = file
        self._unseen = 0
        self.left = size

    def write(self, piece: bytes) -> None:
        """Raises Refused (`too_large`, `full`), OSError."""
        self.left -= len(piece)
        if self.left < 0:
            raise Refused("too_large", "more bytes than were announced")
        self._unseen += len(piece)
        if self._unseen > LOOK_AFTER:
            self._unseen = 0
            check_space(self._releases, self.left)
        self._file.write(piece)


@contextmanager
def incoming(releases: Releases, release_id: int, path: str, size: int) -> Iterator[Sink]:
    """One file of a draft of `size` bytes: write its pieces. It is there once the block ends well.

    Raises Refused (`unknown`: no draft, `path`, `too_large`, `full`, `short`, `state`: it is just
    being checked, and what was checked is what is published), OSError.
    """
    folder = releases.draft(release_id)
    if not folder.is_dir():
        raise Refused("unknown", "there is no such draft")
    if why := bad_path(path) or (path.startswith(_PART) and "a name that this office uses itself"):
        raise Refused("path", f"{path[:200]!r}: {why}")
    if not 0 <= size <= MOST_UNPACKED:
        raise Refused("too_large", f"a file has at most {MOST_UNPACKED} bytes")
    check_space(releases, size)
    part = folder / f"{_PART}{secrets.token_hex(8)}"
    try:
        with part.open("xb") as file:
            sink = Sink(releases, file, size)
            yield sink
        if sink.left:
            raise Refused("short", f"{sink.left} bytes of {path!r} are missing: send it again")
        with alone(releases, release_id, fcntl.LOCK_SH):
            _place(part, folder / path)
    finally:
        part.unlink(missing_ok=True)


def bring(releases: Releases, release_id: int, tree: Path, bundle: str) -> Examined:
    """Copies a whole tree into a draft, unless it has problems. Raises Refused (`full`), OSError.

    What was in the draft before is replaced.
    """
    examined = examine(tree, bundle)
    if examined.problems:
        return examined
    check_space(releases, examined.bytes)
    folder = releases.draft(release_id)
    clear(releases, release_id)
    for path, _ in examined.files:
        to = folder / path
        to.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(tree / path, to, follow_symlinks=False)
    return examined


def clear(releases: Releases, release_id: int) -> None:
    """An empty folder for this draft."""
    forget(releases, release_id)
    releases.draft(release_id).mkdir(mode=0o700)


def forget(releases: Releases, release_id: int) -> None:
    """All files of a draft; again is no harm."""
    shutil.rmtree(releases.draft(release_id), ignore_errors=True)


def sweep(releases: Releases, release_id: int) -> None:
    """What broken lines have left behind."""
    for left in releases.draft(release_id).glob(f"{_PART}*"):
        left.unlink(missing_ok=True)


def check_space(releases: Releases, size: int) -> None:
    """Raises Refused (`full`)."""
    free = releases.free()
    if size + KEEP_FREE > free:
        raise Refused(
            "full", f"{size} bytes do not fit: the office's disk has {free} left, free some first"
        )


@contextmanager
def alone(releases: Releases, release_id: int, how: int = fcntl.LOCK_EX) -> Iterator[None]:
    """While a draft is checked nobody puts files into it. Raises Refused (`unknown`, `state`)."""
    try:
        handle = os.open(releases.draft(release_id), os.O_RDONLY | os.O_DIRECTORY)
    except (FileNotFoundError, NotADirectoryError):
        raise Refused("unknown", "there is no such draft, or its files are gone") from None
    try:
        fcntl.flock(handle, how | fcntl.LOCK_NB)
        yield
    except BlockingIOError:
        raise Refused("state", "this draft is just being checked: look again in a moment") from None
    finally:
        os.close(handle)


def _place(part: Path, to: Path) -> None:
    try:
        part.stat()  # a draft that was dropped meanwhile is not made again
        to.parent.mkdir(parents=True, exist_ok=True)
        part.rename(to)
    except FileNotFoundError:
        raise Refused("unknown", "there is no such draft any more") from None
    except (FileExistsError, NotADirectoryError, IsADirectoryError):
        raise Refused("path", f"{to.name!r} is a file here and a folder there") from None
