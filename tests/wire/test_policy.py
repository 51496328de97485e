"""Policies: who may command, and that nobody but the roots can change it."""

import itertools
from collections.abc import Callable

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from tests.support.signing import RULES, Ceremony, id_of, public_of, verify
from wire import codec
from wire.envelope import order_of, text_of
from wire.errors import MalformedMessage
from wire.messages import NewPolicy
from wire.policy import (
    Key,
    Policy,
    Refusal,
    Rule,
    SignedPolicy,
    first,
    next_policy,
    office_key,
    power_of,
)

CEREMONY = Ceremony("ani", "budi", roots=3, threshold=2)
POLICY = CEREMONY.policy()


def code(take: Callable[[], object]) -> str:
    """The word with which this is refused; empty when it is taken."""
    try:
        take()
    except Refusal as refusal:
        return refusal.code
    return ""


def after(present: Policy, signed: SignedPolicy) -> str:
    return code(lambda: next_policy(present, signed, verify))


def public(key: Ed25519PrivateKey) -> str:
    return text_of(public_of(key))


def test_the_first_policy_is_signed_by_its_own_roots() -> None:
    assert first(CEREMONY.signed_policy(), verify) == POLICY
    assert first(CEREMONY.signed_policy(roots=CEREMONY.roots[1:]), verify) == POLICY


@pytest.mark.parametrize("signers", [0, 1])
def test_row_51_a_policy_with_too_few_roots_is_refused(signers: int) -> None:
    few = CEREMONY.roots[:signers]
    assert code(lambda: first(CEREMONY.signed_policy(roots=few), verify)) == "roots"
    newer = CEREMONY.signed_policy(CEREMONY.policy(2), roots=few)
    assert after(POLICY, newer) == "roots"


def test_row_50_one_root_that_signs_twice_is_one() -> None:
    signed = CEREMONY.signed_policy(roots=[CEREMONY.roots[0]] * 5)
    assert code(lambda: first(signed, verify)) == "roots"


def test_row_51_a_threshold_lowered_with_the_keys_of_the_office_is_refused() -> None:
    easy = RULES | {"destructive": Rule(approvals=2), "sensitive": Rule(approvals=0)}
    lowered = CEREMONY.policy(2, rules=easy)
    for thieves in ([CEREMONY.office], [CEREMONY.office, *CEREMONY.people.values()]):
        assert after(POLICY, CEREMONY.signed_policy(lowered, roots=thieves)) == "roots"


def test_row_51_roots_of_ones_own_are_refused() -> None:
    thief = Ceremony("ani", roots=3, threshold=1)
    signed = thief.signed_policy(thief.policy(2), roots=[*thief.roots, thief.office])
    assert after(POLICY, signed) == "roots"
    assert code(lambda: first(signed, verify)) == ""  # it holds by itself: who is asked decides


def test_row_51_a_wrong_signature_under_the_name_of_a_root_counts_not() -> None:
    signed = CEREMONY.signed_policy(CEREMONY.policy(2))
    forged = msgspec.structs.replace(
        signed,
        signatures=tuple(
            msgspec.structs.replace(one, signature=signed.signatures[0].signature)
            for one in signed.signatures
        ),
    )
    assert after(POLICY, forged) == "roots"


def test_roots_change_when_enough_of_the_old_and_of_the_new_agree() -> None:
    heirs = [*CEREMONY.roots[1:], Ed25519PrivateKey.generate(), Ed25519PrivateKey.generate()]
    policy = CEREMONY.policy(2, roots=tuple(map(public, heirs)), threshold=3)
    old, both, new = CEREMONY.roots[0], heirs[:2], heirs[2:]

    def taken(*signers: Ed25519PrivateKey) -> str:
        return after(POLICY, CEREMONY.signed_policy(policy, signers))

    assert taken(*both, new[0]) == ""
    assert taken(old, both[0], *new) == ""
    assert taken(both[0], *new) == "roots"  # enough of the new ones, one of the old ones
    assert taken(old, *both) == "roots"  # enough of the old ones, two of the new ones
    assert taken(*new) == "roots"


def test_row_46_a_policy_that_was_in_force_is_not_put_in_force_again() -> None:
    third = CEREMONY.policy(3)
    assert after(third, CEREMONY.signed_policy(CEREMONY.policy(2))) == "old_policy"
    assert after(third, CEREMONY.signed_policy(CEREMONY.policy(3, fleet_wide=9))) == "old_policy"
    assert after(third, CEREMONY.signed_policy(CEREMONY.policy(5))) == ""


def test_row_45_a_policy_for_another_fleet_is_refused() -> None:
    other = CEREMONY.signed_policy(CEREMONY.policy(2, fleet="kabupaten-bandung"))
    assert after(POLICY, other) == "fleet"


