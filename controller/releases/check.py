"""Whether a folder can become a release: names, sizes, types. Reads it, changes nothing."""

from pathlib import Path
from typing import NamedTuple


class Examined(NamedTuple):
    """`problems` must be mended first, `warnings` are for whoever signs; English sentences.

    `files`: (path within the tree, bytes), sorted by path; `bytes` in all.
    """

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    files: tuple[tuple[str, int], ...]
    bytes: int


def examine(tree: Path, bundle: str) -> Examined:
    """Follows no link and opens nothing but regular files. Raises OSError."""
    raise NotImplementedError
