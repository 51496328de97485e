"""The next version of a TUF role, and the k of n people who sign its text.

What is signed is the canonical JSON of TUF (`text`, as UTF-8 bytes), with Ed25519. The office holds
none of these keys: it checks each signature against the role's keys in the newest targets metadata
and counts each key once. One signing of a role is open at a time. Powers are asked by who calls:
`release.sign`.
"""

from collections.abc import Callable
from typing import Any, NamedTuple

from sqlalchemy import Connection, Row, insert, select, update
from tuf.api.metadata import Targets

from controller.jobs.refused import Refused
from controller.people import audit
from controller.people.audit import By
from controller.releases import keys, log, metadata
from controller.releases.folder import Releases
from controller.releases.metadata import Held
from controller.store.engine import insert_new
from controller.store.release_tables import release, signing, signing_word
from wire.lifecycle import RELEASE, move


class Signing(NamedTuple):
    """`what`: publish, withdraw, renew. `state`: open, done, dropped."""

    id: int
    role: str
    version: int
    text: str
    threshold: int
    what: str
    release_id: int | None
    state: str
    made_at: int
    made_by: str


class Signer(NamedTuple):
    """A key that may sign. `public` in hex; `login` is empty when it is no key of a browser.

    `name`: whose it is, as the account or the ceremony says.
    """

    key_id: str
    public: str
    login: str
    name: str
    signed_at: int | None
    signed_by: str


def open_(conn: Connection, role: str) -> Signing | None:
    """The one that waits, if one does."""
    query = select(signing).where(signing.c.role == role, signing.c.state == "open")
    return _signing(conn.execute(query).one_or_none())


def find(conn: Connection, signing_id: int, *, locked: bool = False) -> Signing:
    """Raises Refused (`unknown`)."""
    query = select(signing).where(signing.c.id == signing_id)
    found = _signing(conn.execute(query.with_for_update() if locked else query).one_or_none())
    if found is None:
        raise Refused("unknown", "there is no such signing")
    return found


def newest_of(conn: Connection, release_id: int) -> Signing | None:
    """The last one about this release."""
    query = select(signing).where(signing.c.release_id == release_id)
    return _signing(conn.execute(query.order_by(signing.c.id.desc()).limit(1)).one_or_none())


def signers(conn: Connection, releases: Releases, signing_id: int) -> list[Signer]:
    """Every key of the role in force, and what each has said. Raises Refused."""
    one = find(conn, signing_id)
    said = {row.key_id: row for row in words(conn, signing_id)}
    people = keys.people(conn)
    made = []
    for key in keys.holders(releases, one.role)[1]:
        public = str(key.keyval["public"])
        login, name = people.get(public, ("", str(key.unrecognized_fields.get(keys.OWNER, ""))))
        word = said.get(key.keyid)
        when = (word.at, word.by) if word else (None, "")
        made.append(Signer(key.keyid, public, login, name, *when))
    return made


def missing(conn: Connection, releases: Releases, signing_id: int) -> int:
    """How many signatures are. Raises Refused."""
    one = find(conn, signing_id)
    threshold, theirs = keys.holders(releases, one.role)
    ours = {key.keyid for key in theirs}
    given = sum(row.key_id in ours for row in words(conn, signing_id))
    return max(0, threshold - given)


def words(conn: Connection, signing_id: int) -> list[Row[Any]]:
    """What was said: key_id, signature, by, at."""
    of_it = select(signing_word).where(signing_word.c.signing_id == signing_id)
    return list(conn.execute(of_it.order_by(signing_word.c.at, signing_word.c.key_id)))


def begin(  # noqa: PLR0917 - what, and at the end by whom and when, as everywhere here
    conn: Connection,
    releases: Releases,
    role: str,
    what: str,
    release_id: int | None,
    edit: Callable[[Targets], object],
    by: By,
    now: int,
) -> Signing:
    """A text to be signed: the present list of the role after `edit`. Raises Refused.

    Refused `state`: another signing of this role waits, or is not published yet.
    """
    check_free(conn, releases, role)
    threshold = keys.holders(releases, role)[0]
    made = _following(releases, role, now)
    edit(made)
    values = {"role": role, "version": made.version, "text": metadata.text_of(made)}
    values |= {"threshold": threshold, "what": what, "release_id": release_id, "state": "open"}
    new = insert_new(conn, signing).values(**values, made_at=now, made_by=by.who)
    row = conn.execute(new.returning(signing)).one_or_none()
    if row is None:
        raise Refused("state", f"somebody was first: a signing of {role} waits already")
    return Signing(*tuple(row))


