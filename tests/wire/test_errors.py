"""The one exception that comes out of reading what somebody else wrote."""

from wire.errors import REASONS, MalformedMessage


def test_hostile_detail_is_cut_to_what_a_person_can_use() -> None:
    error = MalformedMessage("topic", "x" * 1_000_000)
    assert len(error.detail) == 200
    assert len(str(error)) < 250


def test_reasons_are_short_labels_and_none_stands_twice() -> None:
    assert len(set(REASONS)) == len(REASONS)
    assert all(len(reason) <= 24 and reason.isidentifier() for reason in REASONS)
