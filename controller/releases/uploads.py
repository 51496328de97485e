"""Files of a draft on their way in, one by one, in pieces. Owns what lies below a draft's folder.

Path rules are those of a release (wire/content.py). A file that was handed in again replaces the
first. Raises Refused (`path`, `too_large`, `full`).
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from controller.releases.folder import Releases


class Sink(Protocol):
    def write(self, piece: bytes) -> None: ...


@contextmanager
def incoming(releases: Releases, release_id: int, path: str, size: int) -> Iterator[Sink]:
    """One file of a draft: write its pieces. It is there once the block ends without an error."""
    raise NotImplementedError
    yield
