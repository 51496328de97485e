"""The next policy is the present one with what was asked, and one that kiosks would take."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.policy import draft
from provisioning.policy.draft import Changes, DraftRefused, Pending
from provisioning.policy.keys import id_of
from tests.support.signing import Ceremony, public_of
from wire.actions import KINDS
from wire.envelope import text_of
from wire.policy import Policy, Rule

CEREMONY = Ceremony("siti", "budi", roots=3, threshold=2)
ROOTS = [text_of(public_of(one)) for one in CEREMONY.roots]
OFFICE = text_of(public_of(CEREMONY.office))
NEW = text_of(public_of(Ceremony().office))
SITI = text_of(public_of(CEREMONY.people["siti"]))
WAITING = [Pending(id_of(SITI), "siti", SITI, "telephone")]


def first(**changes: Any) -> Policy:
    given: dict[str, Any] = {"wide": 50, "now": 5}
    return draft.first("kota-bandung", ROOTS, 2, OFFICE, **(given | changes))


def following(**changes: Any) -> Policy:
    return draft.following(first(), Changes(**changes), WAITING, 2, 9)


def test_the_first_policy_knows_the_office_and_nobody_else() -> None:
    made = first()
    assert (made.version, made.issued, made.threshold, made.fleet_wide) == (1, 5, 2, 50)
    assert [(key.who, key.use) for key in made.keys] == [("office", "office")]
    assert made.rules["destructive"].approvals == 2
    assert made.rules["destructive"].cool_off_s > 0
    assert set(made.an_hour) <= set(KINDS)


def test_a_person_is_admitted_by_login_or_by_the_name_of_the_key_once() -> None:
    by_login, by_key = following(admit=("siti",)), following(admit=(id_of(SITI), "siti"))
    assert by_login.keys == by_key.keys
    assert [(key.who, key.use) for key in by_login.keys][-1] == ("siti", "person")
    again = draft.following(by_login, Changes(admit=("siti",)), WAITING, 3, 9)
    assert again.keys == by_login.keys


def test_a_person_is_removed_with_all_keys() -> None:
    known = following(admit=("siti",))
    for word in ("siti", id_of(SITI)):
        gone = draft.following(known, Changes(remove=(word,)), [], 3, 9)
        assert {key.who for key in gone.keys} == {"office"}


def test_the_offices_key_is_replaced_and_people_stay() -> None:
    known = following(admit=("siti",))
    turned = draft.following(known, Changes(command_key=NEW), [], 3, 9)
    assert [(key.public, key.who) for key in turned.keys] == [(NEW, "office"), (SITI, "siti")]


def test_rules_powers_budgets_and_roots_change_and_the_rest_stays() -> None:
    made = following(
        raised={"reboot": "sensitive"},
        rules={"sensitive": Rule(approvals=2)},
        an_hour={"reboot": 1},
        fleet_wide=7,
        roots=tuple(ROOTS[:2]),
        threshold=1,
    )
    assert made.raised == {"reboot": "sensitive"}
    assert made.rules["sensitive"].approvals == 2
    assert made.rules["destructive"] == first().rules["destructive"]
    assert made.an_hour == {**first().an_hour, "reboot": 1}
    assert (made.fleet_wide, made.roots, made.threshold) == (7, tuple(ROOTS[:2]), 1)
    assert (made.version, made.issued, made.fleet) == (2, 9, "kota-bandung")


@pytest.mark.parametrize(
    "changes",
    [
        {"admit": ("nobody",)},
        {"remove": ("nobody",)},
        {"remove": ("office",)},
        {"raised": {"format_disk": "routine"}},
        {"raised": {"reboot": "harmless"}},
        {"an_hour": {"format_disk": 3}},
        {"an_hour": {"reboot": 0}},
        {"fleet_wide": 0},
        {"threshold": 4},
        {"roots": (ROOTS[0], ROOTS[0])},
        {"roots": ("x",)},
        {"roots": (ROOTS[0], OFFICE), "threshold": 1},
        {"rules": {"destructive": Rule(approvals=1)}},
        {"command_key": ROOTS[0]},
    ],
)
def test_what_no_kiosk_would_take_is_refused_before_anybody_signs(changes: Any) -> None:
    with pytest.raises(DraftRefused):
        following(**changes)


def test_an_older_number_is_refused() -> None:
    with pytest.raises(DraftRefused, match="in force is 1"):
        draft.following(first(), Changes(), [], 1, 9)


@pytest.mark.parametrize("fleet", ["", "Kota Bandung", "a", "x" * 60, "kota\n"])
def test_a_fleet_has_a_name_that_fits(fleet: str) -> None:
    with pytest.raises(DraftRefused):
        draft.first(fleet, ROOTS, 2, OFFICE, wide=50, now=5)


def test_a_rule_is_read_as_it_is_typed() -> None:
    assert draft.rule("sensitive=2") == ("sensitive", Rule(approvals=2))
    typed = Rule(approvals=2, cool_off_s=900, most=10)
    assert draft.rule("destructive=2,900,10") == ("destructive", typed)


@given(st.text(max_size=40))
def test_another_rule_is_refused(text: str) -> None:
    with pytest.raises(DraftRefused):
        draft.rule(text)


@pytest.mark.parametrize("text", ["destructive=9", "routine=-1", "routine=1,2,3,4", "routine=1,"])
def test_a_rule_out_of_bounds_is_refused(text: str) -> None:
    with pytest.raises(DraftRefused):
        draft.rule(text)
