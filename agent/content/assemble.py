"""The files of a release put together from its chunks, each whole and synced before it has a name.

Owns what a tree looks like: files 0644, folders 0755, nothing that its index does not name. Every
chunk is compared when it is read and every file when it is written; a file that stands there right
already is left as it is. The caller gives the finished tree its name.
"""

import hashlib
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

from agent import disk
from wire.content import File, Index

Read = Callable[[str], bytes | None]
"""The plain bytes of a chunk by its name, None when it is not here."""


class Missing(Exception):  # noqa: N818 - says what happened
    """A chunk that was here is not, or has rotted: it must be fetched again."""


def fill(tree: Path, index: Index, read: Read, check: Callable[[], None]) -> None:
    """Make `tree` what the index says, on the disk when this returns.

    `check` is called between files and may raise: everything can be gone on with. Raises Missing,
    OSError.
    """
    wanted = {file.path for file in index.files}
    _clear(tree, wanted)
    for file in index.files:
        check()
        if not is_right(tree / file.path, file):
            write(tree / file.path, file, read)
    for folder in folders_of(tree, wanted):
        disk.sync_folder(folder)


def is_right(path: Path, file: File) -> bool:
    """Whether a plain file stands there with these very bytes. A disk that errs has none."""
    try:
        handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        with os.fdopen(handle, "rb") as stream:
            if os.fstat(handle).st_size != file.size:
                return False
            return hashlib.file_digest(stream, "sha256").hexdigest() == file.sha256
    except OSError:
        return False


def write(path: Path, file: File, read: Read) -> None:
    """One file, synced, in the place of whatever stands there. Raises Missing, OSError."""
    path.parent.mkdir(0o755, parents=True, exist_ok=True)
    temporary = path.with_name(f".{file.sha256[:16]}.tmp")
    whole = hashlib.sha256()
    with temporary.open("wb") as stream:
        for sha256, size in file.chunks:
            plain = read(sha256)
            if plain is None or len(plain) != size:
                raise Missing(sha256)
            whole.update(plain)
            stream.write(plain)
        stream.flush()
        os.fchmod(stream.fileno(), 0o644)
        os.fsync(stream.fileno())
    if whole.hexdigest() != file.sha256:
        raise Missing(f"{file.path}: its chunks do not make it")
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    temporary.rename(path)


def folders_of(tree: Path, paths: Iterable[str]) -> list[Path]:
    """Every folder on the way to these files, the deepest first, `tree` last."""
    found = {tree}
    for path in paths:
        parents = (tree / path).parents
        found.update(one for one in parents if one.is_relative_to(tree))
    return sorted(found, key=lambda one: len(one.parts), reverse=True)


def _clear(tree: Path, wanted: set[str]) -> None:
    """What an earlier try has left and the index does not name."""
    for folder, folders, files in os.walk(tree, topdown=False):
        for name in (*files, *folders):
            path = Path(folder) / name
            if path.is_symlink() or (name in files and str(path.relative_to(tree)) not in wanted):
                path.unlink()
