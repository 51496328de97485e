"""What a kiosk asks before it acts: address, people, time, each with its edge."""

from collections.abc import Callable, Mapping

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.signing import RULES, Ceremony, id_of, verify
from wire.envelope import (
    Approval,
    Envelope,
    Tree,
    approval_message,
    canonical,
    command_id,
    order_of,
    text_of,
)
from wire.policy import AHEAD_MS, Policy, Refusal, Rule, Time, approvers, permit

KIOSK = "anjungan-andir"
OTHERS = {"anjungan-cicendo": 0, "anjungan-sukasari": 9_000, "anjungan-lengkong": 0}
CEREMONY = Ceremony("ani", "budi", "citra")
POLICY = CEREMONY.policy()
NOON = 1_000_000_000
COOL = RULES["destructive"].cool_off_s * 1000
WIPE = {"kiosk": KIOSK}


def said(envelope: Envelope, at: Time | int | None = NOON, **how: object) -> str:
    """The word with which this is refused; empty when the kiosk may act."""
    time = Time(at, at) if isinstance(at, int) else at
    policy, kiosk = how.get("policy", POLICY), how.get("kiosk", KIOSK)
    assert isinstance(policy, Policy)
    assert isinstance(kiosk, str)
    try:
        permit(policy, envelope, kiosk, time, verify)
    except Refusal as refusal:
        return refusal.code
    return ""


def changed(envelope: Envelope, **changes: object) -> Envelope:
    """With another order text, the name follows it: as a thief of the office's key would do."""
    made = msgspec.structs.replace(envelope, **changes)
    return msgspec.structs.replace(made, command=command_id(made.order, KIOSK))


def reordered(envelope: Envelope, **changes: object) -> Envelope:
    return changed(
        envelope, order=canonical(msgspec.structs.replace(order_of(envelope), **changes))
    )


def wipe(**approvals: int) -> Envelope:
    return CEREMONY.envelope(KIOSK, "wipe", WIPE, approvals=approvals)


def test_an_order_of_many_is_permitted_to_each_of_them() -> None:
    envelope = CEREMONY.envelope(KIOSK, "reboot", others=OTHERS)
    assert permit(POLICY, envelope, KIOSK, Time(NOON, NOON), verify) == order_of(envelope)


# --- address ------------------------------------------------------------------------------------


def test_row_45_a_kiosk_the_order_does_not_name_refuses_it() -> None:
    envelope = CEREMONY.envelope(KIOSK, "reboot", others=OTHERS)
    assert {said(envelope, kiosk=name) for name in (*OTHERS, "anjungan-regol", "")} == {"address"}


def test_row_45_an_order_of_another_fleet_is_refused() -> None:
    assert said(reordered(CEREMONY.envelope(KIOSK), fleet="kabupaten-bandung")) == "fleet"


def test_row_45_another_moment_or_proof_than_the_tree_s_is_refused() -> None:
    envelope = CEREMONY.envelope(KIOSK, "reboot", after=5_000, others=OTHERS)
    assert said(changed(envelope, after=0)) == "address"
    assert said(changed(envelope, proof=())) == "address"
    assert said(changed(envelope, proof=envelope.proof[::-1])) == "address"
    assert said(changed(envelope, proof=(*envelope.proof, "l" + "0" * 64))) == "address"


def test_row_51_an_order_with_more_kiosks_than_it_says_is_refused_by_those_too_many() -> None:
    after = {f"anjungan-{n:03d}": 0 for n in range(100)}
    tree = Tree(after)
    order = reordered(CEREMONY.envelope(KIOSK, "reboot"), kiosks=tree.root, count=25).order
    answers = [
        said(
            Envelope(
                command=command_id(order, kiosk),
                number=1,
                order=order,
                after=0,
                proof=tree.proof(kiosk),
            ),
            kiosk=kiosk,
        )
        for kiosk in after
    ]
    assert answers.count("") <= 25
    assert set(answers) <= {"", "address"}


def test_row_46_one_agreed_order_under_another_name_is_refused() -> None:
    envelope = wipe(ani=1, budi=1)
    assert said(envelope) == ""
    again = msgspec.structs.replace(envelope, command="0" * 32, number=envelope.number + 1)
    assert said(again) == "address"


def test_row_45_an_order_to_wipe_another_kiosk_is_refused_by_every_other() -> None:
    envelope = CEREMONY.envelope(
        KIOSK, "wipe", {"kiosk": "anjungan-cicendo"}, approvals={"ani": 1, "budi": 1}
    )
    assert said(envelope) == "address"


