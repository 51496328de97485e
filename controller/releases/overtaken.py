"""Texts that nobody needs any more: a ceremony of keys signed the list first, under their number.

They are written anew, with the same release to be offered or taken off, and wait for signatures
again: a signature counts for one text only. So is a text whose signatures do not hold, whatever
the books say of it; one that is no list of releases at all is given up.
"""

from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Connection, delete, select, update
from tuf.api.metadata import Metadata, Targets

from controller.people.audit import Entry
from controller.releases import log, metadata, offers, signing
from controller.releases.folder import Releases
from controller.releases.metadata import Present
from controller.releases.signing import Signing
from controller.store.release_tables import release, signing_word
from controller.store.release_tables import signing as signing_
from wire.content import ROLES, target_path
from wire.errors import MalformedMessage
from wire.lifecycle import RELEASE, move

WHO: Final = "controller"
_NO_LIST: Final = (AttributeError, KeyError, MalformedMessage, TypeError, ValueError)


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


def signed(conn: Connection, found: Present, one: Signing) -> Metadata[Targets] | None:
    """The list as kiosks believe it, None when its signatures are not those of enough keys."""
    said = {row.key_id: row.signature for row in signing.words(conn, one.id)}
    try:
        made = metadata.signed_with(one.text, said)
    except _NO_LIST:
        return None
    same = made.signed.version == one.version and metadata.text_of(made.signed) == one.text
    good = same and metadata.verified(found.targets.signed, one.role, made)
    return made if good else None


def newest_done(conn: Connection, role: str) -> Signing | None:
    of_it = (signing_.c.role == role, signing_.c.state == "done")
    query = select(signing_.c.id).where(*of_it).order_by(signing_.c.version.desc()).limit(1)
    number = conn.scalar(query)
    return None if number is None else signing.find(conn, number)


def _stale(conn: Connection, releases: Releases, role: str) -> list[Signing]:
    """The open one of an old number; or the finished one that is not what was published."""
    waits, done = signing.open_(conn, role), newest_done(conn, role)
    if waits is not None:
        return [waits] if waits.version != metadata.newest(releases, role) + 1 else []
    return [done] if done is not None and not is_published(releases, done) else []


def _restate(conn: Connection, releases: Releases, one: Signing, now: int) -> None:
    made = metadata.following(releases, one.role, now)
    values: dict[str, Any] = {"state": "dropped"}
    with suppress(*_NO_LIST):
        _edit(conn, made, one)
        values = {"version": made.version, "text": metadata.text_of(made), "state": "open"}
    conn.execute(delete(signing_word).where(signing_word.c.signing_id == one.id))
    conn.execute(update(signing_).where(signing_.c.id == one.id).values(**values))
    again = (release.c.id == one.release_id, release.c.state == "signed")
    state = move(RELEASE, "signed", "restate")
    conn.execute(update(release).where(*again).values(state=state, state_at=now))
    detail = {"role": one.role, "version": one.version, "was": one.state}
    log.write(conn, Entry(WHO, "release.restate", f"signing {one.id}", detail=detail), now)


def _edit(conn: Connection, made: Targets, one: Signing) -> None:
    """What the text was about, in the list that is in force now."""
    if one.release_id is None:
        return
    row = conn.execute(select(release).where(release.c.id == one.release_id)).one()
    path = target_path(row.bundle, row.seq)
    if one.what == "publish":
        offers.offer(made, metadata.from_text(one.text).targets[path])
    else:
        made.targets.pop(path, None)
