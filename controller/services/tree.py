"""The files of the release that citizens see now, out of the folder of releases. Reads only."""

from pathlib import Path
from typing import Final, NamedTuple

from controller.jobs.refused import Refused
from controller.releases import metadata, offers, store
from controller.releases.folder import Releases
from controller.releases.metadata import Held
from wire.content import File, Index
from wire.errors import MalformedMessage

BUNDLE: Final = "layanan"


class Tree(NamedTuple):
    """`seq` 0 and no files before the first release."""

    seq: int
    files: dict[str, File]


def present(releases: Releases) -> Tree:
    """The newest that is signed. Raises Refused (`no_keys`: the folder must be restored)."""
    try:
        offered = offers.offered(metadata.present(releases), BUNDLE)
        if not offered:
            return Tree(0, {})
        index: Index = offers.index_of(releases, offered[max(offered)])
    except Held as held:
        raise Refused("no_keys", str(held)) from None
    return Tree(index.seq, {file.path: file for file in index.files})


def body(releases: Releases, file: File) -> bytes:
    """Raises Refused (`no_keys`: a part of it is missing), OSError."""
    try:
        return b"".join(store.read(releases, name) for name, _ in file.chunks)
    except (MalformedMessage, FileNotFoundError) as error:
        raise Refused("no_keys", f"{file.path} is broken: restore the folder ({error})") from None


def lay(releases: Releases, tree: Tree, folder: Path, without: frozenset[str]) -> None:
    """All its files into a folder, but these. Raises as `body`."""
    for path, file in tree.files.items():
        if path not in without:
            to = folder / path
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(body(releases, file))
