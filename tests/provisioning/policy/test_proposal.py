"""A proposal gathers signatures of the right roots, and says whose are missing."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provisioning.policy import keys, proposal
from provisioning.policy.proposal import Proposal, ProposalRefused
from tests.support.signing import Ceremony, id_of
from wire.envelope import canonical
from wire.policy import first, next_policy

OLD = Ceremony("siti", roots=3, threshold=2)
PRESENT = OLD.policy()


def turned() -> tuple[Ceremony, Proposal]:
    """A proposal that gives the fleet other roots."""
    new = Ceremony("siti", roots=2, threshold=1)
    return new, Proposal(policy=canonical(new.policy(2)), present=canonical(PRESENT))


def test_a_change_of_roots_is_signed_by_enough_of_both() -> None:
    new, one = turned()
    assert len(proposal.missing(one)) == 2
    for key in OLD.roots[:2]:
        one = proposal.add(one, key)
    (lack,) = proposal.missing(one)
    assert "version 2" in lack
    assert id_of(new.roots[1]) in lack
    one = proposal.add(one, new.roots[0])
    assert proposal.missing(one) == []
    taken = next_policy(PRESENT, one.signed, keys.verify)
    assert taken == one.read


def test_the_same_root_twice_is_one_signature() -> None:
    _, one = turned()
    again = proposal.add(proposal.add(one, OLD.roots[0]), OLD.roots[0])
    assert len(again.signatures) == 1
    assert "1 more of the roots of version 1" in proposal.missing(again)[0]


def test_row_51_a_stranger_s_signature_is_not_added() -> None:
    _, one = turned()
    with pytest.raises(ProposalRefused, match="no root"):
        proposal.add(one, Ceremony().roots[0])


def test_row_51_a_signature_for_other_words_is_still_missing() -> None:
    new, one = turned()
    signed = proposal.add(proposal.add(one, OLD.roots[0]), OLD.roots[1])
    wider = Proposal(
        policy=canonical(new.policy(2, fleet_wide=999)),
        present=one.present,
        signatures=signed.signatures,
    )
    assert "2 more of the roots of version 1" in proposal.missing(wider)[0]


def test_a_file_is_read_back_as_it_was_saved(tmp_path: Path) -> None:
    _, one = turned()
    proposal.save(tmp_path / "next.policy", one)
    assert proposal.load(tmp_path / "next.policy") == one


def test_a_first_policy_has_nothing_before_it() -> None:
    one = proposal.add(Proposal(policy=canonical(PRESENT)), OLD.roots[0])
    one = proposal.add(one, OLD.roots[2])
    assert proposal.missing(one) == []
    assert first(one.signed, keys.verify) == PRESENT


@given(st.binary(max_size=200))
def test_another_file_is_none(tmp_path_factory: pytest.TempPathFactory, body: bytes) -> None:
    path = tmp_path_factory.mktemp("proposals") / "next.policy"
    path.write_bytes(body)
    with pytest.raises(ProposalRefused):
        proposal.load(path)
