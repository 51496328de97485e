"""From a folder of files to a release that waits for its signatures.

`begin` makes a row and a folder to fill (controller/releases/uploads.py); `finish` checks, cuts,
makes packs and writes down the text that people sign. Nothing is signed here, and nothing that is
published is touched. Powers are asked by who calls: `release.make`.
"""

from pathlib import Path
from typing import Any, Final, NamedTuple

from sqlalchemy import Connection, Engine, Row, select, update

from controller.jobs.refused import Refused
from controller.people import audit
from controller.people.audit import By
from controller.releases import log, make, numbers, offers, signing, uploads
from controller.releases.changes import stored
from controller.releases.check import examine
from controller.releases.folder import Releases
from controller.releases.make import Made, Terms
from controller.releases.metadata import Held
from controller.store.engine import insert_new, writing
from controller.store.release_tables import release
from controller.words import is_text
from wire.content import is_bundle, role_of
from wire.lifecycle import RELEASE, move

MOST_NOTE: Final = 300


class Draft(NamedTuple):
    """`folder`: where the files of the release go. `seq` may still grow until `finish`."""

    id: int
    bundle: str
    seq: int
    folder: Path


class Finished(NamedTuple):
    """`problems` is empty when it now waits for `missing` signatures of signing `signing_id`."""

    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    signing_id: int
    missing: int


def begin(  # noqa: PLR0917 - what, and at the end by whom and when, as everywhere here
    conn: Connection, releases: Releases, bundle: str, note: str, by: By, now: int
) -> Draft:
    """Raises Refused (`bundle`, `note`). Inside a `writing` transaction, last in it."""
    note = note.strip()
    if not is_bundle(bundle):
        raise Refused("bundle", "a bundle has 2 to 32 small letters, digits and hyphens")
    if not 0 < len(note) <= MOST_NOTE or not is_text(note):
        raise Refused("note", f"say in 1 to {MOST_NOTE} characters what is new")
    values: dict[str, Any] = {"bundle": bundle, "state": "draft", "state_at": now, "note": note}
    values |= {"made_by": by.who, "made_at": now, "parent_seq": 0}
    values |= {"about": {}, "changes": {}, "warnings": []}
    row = None
    while row is None:  # somebody else began one of the same number meanwhile
        seq = numbers.following(conn, releases, bundle)
        new = insert_new(conn, release).values(**values, seq=seq)
        row = conn.execute(new.returning(release.c.id)).one_or_none()
    releases.make()
    uploads.clear(releases, row.id)
    _write_down(conn, by, "release.begin", f"{bundle} {seq}", now, note=note)
    return Draft(row.id, bundle, seq, releases.draft(row.id))


def find(conn: Connection, releases: Releases, release_id: int) -> Draft:
    """One that can still be filled. Raises Refused (`unknown`, `state`)."""
    row = _draft(conn, release_id)
    return Draft(row.id, row.bundle, row.seq, releases.draft(row.id))


def finish(
    engine: Engine,
    releases: Releases,
    release_id: int,
    by: By,
    now: int,
    *,
    terms: Terms | None = None,
) -> Finished:
    """May take seconds for each 100 MB: no transaction lasts as long, so it takes the engine.

    Raises Refused (`unknown`, `state`: no draft, or another release of this role waits for its
    signatures, `no_keys`: no ceremony was held, `full`, `min_seq`), OSError. With problems the
    draft stays a draft.
    """
    with uploads.alone(releases, release_id):
        uploads.sweep(releases, release_id)
        with writing(engine) as conn:
            row = _settled(conn, releases, release_id)
        folder = releases.draft(release_id)
        examined = examine(folder, row.bundle)
        if examined.problems:
            return Finished(examined.problems, examined.warnings, 0, 0)
        uploads.check_space(releases, 2 * examined.bytes)
        try:
            made = make.release(releases, folder, row, examined, terms=terms or Terms(), now=now)
        except Held as held:
            raise Refused("no_keys", str(held)) from None
        with writing(engine) as conn:
            done = _wait(conn, releases, row, made, warnings=examined.warnings, by=by, now=now)
        uploads.forget(releases, release_id)
    return done


