"""What the office may say alone: which of the signed lists is the newest, and that it is fresh.

Publishes what has enough signatures, timestamp last; signs the timestamp anew every RENEW_MS; once
a day forgets files that nobody needs. Never publishes a set that a kiosk would refuse: then the
last good one stays fresh, and a person is told. Everything it does may be done again: what was cut
in the middle is found in the folder.
"""

import hashlib
from typing import Any, Final

from sqlalchemy import Connection, Row, func, select, update
from tuf.api.metadata import Metadata, MetaFile, Snapshot, Timestamp

from controller.people import audit
from controller.releases import log, metadata, overtaken
from controller.releases.folder import Releases, sync_folder
from controller.releases.metadata import SIGNED_AT, Held, Present, moment
from controller.releases.online import Online
from controller.releases.prune import prune
from controller.store.release_tables import release
from controller.store.release_tables import signing as signing_
from wire.content import ROLES, role_of, target_path
from wire.lifecycle import RELEASE, move

__all__ = ["Held", "Online", "tick"]

RENEW_MS: Final = 6 * 3_600_000
TIMESTAMP_MS: Final = 7 * 86_400_000
SNAPSHOT_MS: Final = 30 * 86_400_000
DAY_MS: Final = 86_400_000  # once in it, what nobody needs is looked for
KEEP_SNAPSHOTS: Final = 10  # who fetches just now still finds theirs
_FAR: Final = 1_000_000  # minutes by which no honest number is ahead of the time
_WHO: Final = "controller"


def tick(conn: Connection, releases: Releases, online: Online, now: int) -> bool:
    """Publishes what is signed, renews what grows old; whether anything was written.

    Costs one small question when there is nothing to do. Raises Held (what a person must mend) and
    OSError. Inside a `writing` transaction.
    """
    of_them = select(func.count()).select_from(signing_).where(signing_.c.state == "done")
    done = conn.scalar(of_them) or 0
    if not releases.metadata.is_dir() or online.rests(releases, done, now):
        return False
    wrote = _take_up(conn, releases) or overtaken.restate(conn, releases, now)
    found = metadata.present(releases)
    if found is None:
        return wrote
    why = metadata.trouble(found) or online.trouble(found.root.signed)
    if why:
        if _keep_fresh(releases, found, online, now):
            return True
        raise Held(why)
    before = _stamped_at(_timestamp(releases, found))
    renewed = _publish(releases, found, online, now)
    if renewed and before // DAY_MS != now // DAY_MS:
        prune(conn, releases, now)
    settled = _settle(conn, found, now)
    if not (wrote or renewed or settled):
        online.rest(releases, done, _stamped_at(_timestamp(releases, found)) + RENEW_MS)
    return wrote or renewed or settled


def _take_up(conn: Connection, releases: Releases) -> bool:
    """Writes the lists that have enough signatures, under the keys in force. Raises Held.

    The books alone say nothing: whoever can write there has no key. overtaken.py asks for the
    signatures again where they do not hold.
    """
    found = metadata.present(releases)
    wrote = False
    for role in ROLES if found is not None else ():
        one = overtaken.newest_done(conn, role)
        if found is None or one is None or one.version <= metadata.newest(releases, role):
            continue
        signed = overtaken.signed(conn, found, one)
        if signed is not None:
            metadata.put(releases, f"{one.version}.{role}", signed)
            wrote = True
    return wrote


