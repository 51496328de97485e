"""What people see of releases. Reads only. Notes and paths come from people: escape them."""

from typing import Any, NamedTuple

from sqlalchemy import Connection

from controller.paging import Page
from controller.releases.folder import Releases
from controller.releases.signing import Signer, Signing


class ReleaseRow(NamedTuple):
    """A release in a list. Sizes in bytes; `files` and `bytes` are 0 of a draft.

    `update_bytes`: what crosses the line of a kiosk that has the parent, metadata included;
    `whole_bytes`: of one that has nothing.
    """

    id: int
    bundle: str
    seq: int
    state: str
    state_at: int
    note: str
    made_by: str
    made_at: int
    published_at: int | None
    parent_seq: int
    files: int
    bytes: int
    update_bytes: int
    whole_bytes: int


class Change(NamedTuple):
    """`what`: added, changed, removed. `before` and `after`: bytes of the file; `sent`: new bytes
    (plain) that a kiosk with the parent has to get for it."""

    path: str
    what: str
    before: int
    after: int
    sent: int


class Changes(NamedTuple):
    """Against the parent. `files` are the largest ones first, at most changes.MOST."""

    added: int
    changed: int
    removed: int
    same: int
    files: tuple[Change, ...]


class Release(NamedTuple):
    """All that its page shows. `signing` is None of a draft; of a withdrawal it is the newest."""

    row: ReleaseRow
    about: dict[str, Any]
    warnings: tuple[str, ...]
    changes: Changes
    signing: Signing | None
    signers: tuple[Signer, ...]
    missing: int


class ReleaseQuery(NamedTuple):
    """Empty fields ask nothing."""

    bundle: str = ""
    states: tuple[str, ...] = ()
    page: int = 1
    size: int = 50


def releases(conn: Connection, query: ReleaseQuery) -> Page[ReleaseRow]:
    """Newest first."""
    raise NotImplementedError


def release(conn: Connection, folder: Releases, release_id: int) -> Release:
    """Raises Refused (`unknown`)."""
    raise NotImplementedError


def bundles(conn: Connection) -> list[str]:
    """Names of all bundles there are releases of, sorted."""
    raise NotImplementedError


def find(conn: Connection, bundle: str, seq: int) -> ReleaseRow | None:
    """One release by its number."""
    raise NotImplementedError
