"""A policy is looked at before it lies beside a key: who signs it, and that it is one at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.identity.keys import BadGrant
from agent.identity.policy import checked, if_good
from tests.support.signing import Ceremony
from wire.envelope import canonical

CEREMONY = Ceremony("pagi", roots=3, threshold=2)
GOOD = canonical(CEREMONY.signed_policy())


def test_a_policy_that_its_own_roots_signed_is_kept_as_it_came() -> None:
    assert checked(GOOD) == GOOD.encode() == if_good(GOOD)


def test_an_office_without_one_is_no_error() -> None:
    assert checked("") == b""


def test_row_51_one_with_too_few_signatures_or_others_is_none() -> None:
    few = CEREMONY.signed_policy(roots=CEREMONY.roots[:1])
    strange = CEREMONY.signed_policy(roots=Ceremony(roots=2).roots)
    for signed in (few, strange):
        with pytest.raises(BadGrant, match="roots"):
            checked(canonical(signed))
        assert if_good(canonical(signed)) == b""


@given(st.one_of(st.text(min_size=1), st.integers(0, len(GOOD) - 1).map(lambda n: GOOD[:n] or "[")))
def test_row_51_anything_else_is_none(text: str) -> None:
    with pytest.raises(BadGrant):
        checked(text)


def test_row_51_json_that_is_too_deep_is_none() -> None:
    with pytest.raises(BadGrant):
        checked("[" * 100_000)
