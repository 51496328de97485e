"""Files of the release in use, read again from time to time and mended where they have rotted.

Owns what is wrong and how it is mended: from the kiosk's other releases, chunk by chunk, else from
wherever chunks come. A file is replaced by one rename, so the screen never sees half of one.
"""

import hashlib
from collections.abc import Callable, Iterator
from pathlib import Path

from agent import disk
from agent.content import assemble
from agent.content.assemble import Read
from agent.content.held import Held
from agent.content.slots import Slots
from wire.content import File, Index


def damaged(tree: Path, index: Index, check: Callable[[], None]) -> list[File]:
    """Every file that is not what the index says. `check` is called between files, may raise."""
    found = []
    for file in index.files:
        check()
        if not assemble.is_right(tree / file.path, file):
            found.append(file)
    return found


def lend(slots: Slots, held: Held, files: list[File], seq: int) -> int:
    """Chunks of these files that only another release still has, put on the shelf. How many."""
    wanted = {sha256 for file in files for sha256, _ in file.chunks if not held.has(sha256)}
    lent = 0
    for other in slots.all():
        papers = slots.papers(other) if wanted and other != seq else None
        for sha256, plain in _chunks(slots.tree(other), papers[1], wanted) if papers else ():
            held.put(sha256, plain)
            wanted.discard(sha256)
            lent += 1
    return lent


def mend(tree: Path, files: list[File], read: Read) -> None:
    """Write them anew, on the disk when this returns. Raises Missing, OSError."""
    for file in files:
        _clear_way(tree, file.path)
        assemble.write(tree / file.path, file, read)
    for folder in assemble.folders_of(tree, (file.path for file in files)):
        disk.sync_folder(folder)


def _clear_way(tree: Path, path: str) -> None:
    """A link or a file where a folder of the release should be."""
    for folder in reversed((tree / path).parents):
        if folder.is_relative_to(tree) and (folder.is_symlink() or folder.is_file()):
            folder.unlink()


def _chunks(tree: Path, index: Index, wanted: set[str]) -> Iterator[tuple[str, bytes]]:
    """Those of `wanted` that can be read right in this tree."""
    for file in index.files:
        at = 0
        for sha256, size in file.chunks:
            plain = _piece(tree / file.path, at, size) if sha256 in wanted else None
            if plain is not None and hashlib.sha256(plain).hexdigest() == sha256:
                yield sha256, plain
            at += size


def _piece(path: Path, at: int, size: int) -> bytes | None:
    try:
        with path.open("rb") as stream:
            stream.seek(at)
            return stream.read(size)
    except OSError:
        return None