TWICE = Key(public=public(CEREMONY.office), who="budi", use="person")
BAD: dict[str, dict[str, object]] = {
    "more roots asked than there are": {"threshold": 4},
    "one root in two places": {"roots": (public(CEREMONY.roots[0]),) * 3},
    "the office's key as a person's": {"keys": (*POLICY.keys, TWICE)},
    "one person enough to destroy": {"rules": {"destructive": Rule(approvals=1)}},
    "a larger order needs fewer": {
        "rules": {"sensitive": Rule(approvals=3), "destructive": Rule(approvals=2)}
    },
    "a larger order needs no time": {
        "rules": {
            "routine": Rule(approvals=0, cool_off_s=1),
            "destructive": Rule(approvals=2),
        }
    },
}


@pytest.mark.parametrize("bad", BAD)
def test_a_policy_that_defeats_itself_is_refused_though_signed(bad: str) -> None:
    signed = CEREMONY.signed_policy(CEREMONY.policy(2, **BAD[bad]))
    assert after(POLICY, signed) == "malformed"
    assert code(lambda: first(signed, verify)) == "malformed"


@pytest.mark.parametrize(
    "who", ["Ani", "ani ", " ani", "ani\n", "\u0430ni", "an\u0131", "", "a" * 65]
)
def test_row_50_a_person_has_one_spelling(who: str) -> None:
    key = {"public": public(CEREMONY.office), "who": who, "use": "person"}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(key, Key)


def test_row_45_every_bit_of_a_signed_policy_flipped_is_refused() -> None:
    newer = CEREMONY.signed_policy(CEREMONY.policy(2, an_hour={"reboot": 1}), CEREMONY.roots[:2])
    text = newer.policy.encode()
    assert after(POLICY, newer) == ""
    for at, bit in itertools.product(range(len(text)), range(8)):
        changed = text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]
        signed = msgspec.structs.replace(newer, policy=changed.decode("latin-1"))
        assert after(POLICY, signed) in ("malformed", "roots", "fleet", "old_policy"), changed


def test_row_45_every_bit_of_a_new_policy_flipped_is_refused_or_changes_nothing() -> None:
    newer = CEREMONY.signed_policy(CEREMONY.policy(2), CEREMONY.roots[:2])
    good = NewPolicy(policy=newer.policy, signatures=newer.signatures)
    payload = codec.encode(good)
    for at in range(len(payload)):
        changed = payload[:at] + bytes([payload[at] ^ 1]) + payload[at + 1 :]
        try:
            said = codec.decode_down("policy", changed)
        except MalformedMessage:
            continue
        assert isinstance(said, NewPolicy)
        taken = after(POLICY, SignedPolicy(policy=said.policy, signatures=said.signatures))
        assert taken or said == good, changed


@given(st.text(max_size=300))
def test_row_52_any_text_is_a_policy_or_refused(text: str) -> None:
    signed = msgspec.structs.replace(CEREMONY.signed_policy(), policy=text)
    assert code(lambda: first(signed, verify)) == "malformed"
    assert after(POLICY, signed) == "malformed"


def test_a_key_is_used_for_its_purpose_only() -> None:
    assert office_key(POLICY, id_of(CEREMONY.office)) == public_of(CEREMONY.office)
    for wrong in (id_of(CEREMONY.people["ani"]), id_of(CEREMONY.roots[0]), "0" * 16):
        assert code(lambda wrong=wrong: office_key(POLICY, wrong)) == "unknown_key"  # type: ignore[misc]


def test_row_51_an_office_key_that_the_newest_policy_lacks_commands_nothing() -> None:
    heir = Ceremony("ani", "budi")
    heir.roots, heir.people = CEREMONY.roots, CEREMONY.people
    policy = next_policy(POLICY, CEREMONY.signed_policy(heir.policy(2)), verify)
    assert code(lambda: office_key(policy, id_of(CEREMONY.office))) == "unknown_key"


@pytest.mark.parametrize(
    ("kind", "count", "raised", "power"),
    [
        ("reboot", 1, {}, "routine"),
        ("reboot", 25, {}, "routine"),
        ("reboot", 26, {}, "destructive"),
        ("reboot", 1, {"reboot": "sensitive"}, "sensitive"),
        ("reboot", 26, {"reboot": "sensitive"}, "destructive"),
        ("wipe", 1, {"wipe": "routine"}, "destructive"),
        ("rotate_key", 1, {"rotate_key": "routine"}, "sensitive"),
    ],
)
def test_row_51_a_policy_and_a_number_raise_a_power_and_never_lower_it(
    kind: str, count: int, raised: dict[str, str], power: str
) -> None:
    policy = CEREMONY.policy(raised=raised)
    sample = CEREMONY.envelope("anjungan-andir", kind, count=count)
    assert power_of(policy, order_of(sample)) == power