@pytest.mark.parametrize(
    ("kind", "args", "word"),
    [
        ("format_disk", {}, "unknown_kind"),
        ("reboot", {"delay": 1}, "arguments"),
        ("set_volume", {}, "arguments"),
        ("set_volume", {"percent": "40"}, "arguments"),
        ("set_volume", {"percent": True}, "arguments"),
    ],
)
def test_row_45_an_unknown_kind_and_foreign_arguments_are_refused(
    kind: str, args: Mapping[str, bool | int | str], word: str
) -> None:
    assert said(CEREMONY.envelope(KIOSK, kind, args)) == word


# --- people -------------------------------------------------------------------------------------


def test_row_51_a_stolen_office_alone_wipes_nothing() -> None:
    assert said(wipe()) == "threshold"
    office = CEREMONY.office
    text = wipe().order
    own = Approval(
        key=id_of(office), at=1, signature=text_of(office.sign(approval_message(text, 1)))
    )
    assert said(changed(wipe(), order=text, approvals=(own, own))) == "unknown_key"


def test_row_51_a_stolen_office_alone_commands_no_more_than_the_cap_at_once() -> None:
    assert said(CEREMONY.envelope(KIOSK, "reboot", count=25)) == ""
    assert said(CEREMONY.envelope(KIOSK, "reboot", count=26)) == "threshold"
    agreed = {"ani": 1, "budi": 1}
    assert said(CEREMONY.envelope(KIOSK, "reboot", count=1_000, approvals=agreed)) == ""
    assert said(CEREMONY.envelope(KIOSK, "reboot", count=1_001, approvals=agreed)) == "too_many"


def test_row_51_what_no_rule_allows_nobody_may() -> None:
    policy = CEREMONY.policy(rules={"routine": Rule(approvals=0)})
    assert said(wipe(ani=1, budi=1), policy=policy) == "power"
    assert said(CEREMONY.envelope(KIOSK), policy=policy) == ""


def test_row_50_one_person_is_not_two() -> None:
    assert said(wipe(ani=1)) == "threshold"
    twice = wipe(ani=1)
    later = CEREMONY.approve("ani", twice.order, 2)
    assert said(changed(twice, approvals=(*twice.approvals, later))) == "threshold"
    assert said(changed(twice, approvals=twice.approvals * 8)) == "threshold"
    assert said(wipe(ani=1, budi=1)) == ""


def test_row_50_one_person_with_two_keys_is_not_two() -> None:
    both = Ceremony("ani", "telepon")
    keys = [
        msgspec.structs.replace(key, who="ani") if key.who == "telepon" else key
        for key in both.policy().keys
    ]
    envelope = both.envelope(KIOSK, "wipe", WIPE, approvals={"ani": 1, "telepon": 2})
    policy = both.policy(keys=tuple(keys))
    assert approvers(policy, envelope, verify) == {"ani": 1}
    assert said(envelope, policy=policy) == "threshold"
    assert said(envelope, policy=both.policy()) == ""


def test_row_50_a_key_that_the_next_policy_revokes_counts_no_more() -> None:
    policy = CEREMONY.policy(2, keys=tuple(k for k in POLICY.keys if k.who != "budi"))
    assert said(wipe(ani=1, budi=1)) == ""
    assert said(wipe(ani=1, budi=1), policy=policy) == "unknown_key"


def test_row_50_an_agreement_to_another_order_counts_not() -> None:
    first, second = wipe(ani=1, budi=1), wipe(ani=1, budi=1)
    assert said(changed(first, approvals=second.approvals)) == "approval"
    assert said(changed(first, order=second.order)) == "approval"


@pytest.mark.parametrize("field", ["order", "issued", "not_before", "expires", "count"])
def test_row_50_an_order_changed_after_people_agreed_is_refused(field: str) -> None:
    value = "0" * 32 if field == "order" else 2
    if field == "count":
        assert said(reordered(wipe(ani=1, budi=1), count=2)) == "address"
    else:
        assert said(reordered(wipe(ani=1, budi=1), **{field: value})) == "approval"


def test_row_45_every_bit_of_an_agreed_order_flipped_is_refused() -> None:
    good = CEREMONY.envelope(KIOSK, "set_volume", {"percent": 40}, approvals={"ani": 1, "budi": 1})
    policy = CEREMONY.policy(raised={"set_volume": "destructive"})
    text = good.order.encode()
    assert said(good, policy=policy) == ""
    for at in range(len(text)):
        for bit in range(8):
            flipped = (text[:at] + bytes([text[at] ^ 1 << bit]) + text[at + 1 :]).decode("latin-1")
            assert said(changed(good, order=flipped), policy=policy) != "", flipped


def test_an_agreement_earlier_than_the_newest_counts_by_its_own_time() -> None:
    assert approvers(POLICY, wipe(ani=5, budi=7), verify) == {"ani": 5, "budi": 7}


