"""Texts that nobody needs any more: a ceremony of keys signed the list first, under their number.

They are written anew, with the same release to be offered or taken off, and wait for signatures
again: a signature counts for one text only.
"""

from sqlalchemy import Connection, delete, select, update

from controller.releases import metadata, offers, signing
from controller.releases.folder import Releases
from controller.releases.signing import Signing
from controller.store.release_tables import release, signing_word
from controller.store.release_tables import signing as signing_
from wire.content import ROLES, target_path


def restate(conn: Connection, releases: Releases, now: int) -> bool:
    """Whether a text was written anew. Raises Held, OSError."""
    stale = [one for role in ROLES for one in _stale(conn, releases, role)]
    for one in stale:
        _restate(conn, releases, one, now)
    return bool(stale)


def is_published(releases: Releases, one: Signing) -> bool:
    """Whether this very text stands in the folder, signed."""
    try:
        found = metadata.read_version(releases, one.role, one.version)
    except FileNotFoundError:
        return False
    return metadata.text_of(found.signed) == one.text


def newest_done(conn: Connection, role: str) -> Signing | None:
    of_it = (signing_.c.role == role, signing_.c.state == "done")
    query = select(signing_.c.id).where(*of_it).order_by(signing_.c.version.desc()).limit(1)
    number = conn.scalar(query)
    return None if number is None else signing.find(conn, number)


def _stale(conn: Connection, releases: Releases, role: str) -> list[Signing]:
    """The open one of an old number; or the finished one that another list came before."""
    newest = metadata.newest(releases, role)
    waits, done = signing.open_(conn, role), newest_done(conn, role)
    if waits is not None:
        return [waits] if waits.version != newest + 1 else []
    if done is not None and done.version <= newest and not is_published(releases, done):
        return [done]
    return []


def _restate(conn: Connection, releases: Releases, one: Signing, now: int) -> None:
    made = metadata.following(releases, one.role, now)
    if one.release_id is not None:
        row = conn.execute(select(release).where(release.c.id == one.release_id)).one()
        path = target_path(row.bundle, row.seq)
        if one.what == "publish":
            offers.offer(made, metadata.from_text(one.text).targets[path])
        else:
            made.targets.pop(path, None)
    conn.execute(delete(signing_word).where(signing_word.c.signing_id == one.id))
    values = {"version": made.version, "text": metadata.text_of(made), "state": "open"}
    conn.execute(update(signing_).where(signing_.c.id == one.id).values(**values))
