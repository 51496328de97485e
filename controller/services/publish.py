"""Approved service packs into the next release of the bundle that kiosks show.

The release is what citizens see now, with these packs in their places; then it is checked, cut and
signed as every release is. A pack counts as published once its release waits for signatures; when
that release is dropped, the next publication brings the pack again, because the tree lacks it.
Powers are asked by who calls: `service.publish`.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, select, update

from controller.jobs.refused import Refused
from controller.people.audit import By
from controller.releases import drafts as releases_
from controller.releases.drafts import Draft, Finished
from controller.releases.folder import Releases
from controller.services import beside, read, tree
from controller.services.adopt import adopt, is_pack, services
from controller.services.drafts import write_down
from controller.services.shapes import Pack
from controller.services.tree import BUNDLE, Tree
from controller.store.citizen_tables import pack as table
from controller.store.engine import writing
from wire.lifecycle import PACK, move
from wire.service.document import Service
from wire.service.tenant import encode, folder

MOST_AT_ONCE: Final = 200


class Published(NamedTuple):
    """`problems`: what the check of releases found; then nothing was published."""

    release_id: int
    seq: int
    packs: int
    finished: Finished


def path_of(tenant: str, code: str) -> str:
    return f"{folder(tenant)}/services/{code}.json"


def publish(  # noqa: PLR0917 - what, and at the end by whom and when, as everywhere here
    engine: Engine,
    releases: Releases,
    pack_ids: Sequence[int],
    note: str,
    by: By,
    now: int,
) -> Published:
    """Takes the engine: to cut a release lasts longer than a transaction should.

    Raises Refused (`unknown`, `state`: one is not approved, or another release waits for its
    signatures, `none`, `no_base`: there is no release to begin with, `unsound`, and what
    controller.releases.drafts refuses), OSError. Then nothing has changed.
    """
    if not 0 < len(pack_ids) <= MOST_AT_ONCE:
        raise Refused("none", f"choose 1 to {MOST_AT_ONCE} approved services")
    base = tree.present(releases)
    if not base.seq:
        raise Refused("no_base", f"there is no release of {BUNDLE} yet: publish its first tree")
    with writing(engine) as conn:
        there = _of(releases, base)
        adopt(conn, there, now)
        chosen = [(one, _sound(conn, one)) for one in _chosen(conn, pack_ids)]
        lost = _lost(conn, there)
        gone = _gone(conn)
        draft = releases_.begin(conn, releases, BUNDLE, note, by, now)
    try:
        _lay(releases, base, draft, [*lost, *chosen], gone)
        done = releases_.finish(engine, releases, draft.id, by, now)
        if not done.problems:
            with writing(engine) as conn:
                for one, _ in chosen:
                    _published(conn, one, draft.id, by, now)
    except BaseException:
        _drop(engine, releases, draft, by, now)
        raise
    if done.problems:
        _drop(engine, releases, draft, by, now)
        return Published(0, 0, 0, done)
    return Published(draft.id, draft.seq, len(chosen), done)


def _of(releases: Releases, base: Tree) -> list[Service]:
    packs = {path: file for path, file in base.files.items() if is_pack(path)}
    return services({path: tree.body(releases, file) for path, file in packs.items()})


def _chosen(conn: Connection, pack_ids: Sequence[int]) -> list[Pack]:
    found = [read.find(conn, number, locked=True) for number in sorted(set(pack_ids))]
    for one in found:
        if (one.state, "publish") not in PACK:
            raise Refused("state", f"{one.code} revision {one.revision} is {one.state}")
    return found


def _sound(conn: Connection, one: Pack) -> Service:
    """Its tenant or another service may have changed meanwhile. Raises Refused (`unsound`)."""
    found = beside.examined(conn, one.document)
    if found.service is None or found.complaints:
        first = found.complaints[0]
        raise Refused("unsound", f"{one.code}: {first.where} {first.en}")
    return found.service


def _lost(conn: Connection, there: Sequence[Service]) -> list[tuple[Pack, Service]]:
    """What is published and not in the tree: its release was dropped."""
    revisions = {(one.tenant, one.code): one.revision for one in there}
    query = select(table.c.id).where(table.c.state == "published")
    found = [read.find(conn, number) for number in conn.scalars(query).all()]
    lost = [one for one in found if revisions.get((one.tenant, one.code), 0) < one.revision]
    return [(one, msgspec.convert(one.document, Service)) for one in lost]


def _gone(conn: Connection) -> frozenset[str]:
    """Files of services that are offered no more."""
    query = select(table.c.tenant, table.c.code, table.c.state).distinct()
    rows = conn.execute(query).all()
    still = {(row.tenant, row.code) for row in rows if row.state in ("published", "approved")}
    retired = {(row.tenant, row.code) for row in rows if row.state == "retired"}
    return frozenset(path_of(*one) for one in retired - still)


def _lay(
    releases: Releases,
    base: Tree,
    draft: Draft,
    packs: Sequence[tuple[Pack, Service]],
    gone: frozenset[str],
) -> None:
    tree.lay(releases, base, draft.folder, gone)
    for one, service in packs:
        to = draft.folder / path_of(one.tenant, one.code)
        to.parent.mkdir(parents=True, exist_ok=True)
        to.write_bytes(encode(service))


def _published(conn: Connection, one: Pack, release_id: int, by: By, now: int) -> None:
    """Raises Refused (`state`) when it was sent back while the release was cut."""
    same = (table.c.tenant == one.tenant, table.c.code == one.code)
    older = update(table).where(*same, table.c.state == "published", table.c.id != one.id)
    conn.execute(older.values(state=move(PACK, "published", "replace"), state_at=now))
    still = update(table).where(table.c.id == one.id, table.c.state == one.state)
    state = move(PACK, one.state, "publish")
    values = {"state": state, "state_at": now, "release_id": release_id}
    if not conn.execute(still.values(**values)).rowcount:
        raise Refused("state", f"{one.code} was sent back meanwhile: look again")
    write_down(conn, "service.publish", one, by, now, release=release_id)


def _drop(engine: Engine, releases: Releases, draft: Draft, by: By, now: int) -> None:
    with writing(engine) as conn:
        releases_.drop(conn, releases, draft.id, by, now)