def check_free(conn: Connection, releases: Releases, role: str) -> None:
    """Raises Refused (`state`, `no_keys`) when no signing of this role can begin now."""
    keys.holders(releases, role)
    if (other := open_(conn, role)) is not None:
        raise Refused("state", f"signing {other.id} of {role} waits: sign it or drop it first")
    newest = metadata.newest(releases, role)
    ahead = (signing.c.role == role, signing.c.state == "done", signing.c.version > newest)
    if conn.scalar(select(signing.c.id).where(*ahead)) is not None:
        raise Refused("state", f"the last {role} is signed and not published: wait for a moment")


def add(  # noqa: PLR0917 - what, and at the end by whom and when, as everywhere here
    conn: Connection,
    releases: Releases,
    signing_id: int,
    key_id: str,
    signature: str,
    by: By,
    now: int,
) -> int:
    """How many signatures are missing now; with 0 the clerk publishes. `signature` in hex.

    Saying it again changes nothing. Raises Refused (`unknown`, `state`, `key`, `signature`).
    Inside a `writing` transaction, last in it.
    """
    one = find(conn, signing_id, locked=True)
    if not any(row.key_id == key_id for row in words(conn, signing_id)):
        _check(releases, one, key_id, signature)
        values = {"signing_id": one.id, "key_id": key_id, "signature": signature}
        conn.execute(insert(signing_word).values(**values, by=by.who, at=now))
    left = missing(conn, releases, signing_id)
    if not left and one.state == "open":
        _done(conn, one, now)
    detail = {"role": one.role, "version": one.version, "what": one.what, "key": key_id}
    entry = audit.Entry(by.who, "release.sign", f"signing {one.id}", "", by.address, detail)
    log.write(conn, entry, now)
    return left


def drop(conn: Connection, signing_id: int, by: By, now: int) -> None:
    """Of a withdrawal or renewal: a release that waits is dropped with drafts.drop. Refused.

    Inside a `writing` transaction, last in it.
    """
    one = find(conn, signing_id, locked=True)
    if one.what == "publish":
        raise Refused("state", "it publishes a release: drop that one")
    if one.state != "open":
        raise Refused("state", f"signing {one.id} is {one.state}")
    close(conn, one.id, "dropped")
    entry = audit.Entry(by.who, "release.unsign", f"signing {one.id}", "", by.address)
    log.write(conn, entry, now)


def close(conn: Connection, signing_id: int, state: str) -> None:
    still = (signing.c.id == signing_id, signing.c.state == "open")
    conn.execute(update(signing).where(*still).values(state=state))


def _check(releases: Releases, one: Signing, key_id: str, signature: str) -> None:
    if one.state != "open":
        raise Refused("state", f"signing {one.id} is {one.state}: it waits for nobody's word")
    if one.version != metadata.newest(releases, one.role) + 1:
        raise Refused("state", "the list has changed since: the controller writes the text anew")
    keys.check(releases, one.role, key_id, signature, one.text)


def _done(conn: Connection, one: Signing, now: int) -> None:
    close(conn, one.id, "done")
    if one.what != "publish":
        return
    state = move(RELEASE, "waiting", "sign")
    waits = (release.c.id == one.release_id, release.c.state == "waiting")
    conn.execute(update(release).where(*waits).values(state=state, state_at=now))


def _following(releases: Releases, role: str, now: int) -> Targets:
    try:
        return metadata.following(releases, role, now)
    except Held as held:
        raise Refused("no_keys", str(held)) from None


def _signing(row: Row[Any] | None) -> Signing | None:
    return None if row is None else Signing(*tuple(row))
