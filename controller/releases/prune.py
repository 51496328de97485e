"""Files that no release needs any more: chunks, packs and indexes of what was dropped or withdrawn.

And folders of drafts that are none any more: whoever was cut between a release and its draft's end.

Goes by what the lists and waiting texts name, never by the database's word alone. What is young
stays: a release that is just being made is named nowhere yet (controller/releases/store.py makes
young again what it uses). Kiosks that still fetch something withdrawn find another source or stop.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from sqlalchemy import Connection, select
from tuf.api.metadata import TargetFile

from controller.releases import metadata, offers, overtaken, signing, uploads
from controller.releases.folder import Releases
from controller.store.release_tables import release
from wire.content import ROLES, about_of

YOUNG_MS: Final = 7 * 86_400_000


def prune(conn: Connection, releases: Releases, now: int) -> int:
    """How many files are gone. Reads every index that is on offer. Raises Held, OSError."""
    needed = {(one.path, one.hashes["sha256"]): one for one in _needed(conn, releases)}
    keep = {path for one in needed.values() for path in _files(releases, one)}
    old = (now - YOUNG_MS) * 1_000_000
    gone = 0
    for kind in ("chunks", "packs", "targets"):
        for path in (releases.path / kind).rglob("*"):
            if path.is_file() and path not in keep and path.stat().st_mtime_ns < old:
                path.unlink()
                gone += 1
    return gone + _prune_drafts(conn, releases, old)


def _prune_drafts(conn: Connection, releases: Releases, old: int) -> int:
    """What people still fill stays, however old: they finish it, or drop it."""
    drafts = set(conn.scalars(select(release.c.id).where(release.c.state == "draft")))
    left = [
        path
        for path in (releases.drafts.iterdir() if releases.drafts.is_dir() else ())
        if path.name.isdecimal() and int(path.name) not in drafts and path.stat().st_mtime_ns < old
    ]
    for path in left:
        uploads.forget(releases, int(path.name))
    return len(left)


def _needed(conn: Connection, releases: Releases) -> Iterator[TargetFile]:
    """What is offered, in the last lists of each role, and what people may still sign."""
    for role in ROLES:
        for number in metadata.versions(releases, role)[-2:]:
            yield from metadata.read_version(releases, role, number).signed.targets.values()
        for one in (signing.open_(conn, role), overtaken.newest_done(conn, role)):
            if one is not None and one.version > metadata.newest(releases, role):
                yield from metadata.from_text(one.text).targets.values()


def _files(releases: Releases, entry: TargetFile) -> Iterable[Path]:
    about = about_of(entry.custom)
    yield releases.index(about.bundle, about.seq, entry.hashes["sha256"])
    for pack in about.packs:
        yield releases.pack(about.bundle, pack.since, about.seq)
    for file in offers.index_of(releases, entry).files:
        for name, _ in file.chunks:
            yield releases.chunk(name)
