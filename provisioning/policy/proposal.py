"""A policy on its way to the roots and back: one file, signature by signature. Needs no office.

`present` is what was in force when it was drafted, as the office says: it shows what changes, and
decides whose signatures are still missing; the office and every kiosk judge for themselves.
"""

from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from provisioning.authority.files import put
from provisioning.policy import keys
from wire.envelope import parse, policy_message, raw
from wire.errors import MalformedMessage
from wire.messages import RootSignature
from wire.policy import Policy, SignedPolicy

MOST_BYTES = 256 * 1024


class ProposalRefused(ValueError):  # noqa: N818 - says what happened
    """The file is none, or this key has no business with it."""


class Proposal(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """`policy` and `present` are canonical texts, `present` empty for a first policy."""

    policy: str
    present: str = ""
    signatures: tuple[RootSignature, ...] = ()

    @property
    def read(self) -> Policy:
        return parse(self.policy, Policy)

    @property
    def read_present(self) -> Policy | None:
        return parse(self.present, Policy) if self.present else None

    @property
    def signed(self) -> SignedPolicy:
        return SignedPolicy(policy=self.policy, signatures=self.signatures)


def load(path: Path) -> Proposal:
    """Raises ProposalRefused, OSError."""
    with path.open("rb") as file:
        body = file.read(MOST_BYTES)
    try:
        made = msgspec.json.decode(body, type=Proposal)
        _ = made.read, made.read_present
    except (msgspec.MsgspecError, ValueError, RecursionError, MalformedMessage) as error:
        raise ProposalRefused(f"{path} is no proposal of a policy: {error}") from None
    return made


def save(path: Path, proposal: Proposal) -> None:
    put(path, msgspec.json.format(msgspec.json.encode(proposal), indent=1) + b"\n")


def add(proposal: Proposal, key: Ed25519PrivateKey) -> Proposal:
    """With this root's signature. Raises ProposalRefused for a key that is no root of it."""
    mine = keys.sign_policy(key, proposal.policy)
    if mine.key not in _named(proposal.read) | _named(proposal.read_present):
        raise ProposalRefused(f"key {mine.key} is no root of this policy nor of the one before")
    others = tuple(one for one in proposal.signatures if one.key != mine.key)
    return msgspec.structs.replace(proposal, signatures=(*others, mine))


def missing(proposal: Proposal) -> list[str]:
    """What still has to be signed, in words; empty when enough have."""
    said = []
    for of in (proposal.read_present, proposal.read):
        if of is None:
            continue
        held = _held(proposal, of)
        if len(held) < of.threshold:
            others = ", ".join(sorted(_named(of) - held))
            lacks = of.threshold - len(held)
            said.append(f"{lacks} more of the roots of version {of.version}: {others}")
    return said


def _named(policy: Policy | None) -> set[str]:
    return set() if policy is None else {keys.id_of(one) for one in policy.roots}


def _held(proposal: Proposal, of: Policy) -> set[str]:
    roots = {keys.id_of(one): raw(one) for one in of.roots}
    message = policy_message(proposal.policy)
    return {
        one.key
        for one in proposal.signatures
        if one.key in roots and keys.verify(roots[one.key], raw(one.signature), message)
    }
