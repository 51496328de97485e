"""A fleet's keys, played: roots, the office's key, people's keys, and what they sign.

The counterpart of every test of commands: what it makes is real and holds before the real checks.
"""

import os
from collections.abc import Iterable, Mapping

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from wire.envelope import (
    Approval,
    Batch,
    Envelope,
    Order,
    Tree,
    approval_message,
    canonical,
    command_id,
    key_id,
    orders_message,
    policy_message,
    text_of,
)
from wire.messages import Desired, Orders, RootSignature
from wire.policy import Key, Policy, Rule, SignedPolicy
from wire.wants import Want, Wants, wants_message

FLEET = "kota-bandung"
RULES = {
    "routine": Rule(approvals=0),
    "sensitive": Rule(approvals=1),
    "destructive": Rule(approvals=2, cool_off_s=900, most=1000),
}


def verify(public: bytes, signature: bytes, message: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(public).verify(signature, message)
    except InvalidSignature:
        return False
    return True


def public_of(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def id_of(key: Ed25519PrivateKey) -> str:
    return key_id(public_of(key))


class Ceremony:
    """`people`: logins that have a key each."""

    def __init__(self, *people: str, roots: int = 1, threshold: int = 1) -> None:
        self.roots = [Ed25519PrivateKey.generate() for _ in range(roots)]
        self.office = Ed25519PrivateKey.generate()
        self.people = {who: Ed25519PrivateKey.generate() for who in people}
        self._threshold = threshold

    def policy(self, version: int = 1, **changes: object) -> Policy:
        keys = [Key(public=_public(self.office), who="office", use="office")]
        keys += [Key(public=_public(k), who=w, use="person") for w, k in self.people.items()]
        given: dict[str, object] = {
            "fleet": FLEET,
            "version": version,
            "issued": 1_000,
            "roots": tuple(map(_public, self.roots)),
            "threshold": self._threshold,
            "keys": tuple(keys),
            "rules": RULES,
            "fleet_wide": 25,
        }
        return Policy(**(given | changes))  # type: ignore[arg-type]

    def signed_policy(
        self, policy: Policy | None = None, roots: Iterable[Ed25519PrivateKey] | None = None
    ) -> SignedPolicy:
        text = canonical(policy or self.policy())
        message = policy_message(text)
        signatures = tuple(
            RootSignature(key=id_of(root), signature=text_of(root.sign(message)))
            for root in (self.roots if roots is None else roots)
        )
        return SignedPolicy(policy=text, signatures=signatures)

    def approve(self, who: str, order: str, at: int) -> Approval:
        key = self.people[who]
        signature = text_of(key.sign(approval_message(order, at)))
        return Approval(key=id_of(key), at=at, signature=signature)

    def envelope(
        self,
        kiosk: str,
        kind: str = "noop",
        args: Mapping[str, bool | int | str] | None = None,
        *,
        number: int = 2_000,
        command: str = "",
        after: int = 0,
        issued: int = 1_000,
        not_before: int = 0,
        expires: int = 10**14,
        others: Mapping[str, int] | None = None,
        count: int = 0,
        approvals: Mapping[str, int] | None = None,
        cancel: bool = False,
    ) -> Envelope:
        """One kiosk's share of a new order. `approvals`: login -> when; `others`: -> after.

        Where `count` says more than that, the rest are played kiosks that nobody has; where it
        says less, it lies. `command`: a name that is not this share's.
        """
        named = {**(others or {}), kiosk: after}
        named |= {f"nobody-{n}": 0 for n in range(count - len(named))}
        tree = Tree(named)
        order = Order(
            fleet=FLEET,
            order=os.urandom(16).hex(),
            kind=kind,
            args=dict(args or {}),
            kiosks=tree.root,
            count=count or len(named),
            issued=issued,
            not_before=not_before,
            expires=expires,
        )
        text = canonical(order)
        return Envelope(
            command=command or command_id(text, kiosk),
            number=number,
            order=text,
            after=after,
            proof=tree.proof(kiosk),
            approvals=tuple(self.approve(w, text, at) for w, at in (approvals or {}).items()),
            cancel=cancel,
        )

    def orders(
        self,
        kiosk: str,
        nonce: str,
        *envelopes: Envelope,
        now: int = 3_000,
        key: Ed25519PrivateKey | None = None,
    ) -> Orders:
        batch = Batch(fleet=FLEET, kiosk=kiosk, nonce=nonce, now=now, open=envelopes)
        signer = key or self.office
        signed = canonical(batch)
        signature = text_of(signer.sign(orders_message(signed)))
        return Orders(signed=signed, key=id_of(signer), signature=signature)

    def desired(
        self,
        kiosk: str,
        nonce: str,
        *wants: Want,
        now: int = 3_000,
        url: str = "",
        key: Ed25519PrivateKey | None = None,
    ) -> Desired:
        said = Wants(fleet=FLEET, kiosk=kiosk, nonce=nonce, now=now, url=url, wants=wants)
        signer = key or self.office
        signed = canonical(said)
        signature = text_of(signer.sign(wants_message(signed)))
        return Desired(signed=signed, key=id_of(signer), signature=signature)


def _public(key: Ed25519PrivateKey) -> str:
    return text_of(public_of(key))
