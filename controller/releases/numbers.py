"""The number of a release: above every one of its bundle that was ever checked, or is signed.

The database may be an old copy: what is signed stands in the folder, and no number is used twice.
"""

from typing import Any

from sqlalchemy import Connection, Row, func, select

from controller.jobs.refused import Refused
from controller.releases import metadata, offers
from controller.releases.folder import Releases
from controller.releases.metadata import Held
from controller.store.release_tables import release
from wire.content import MOST_SEQ


def following(conn: Connection, releases: Releases, bundle: str) -> int:
    """For a new draft of this bundle. Raises Refused (`bundle`, `no_keys`)."""
    known = conn.scalar(select(func.max(release.c.seq)).where(release.c.bundle == bundle)) or 0
    seq = max(known, *_on_disk(releases, bundle), 0) + 1
    if seq > MOST_SEQ:
        raise Refused("bundle", "this bundle has had too many releases: begin another bundle")
    return seq


def is_overtaken(conn: Connection, releases: Releases, draft: Row[Any]) -> bool:
    """Whether a later draft was ready before it. Raises Refused (`no_keys`)."""
    same = (release.c.bundle == draft.bundle, release.c.id != draft.id, release.c.state != "draft")
    highest = conn.scalar(select(func.max(release.c.seq)).where(*same)) or 0
    seq: int = draft.seq
    return seq <= max(highest, *_on_disk(releases, draft.bundle))


def _on_disk(releases: Releases, bundle: str) -> list[int]:
    try:
        return [0, *offers.offered(metadata.present(releases), bundle)]
    except Held as held:
        raise Refused("no_keys", str(held)) from None