# --- time ---------------------------------------------------------------------------------------


def test_row_50_the_cool_off_begins_with_the_last_agreement() -> None:
    envelope = wipe(ani=NOON - COOL, budi=NOON)
    assert said(envelope, NOON + COOL - 1) == "too_soon"
    assert said(envelope, NOON + COOL) == ""
    assert said(envelope, Time(NOON + COOL - 1, NOON + 2 * COOL)) == "too_soon"
    assert said(envelope, None) == ""  # the office asks who must agree, not when


def test_a_cool_off_without_agreements_begins_when_it_was_asked_for() -> None:
    rules = {"routine": Rule(approvals=0, cool_off_s=60)}
    envelope = CEREMONY.envelope(KIOSK, issued=NOON)
    policy = CEREMONY.policy(rules=rules)
    assert said(envelope, NOON + 59_999, policy=policy) == "too_soon"
    assert said(envelope, NOON + 60_000, policy=policy) == ""


def test_row_47_an_order_is_over_at_its_end_not_after_it() -> None:
    envelope = CEREMONY.envelope(KIOSK, expires=NOON)
    assert said(envelope, NOON - 1) == ""
    assert said(envelope, NOON) == "expired"
    assert said(envelope, Time(NOON - 60_000, NOON)) == "expired"  # it may be over


def test_an_order_does_not_begin_before_its_moment() -> None:
    early, wave = (
        CEREMONY.envelope(KIOSK, not_before=NOON),
        CEREMONY.envelope(KIOSK, after=NOON, others=OTHERS),
    )
    for envelope in (early, wave):
        assert said(envelope, NOON - 1) == "too_soon"
        assert said(envelope, Time(NOON - 1, NOON + 60_000)) == "too_soon"
        assert said(envelope, NOON) == ""


def test_row_47_a_number_of_the_future_is_refused() -> None:
    assert said(CEREMONY.envelope(KIOSK, number=NOON + AHEAD_MS)) == ""
    assert said(CEREMONY.envelope(KIOSK, number=NOON + AHEAD_MS + 1)) == "future"


@given(
    earliest=st.integers(0, 3_000),
    width=st.integers(0, 3_000),
    begin=st.integers(0, 3_000),
    length=st.integers(0, 3_000),
)
def test_row_47_nothing_runs_at_a_moment_that_may_be_outside_its_time(
    earliest: int, width: int, begin: int, length: int
) -> None:
    envelope = timed(begin, begin + length)
    time = Time(earliest, earliest + width)
    inside = begin <= time.earliest and time.latest < begin + length
    assert (said(envelope, time) == "") == inside
    assert (said(envelope, time) == "expired") == (time.latest >= begin + length)


def timed(not_before: int, expires: int) -> Envelope:
    return CEREMONY.envelope(KIOSK, not_before=not_before, expires=expires)


def test_row_47_an_order_that_is_over_does_not_wait_for_a_cool_off() -> None:
    envelope = CEREMONY.envelope(
        KIOSK, "wipe", WIPE, expires=NOON, approvals={"ani": 2**53, "budi": 2**53}
    )
    assert said(envelope, NOON - 1) == "too_soon"
    assert said(envelope, NOON) == "expired"


# --- hostile texts ------------------------------------------------------------------------------

HOSTILE: dict[str, Callable[[str], str]] = {
    "a key said twice": lambda text: '{"v":1,' + text[1:],
    "NaN": lambda text: text.replace('"v":1', '"v":NaN'),
    "nested deep": lambda _: "[" * 59_000,
    "5,000 digits": lambda text: text.replace('"v":1', '"v":' + "1" * 5_000),
    "half a pair": lambda text: text.replace("noop", "\ud800"),
    "a mark of byte order": lambda text: "\ufeff" + text,
    "nothing": lambda text: text[:0],
}


@pytest.mark.parametrize("name", HOSTILE)
def test_row_52_a_hostile_order_text_is_malformed(name: str) -> None:
    envelope = CEREMONY.envelope(KIOSK)
    hostile = msgspec.structs.replace(envelope, order=HOSTILE[name](envelope.order))
    assert said(hostile) == "malformed"


@given(st.text(max_size=200))
def test_row_52_any_order_text_is_refused_with_a_word(text: str) -> None:
    assert said(msgspec.structs.replace(CEREMONY.envelope(KIOSK), order=text)) == "malformed"


def test_the_key_of_a_person_is_found_among_two_hundred() -> None:
    many = Ceremony(*(f"petugas-{n}" for n in range(199)))
    envelope = many.envelope(KIOSK, "wipe", WIPE, approvals={"petugas-0": 1, "petugas-198": 1})
    assert said(envelope, policy=many.policy()) == ""