def drop(conn: Connection, releases: Releases, release_id: int, by: By, now: int) -> None:
    """A draft or a waiting release is given up, its signing too. Raises Refused.

    Inside a `writing` transaction, last in it.
    """
    query = select(release).where(release.c.id == release_id).with_for_update()
    row = conn.execute(query).one_or_none()
    if row is None:
        raise Refused("unknown", "there is no such release")
    if (row.state, "drop") not in RELEASE:
        raise Refused("state", f"{row.bundle} {row.seq} is {row.state}: it cannot be dropped")
    _move(conn, row, "drop", now)
    of_it = signing.newest_of(conn, release_id)
    if of_it is not None:
        signing.close(conn, of_it.id, "dropped")
    uploads.forget(releases, release_id)
    _write_down(conn, by, "release.drop", f"{row.bundle} {row.seq}", now)


def _wait(
    conn: Connection,
    releases: Releases,
    row: Row[Any],
    made: Made,
    *,
    warnings: tuple[str, ...],
    by: By,
    now: int,
) -> Finished:
    """The draft is a release that waits, and its text can be signed."""
    role, about = role_of(row.bundle), made.about
    entry = offers.target(row.bundle, row.seq, made.sent, about)

    def edit(list_: Any) -> None:
        offers.offer(list_, entry)

    one = signing.begin(conn, releases, role, "publish", row.id, edit, by, now)
    sizes = {"update_bytes": made.update, "whole_bytes": made.whole}
    sizes = {name: size + make.metadata_size(one.text) for name, size in sizes.items()}
    values = {"about": offers.custom(about), "parent_seq": made.parent}
    values |= {"changes": stored(made.changes) | sizes, "warnings": list(warnings)}
    _move(conn, row, "check", now, **values, index_sent=len(made.sent))
    missing = signing.missing(conn, releases, one.id)
    detail = {"files": about.files, "bytes": about.unpacked, "signing": one.id}
    _write_down(conn, by, "release.check", f"{row.bundle} {row.seq}", now, **detail)
    return Finished((), warnings, one.id, missing)


def _settled(conn: Connection, releases: Releases, release_id: int) -> Row[Any]:
    """The draft, with a number above all that were ever checked, and the way free. Refused."""
    row = _draft(conn, release_id)
    signing.check_free(conn, releases, role_of(row.bundle))
    if not numbers.is_overtaken(conn, releases, row):
        return row
    seq = numbers.following(conn, releases, row.bundle)
    conn.execute(update(release).where(release.c.id == row.id).values(seq=seq))
    return _draft(conn, release_id)


def _draft(conn: Connection, release_id: int) -> Row[Any]:
    row = conn.execute(select(release).where(release.c.id == release_id)).one_or_none()
    if row is None:
        raise Refused("unknown", "there is no such release")
    if row.state != "draft":
        raise Refused("state", f"{row.bundle} {row.seq} is {row.state}: it is no draft any more")
    return row


def _move(conn: Connection, row: Row[Any], event: str, now: int, **values: Any) -> None:
    """Raises Refused (`state`): somebody was first."""
    same = (release.c.id == row.id, release.c.state == row.state, release.c.seq == row.seq)
    after = move(RELEASE, row.state, event)
    changed = update(release).where(*same).values(state=after, state_at=now, **values)
    if conn.execute(changed).rowcount != 1:
        raise Refused("state", f"{row.bundle} {row.seq}: somebody was first, look again")


def _write_down(
    conn: Connection, by: By, what: str, subject: str, now: int, **detail: object
) -> None:
    log.write(conn, audit.Entry(by.who, what, subject, "", by.address, detail), now)
