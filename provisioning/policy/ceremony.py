"""The office's side of the ceremony: the first policy, the next one drafted, a signed one stored.

Needs the database and, for the first policy and where roots are kept at hand, the roots. Decides
nothing about what a policy may say (draft) and nothing about who must have signed (wire.policy).
"""

from collections.abc import Collection, Sequence
from pathlib import Path
from typing import NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import Connection, Engine, select

from controller import policies
from controller.jobs import keys as people_keys
from controller.people.audit import By
from controller.store.command_tables import operator_key
from controller.store.engine import writing
from controller.store.people_tables import account
from provisioning.authority.keys import KeyRefused
from provisioning.behalf import doer
from provisioning.policy import draft, keys, proposal
from provisioning.policy.draft import Changes, DraftRefused, Pending
from provisioning.policy.proposal import Proposal
from wire.envelope import canonical
from wire.policy import Policy


class First(NamedTuple):
    """How the first ceremony is held. `passphrase` is that of the roots."""

    fleet: str
    roots: Path
    command_key: Path
    root_count: int = 1
    threshold: int = 1
    fleet_wide: int = draft.FLEET_WIDE
    passphrase: bytes | None = None


def init(engine: Engine, how: First, by: By, now: int) -> tuple[Policy, bool]:
    """The policy in force, and whether it was made now. Cut in its middle, it is done again.

    Raises KeyRefused, DraftRefused, Unsafe, OSError, wire.policy.Refusal.
    """
    with engine.connect() as conn:
        present = policies.newest(conn)
    if present is not None:
        _check_fleet(present.policy, how.fleet)
        check_command_key(present.policy, how.command_key)
        return present.policy, False
    roots = keys.make_roots(how.roots, how.root_count, how.passphrase)
    office = keys.read_or_make(how.command_key)
    publics = [keys.public(root) for root in roots]
    made = draft.first(
        how.fleet, publics, how.threshold, keys.public(office), wide=how.fleet_wide, now=now
    )
    signed = _signed(Proposal(policy=canonical(made)), roots)
    with writing(engine) as conn:
        return policies.store(conn, signed.signed, by, now), True


def check_command_key(policy: Policy, path: Path) -> None:
    """Raises KeyRefused unless the key in this file is the office's in this policy."""
    mine = keys.public(keys.read(path)) if path.exists() else ""
    if not any(key.use == "office" and key.public == mine for key in policy.keys):
        what = "is not there" if not mine else "is not the office's in the policy in force"
        raise KeyRefused(
            f"{path} {what}: restore it from a backup, or make a new one and sign for it: "
            f"`anjungan policy propose --rotate-command-key {path}`"
        )


def propose(conn: Connection, changes: Changes, version: int, now: int) -> Proposal:
    """The next policy, unsigned. `version` 0: one more. Raises DraftRefused."""
    present = policies.newest(conn)
    if present is None:
        raise DraftRefused("there is no policy yet: `anjungan policy init` makes the first")
    number = version or present.policy.version + 1
    made = draft.following(present.policy, changes, pending(conn), number, now)
    return Proposal(policy=canonical(made), present=present.signed.policy)


def store(conn: Connection, one: Proposal, by: By, now: int) -> Policy:
    """Inside a `writing` transaction. Raises wire.policy.Refusal."""
    return policies.store(conn, one.signed, by, now)


def admit(
    engine: Engine, logins: Sequence[str], roots: Collection[Ed25519PrivateKey], by: By, now: int
) -> Policy:
    """Draft, sign and store at once, where the roots are kept at hand. Raises as the three."""
    with writing(engine) as conn:
        drafted = propose(conn, Changes(admit=tuple(logins)), 0, now)
        present = drafted.read_present
        if present is not None and present.keys == drafted.read.keys:
            return present
        return store(conn, _signed(drafted, roots), by, now)


def pending(conn: Connection) -> list[Pending]:
    """People's keys that are not given up and stand in no policy yet; by login."""
    present = policies.newest(conn)
    known = {key.public for key in present.policy.keys} if present else set()
    columns = (operator_key.c.key_id, account.c.login, operator_key.c.public, operator_key.c.label)
    query = select(*columns).join_from(operator_key, account)
    query = query.where(operator_key.c.ended_at.is_(None), account.c.disabled_at.is_(None))
    rows = conn.execute(query.order_by(account.c.login, operator_key.c.made_at))
    return [Pending(*row) for row in rows if row.public not in known]


def add_key(conn: Connection, login: str, public: str, label: str, now: int) -> str:
    """A person's public key, to wait for the roots; its name.

    Raises NobodyThere, and controller.jobs.refused.Refused.
    """
    return people_keys.add(conn, doer(conn, login), public, label, now)


def _signed(one: Proposal, roots: Collection[Ed25519PrivateKey]) -> Proposal:
    for root in roots:
        one = proposal.add(one, root)
    return one


def _check_fleet(policy: Policy, fleet: str) -> None:
    if policy.fleet != fleet:
        raise DraftRefused(f"this office commands fleet {policy.fleet}, not {fleet}")
