"""Out of checked files the parts of a release: chunks, packs, index, and what is signed of them.

Writes below the folder of releases only names that no published release has, or that say the same.
Knows no database. Everything is on the disk when it returns.
"""

from pathlib import Path
from typing import Final, NamedTuple, Protocol

import zstandard

from controller.jobs.refused import Refused
from controller.releases import changes, metadata, offers, packs, store
from controller.releases.changes import Changes
from controller.releases.check import Examined
from controller.releases.cut import cut
from controller.releases.folder import Releases, write
from wire.content import (
    MOST_INDEX,
    MOST_INDEX_SENT,
    About,
    Index,
    PackAbout,
    check_index,
    write_index,
)
from wire.errors import MalformedMessage

PARENTS: Final = 3  # so many older releases have a pack that brings them here
_REST: Final = 2_500  # bytes of timestamp, snapshot and signatures, about


class Row(Protocol):
    """The row of a draft."""

    bundle: str
    seq: int
    note: str


class Terms(NamedTuple):
    """What is signed of a release beside its files: wire/content.py About."""

    min_seq: int = 0
    min_agent: str = ""
    machine: str = ""
    python: str = ""


class Made(NamedTuple):
    """`sent`: the index as it travels. `update` and `whole`: bytes for a kiosk, without metadata.

    `parent`: number of the release it was compared with, 0 for none.
    """

    about: About
    sent: bytes
    changes: Changes
    parent: int
    update: int
    whole: int


def release(
    releases: Releases, folder: Path, row: Row, examined: Examined, *, terms: Terms, now: int
) -> Made:
    """Raises Refused (`min_seq`, `too_large`), Held, OSError."""
    if not 0 <= terms.min_seq <= row.seq:
        raise Refused("min_seq", f"at most the number of this release, {row.seq}")
    with store.Keeper(releases) as keeper:
        files = cut(folder, (path for path, _ in examined.files), keeper.put)
    index = Index(bundle=row.bundle, seq=row.seq, files=files)
    older = _older(releases, row.bundle, row.seq)
    made = [packs.write_pack(releases, one, index) for one in (*older, None)]
    written = tuple(one for one in made if one is not None)
    about = _about(index, row, terms, written, now)
    sent = _compressed(index, about)
    digest = offers.target(row.bundle, row.seq, sent, about).hashes["sha256"]
    write(releases.index(row.bundle, row.seq, digest), sent)
    parent = older[0] if older else None
    whole = _whole(releases, index, made[-1])
    update = whole if parent is None else (made[0].size if made[0] else 0)
    return Made(
        about=about,
        sent=sent,
        changes=changes.compare(parent, index),
        parent=parent.seq if parent else 0,
        update=update + len(sent),
        whole=whole + len(sent),
    )


def metadata_size(text: str) -> int:
    """Bytes of all signed lists a kiosk fetches for a release, about."""
    return len(text) + _REST


def _older(releases: Releases, bundle: str, seq: int) -> list[Index]:
    """The last ones that are signed, newest first."""
    offered = offers.offered(metadata.present(releases), bundle)
    before = sorted((one for one in offered if one < seq), reverse=True)[:PARENTS]
    return [offers.index_of(releases, offered[one]) for one in before]


def _about(index: Index, row: Row, terms: Terms, written: tuple[PackAbout, ...], now: int) -> About:
    return About(
        bundle=row.bundle,
        seq=row.seq,
        **terms._asdict(),
        unpacked=sum(file.size for file in index.files),
        files=len(index.files),
        chunks=len(_chunks(index)),
        index_size=len(write_index(index)),
        built_at=now,
        note=row.note,
        packs=written,
    )


def _compressed(index: Index, about: About) -> bytes:
    """Raises Refused: what a kiosk would refuse is not made."""
    try:
        check_index(index, about)
    except MalformedMessage as error:
        raise Refused("too_large", f"no kiosk would take it: {error}") from None
    sent = zstandard.ZstdCompressor(level=19).compress(write_index(index))
    if about.index_size > MOST_INDEX or len(sent) > MOST_INDEX_SENT:
        raise Refused("too_large", "its list of files is too long: divide the bundle")
    return sent


def _whole(releases: Releases, index: Index, pack: PackAbout | None) -> int:
    return pack.size if pack else store.sent_size(releases, _chunks(index))


def _chunks(index: Index) -> set[str]:
    return {name for file in index.files for name, _ in file.chunks}
