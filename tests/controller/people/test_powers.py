"""Powers: deny by default, one grant decides, districts hold what is below them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.people.powers import (
    EVERYWHERE,
    EVERYWHERE_ONLY,
    NOWHERE,
    POWERS,
    ROLES,
    Grant,
    Person,
    holds,
)

CODES = st.from_regex(r"[0-9]{2}(\.[0-9]{2}){1,2}", fullmatch=True)


def person(*grants: tuple[str, str]) -> Person:
    return Person(1, "siaga", "Petugas siaga", tuple(Grant(*one) for one in grants))


def test_a_power_nobody_wrote_down_exists_for_nobody() -> None:
    assert person(("admin", "")).scope("kiosk.launch") == NOWHERE


def test_a_person_without_grants_may_nothing() -> None:
    assert not any(person().may(power) for power in POWERS)


def test_every_role_in_the_table_is_a_role() -> None:
    assert all(roles <= set(ROLES) for roles in POWERS.values())


def test_rights_of_two_grants_are_never_added_up() -> None:
    one = person(("officer", "32.73"), ("supervisor", "32.04"))
    assert one.may("identity.revoke", "32.04.10")
    assert not one.may("identity.revoke", "32.73.01")


@pytest.mark.parametrize("power", sorted(EVERYWHERE_ONLY))
def test_what_is_not_about_a_place_needs_a_grant_for_everywhere(power: str) -> None:
    roles = sorted(POWERS[power])
    assert not any(person((role, "32.73")).may(power) for role in roles)
    assert all(person((role, "")).scope(power) == EVERYWHERE for role in roles)


def test_a_district_does_not_hold_its_namesake() -> None:
    assert holds("32.73", "32.73.01")
    assert not holds("32.7", "32.73.01")
    assert not holds("32.73.01", "32.73")


@given(CODES, CODES, st.sampled_from(ROLES), st.sampled_from(sorted(POWERS)))
def test_scope_and_may_say_the_same(district: str, site: str, role: str, power: str) -> None:
    one = person((role, district))
    assert one.may(power, site) == one.scope(power).holds(site)
    if one.may(power, site):
        assert holds(district, site)
