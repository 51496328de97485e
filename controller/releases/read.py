"""What people see of releases. Reads only. Notes and paths come from people: escape them."""

from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, func, select

from controller.jobs.refused import Refused
from controller.paging import Page, check_page
from controller.releases import signing
from controller.releases.changes import Change, Changes, restored
from controller.releases.folder import Releases
from controller.releases.shapes import Release, ReleaseQuery, ReleaseRow
from controller.releases.signing import Signer, Signing
from controller.store.release_tables import release as release_

__all__ = [
    "Change",
    "Changes",
    "Release",
    "ReleaseQuery",
    "ReleaseRow",
    "bundles",
    "find",
    "release",
    "releases",
]


def releases(conn: Connection, query: ReleaseQuery) -> Page[ReleaseRow]:
    """Newest first. Raises BadQuestion."""
    check_page(query.page, query.size)
    wanted: list[ColumnElement[bool]] = []
    if query.bundle:
        wanted.append(release_.c.bundle == query.bundle)
    if query.states:
        wanted.append(release_.c.state.in_(query.states))
    total = conn.scalar(select(func.count()).select_from(release_).where(*wanted)) or 0
    found = select(release_).where(*wanted).order_by(release_.c.id.desc())
    page = found.limit(query.size).offset((query.page - 1) * query.size)
    return Page([_row(row) for row in conn.execute(page)], total, query.page, query.size)


def release(conn: Connection, folder: Releases, release_id: int) -> Release:
    """Raises Refused (`unknown`)."""
    row = conn.execute(select(release_).where(release_.c.id == release_id)).one_or_none()
    if row is None:
        raise Refused("unknown", "there is no such release")
    its = signing.newest_of(conn, release_id)
    who, missing = _signers(conn, folder, its)
    return Release(
        row=_row(row),
        about=dict(row.about),
        warnings=tuple(row.warnings),
        changes=restored(row.changes),
        signing=its,
        signers=who,
        missing=missing,
    )


def bundles(conn: Connection) -> list[str]:
    """Names of all bundles there are releases of, sorted."""
    return list(conn.scalars(select(release_.c.bundle).distinct().order_by(release_.c.bundle)))


def find(conn: Connection, bundle: str, seq: int) -> ReleaseRow | None:
    """One release by its number."""
    this = (release_.c.bundle == bundle, release_.c.seq == seq)
    row = conn.execute(select(release_).where(*this)).one_or_none()
    return None if row is None else _row(row)


def _signers(
    conn: Connection, folder: Releases, its: Signing | None
) -> tuple[tuple[Signer, ...], int]:
    if its is None or its.state == "dropped":
        return (), 0
    try:
        who = tuple(signing.signers(conn, folder, its.id))
        missing = signing.missing(conn, folder, its.id) if its.state == "open" else 0
    except Refused:
        return (), its.threshold  # the folder is broken: the clerk tells the administrator
    return who, missing


def _row(row: Row[Any]) -> ReleaseRow:
    same = {name: getattr(row, name) for name in ReleaseRow._fields if name in release_.c}
    return ReleaseRow(
        **same,
        files=row.about.get("files", 0),
        bytes=row.about.get("unpacked", 0),
        update_bytes=row.changes.get("update_bytes", 0),
        whole_bytes=row.changes.get("whole_bytes", 0),
    )