def _publish(releases: Releases, found: Present, online: Online, now: int) -> bool:
    """A snapshot when a list is newer than it says, a timestamp when that or its age wants one."""
    lists = {"targets": found.targets.signed.version}
    lists |= {role: one.signed.version for role, one in found.roles.items()}
    wanted = {
        f"{role}.json": _of_file(releases, f"{number}.{role}", number)
        for role, number in lists.items()
    }
    snapshot = _snapshot(releases, found)
    if (
        snapshot is None
        or snapshot.meta != wanted
        or snapshot.expires < moment(now + SNAPSHOT_MS // 2)
    ):
        number = _number(metadata.newest(releases, "snapshot"), now)
        snapshot = Snapshot(version=number, expires=moment(now + SNAPSHOT_MS), meta=wanted)
        metadata.put(releases, f"{number}.snapshot", online.sign(snapshot))
        _forget_snapshots(releases)
    return _stamp(releases, found, online, snapshot.version, now)


def _keep_fresh(releases: Releases, found: Present, online: Online, now: int) -> bool:
    """While something is wrong with the newest lists, kiosks still learn that nothing is new."""
    old = _timestamp(releases, found)
    if old is None or online.trouble(found.root.signed):
        return False
    return _stamp(releases, found, online, old.snapshot_meta.version, now)


def _stamp(releases: Releases, found: Present, online: Online, snapshot: int, now: int) -> bool:
    """Whether a new timestamp was needed."""
    meta = _of_file(releases, f"{snapshot}.snapshot", snapshot)
    old = _timestamp(releases, found)
    if old is not None and old.snapshot_meta == meta and now - _stamped_at(old) < RENEW_MS:
        return False
    made = Timestamp(
        version=_number(_last_stamp(releases), now),
        expires=moment(now + TIMESTAMP_MS),
        snapshot_meta=meta,
        unrecognized_fields={SIGNED_AT: now},
    )
    metadata.put(releases, "timestamp", online.sign(made))
    return True


def _snapshot(releases: Releases, found: Present) -> Snapshot | None:
    """The newest one, if kiosks believe it."""
    if not metadata.newest(releases, "snapshot"):
        return None
    signed: Snapshot | None = _believed(releases, found, "snapshot")
    return signed


def _timestamp(releases: Releases, found: Present) -> Timestamp | None:
    if not (releases.metadata / "timestamp.json").exists():
        return None
    signed: Timestamp | None = _believed(releases, found, "timestamp")
    return signed


def _believed(releases: Releases, found: Present, role: str) -> Any:
    try:
        one: Metadata[Any] = metadata.read(releases, role)
    except Held:
        return None  # the office signs these itself: a broken one is replaced
    return one.signed if metadata.verified(found.root.signed, role, one) else None


def _stamped_at(one: Timestamp | None) -> int:
    return int(one.unrecognized_fields.get(SIGNED_AT, 0)) if one else 0


def _last_stamp(releases: Releases) -> int:
    """Number of the last timestamp whoever signed it, 0 when it cannot be read."""
    try:
        return int(metadata.read(releases, "timestamp").signed.version)
    except Held:
        return 0


def _number(last: int, now: int) -> int:
    """Grows with the minutes: a folder that was put back from a copy is not taken for a rollback.

    A number from a far future was a thief's; the root that ended his key lets it be forgotten.
    """
    minutes = now // 60_000
    return max(minutes, 1) if last > minutes + _FAR else max(minutes, last + 1)


def _of_file(releases: Releases, name: str, number: int) -> MetaFile:
    body = (releases.metadata / f"{name}.json").read_bytes()
    return MetaFile(number, len(body), {"sha256": hashlib.sha256(body).hexdigest()})


def _forget_snapshots(releases: Releases) -> None:
    for number in metadata.versions(releases, "snapshot")[:-KEEP_SNAPSHOTS]:
        (releases.metadata / f"{number}.snapshot.json").unlink()
    sync_folder(releases.metadata)


def _settle(conn: Connection, found: Present, now: int) -> bool:
    """What kiosks can fetch now is published, what they no longer can is withdrawn."""
    offered = {path for one in found.roles.values() for path in one.signed.targets}
    signed_roles = set(found.roles)
    rows = conn.execute(select(release).where(release.c.state.in_(("signed", "published")))).all()
    moved = False
    for row in rows:
        there = target_path(row.bundle, row.seq) in offered
        if row.state == "signed" and there:
            moved |= _move(conn, row, "publish", now)
        elif row.state == "published" and not there and role_of(row.bundle) in signed_roles:
            moved |= _move(conn, row, "withdraw", now)
    return moved


def _move(conn: Connection, row: Row[Any], event: str, now: int) -> bool:
    values: dict[str, Any] = {"state": move(RELEASE, row.state, event), "state_at": now}
    if event == "publish":
        values["published_at"] = now
    same = (release.c.id == row.id, release.c.state == row.state)
    conn.execute(update(release).where(*same).values(values))
    subject = f"{row.bundle} {row.seq}"
    log.write(conn, audit.Entry(_WHO, f"release.{event}", subject), now)
    return True
