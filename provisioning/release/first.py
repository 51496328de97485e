"""The first keys and the first release of an office that runs on this machine (`anjungan up`).

For a demonstration: the keys of people lie beside the authorities, and what is published first is
`provisioning/starter/` with the keys that citizens' submissions are sealed to. A state folder from
before there were such keys has one more release. Everything here may be cut in its middle and is
gone on with at the next start. A real office holds the ceremony itself and asks for rollouts.
"""

import tempfile
from pathlib import Path
from typing import Final, NamedTuple

from sqlalchemy import Connection, func, select

from controller.releases import clerk, drafts, read, signing
from controller.releases.make import Terms
from controller.releases.read import ReleaseQuery, ReleaseRow
from controller.rollouts import want
from controller.services.tree import present
from controller.store.engine import writing
from controller.store.release_tables import desired
from controller.store.tables import kiosk
from provisioning import registrar_keys
from provisioning.release import ceremony, publish, signed, starter
from provisioning.release.ceremony import AtHand
from provisioning.release.signed import Office
from provisioning.release.starter import STARTER
from wire.service.tenant import KEYS

BUNDLE: Final = "layanan"
NOTE: Final = "Layar awal"


class Keys(NamedTuple):
    """`at_hand`: folder of people's keys; `online`: file of the office's; made when missing.

    `registrar`: folder of those that open what citizens hand in, made when missing.
    """

    at_hand: Path
    online: Path
    registrar: Path
    passphrase: bytes | None = None


def begin(office: Office, with_: Keys, tree: Path = STARTER) -> list[str]:
    """Ceremony and first release, unless there were some; what was done, in words.

    Raises KeyRefused, Unsafe, BadKeys, DraftRefused, EventRefused, Refused, OSError.
    """
    people = ceremony.make_at_hand(with_.at_hand, with_.passphrase)
    said = []
    if ceremony.init(office.releases.path, people, with_.online, office.now()):
        said.append(f"keys of releases are made; those of people: {with_.at_hand}")
    with writing(office.engine) as conn:
        if told := starter.tell(conn, tree, office.now()):
            said.append(f"the office knows {told} services, each a sample until it has a decree")
    with tempfile.TemporaryDirectory(prefix="anjungan-") as scratch:
        sealed = registrar_keys.begin(with_.registrar, office.now())
        laid = starter.lay_out(tree, sealed, Path(scratch) / BUNDLE)
        before = present(office.releases)
        if _first(office, people, laid):
            said.append(_published(office, with_.online))
    with writing(office.engine) as conn:
        if KEYS not in before.files:
            _renew(conn, before.seq, office.now())
        _want(conn, office.now())
    return said


def _published(office: Office, online: Path) -> str:
    try:
        with writing(office.engine) as conn:
            clerk.tick(conn, office.releases, clerk.Online(online), office.now())
    except clerk.Held as held:
        return f"the first {BUNDLE} is signed and not published: {held}"
    return f"the first {BUNDLE} is published: every kiosk installs it when it is born"


def _first(office: Office, people: AtHand, tree: Path) -> bool:
    """Whether a release was signed now. One of people's own making is left alone."""
    with office.engine.connect() as conn:
        newest = _newest(conn)
    if newest is not None and newest.note != NOTE:
        return False
    if newest is None or newest.state == "dropped" or _is_from_before(office, newest):
        done = publish.release_of(office, tree, BUNDLE, NOTE, Terms())
        signed.put(office, signed.show(office, done.signing_id), people.content)
        return True
    if newest.state == "waiting":
        with office.engine.connect() as conn:
            waits = signing.newest_of(conn, newest.id)
        if waits is not None:
            signed.put(office, signed.show(office, waits.id), people.content)
        return True
    if newest.state == "draft":  # cut while it was made
        with writing(office.engine) as conn:
            drafts.drop(conn, office.releases, newest.id, office.by, office.now())
        return _first(office, people, tree)
    return newest.state == "signed"


def _is_from_before(office: Office, newest: ReleaseRow) -> bool:
    """Whether citizens could hand nothing in by it: it has no key to seal to."""
    return newest.state == "published" and KEYS not in present(office.releases).files


def _newest(conn: Connection) -> ReleaseRow | None:
    rows = read.releases(conn, ReleaseQuery(bundle=BUNDLE, size=1)).rows
    return rows[0] if rows else None


def _renew(conn: Connection, seq: int, now: int) -> None:
    """Who was to have `seq` gets the one that was made in its place."""
    newest = _newest(conn)
    if newest is None or newest.state != "published" or newest.note != NOTE:
        return
    which = select(desired.c.kiosk_id).where(desired.c.bundle == BUNDLE, desired.c.seq == seq)
    want.want(conn, BUNDLE, dict.fromkeys(conn.scalars(which), newest.seq), now)


def _want(conn: Connection, now: int) -> None:
    """Kiosks of which nothing is desired get what most others have, else the first release."""
    has = select(desired.c.kiosk_id).where(desired.c.bundle == BUNDLE)
    lacking = list(conn.scalars(select(kiosk.c.id).where(kiosk.c.id.not_in(has))))
    if not lacking:
        return
    most = select(desired.c.seq).where(desired.c.bundle == BUNDLE).group_by(desired.c.seq)
    seq = conn.scalar(most.order_by(func.count().desc(), desired.c.seq).limit(1))
    published = read.releases(conn, ReleaseQuery(bundle=BUNDLE, states=("published",))).rows
    if seq is None and published:
        seq = published[-1].seq
    if seq is not None:
        want.want(conn, BUNDLE, dict.fromkeys(lacking, seq), now)
