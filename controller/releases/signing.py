"""The next version of a TUF role, and the k of n people who sign its text.

What is signed is the canonical JSON of TUF (`text`, as UTF-8 bytes), with Ed25519. The office holds
none of these keys: it checks each signature against the role's keys in the newest targets metadata
and counts each key once. One signing of a role is open at a time. Powers are asked by who calls:
`release.sign`.
"""

from typing import NamedTuple

from sqlalchemy import Connection

from controller.people.audit import By
from controller.releases.folder import Releases


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
    """A key that may sign. `public` in hex; `login` empty when it is no person's browser key."""

    key_id: str
    public: str
    login: str
    name: str
    signed_at: int | None
    signed_by: str


def open_(conn: Connection, role: str) -> Signing | None:
    """The one that waits, if one does."""
    raise NotImplementedError


def find(conn: Connection, signing_id: int) -> Signing:
    """Raises Refused (`unknown`)."""
    raise NotImplementedError


def text_for(conn: Connection, signing_id: int) -> str:
    """What is signed: these very characters as UTF-8. Raises Refused (`unknown`)."""
    raise NotImplementedError


def signers(conn: Connection, releases: Releases, signing_id: int) -> list[Signer]:
    """Every key of the role in force, and what each has said. Raises Refused (`unknown`)."""
    raise NotImplementedError


def add(
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
    raise NotImplementedError


def drop(conn: Connection, signing_id: int, by: By, now: int) -> None:
    """Of a withdrawal or renewal; a release that waits is dropped with drafts.drop. Refused."""
    raise NotImplementedError
