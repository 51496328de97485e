"""One citizen at a time, and nothing of them afterwards."""

from portal.sitting import Screen
from tests.support.offered import catalogue


def test_whoever_begins_ends_the_one_before() -> None:
    screen = Screen()
    first = screen.begin(catalogue())
    first.drafts["a"] = {"nik": "3174999999990001"}
    second = screen.begin(catalogue())
    assert first.drafts == {}
    assert screen.known(first.id) is None
    assert screen.known(second.id) is second
    assert screen.known("") is None


def test_the_end_says_what_was_there_and_owes_a_proof() -> None:
    screen = Screen()
    assert screen.end() == (0, True)
    assert screen.proven
    begun = screen.begin(catalogue())
    begun.drafts.update(a=1, b=2)
    begun.typed = ("/status", {"tail": ["4321"]})
    assert screen.end() == (2, True)
    assert screen.sitting is None
    assert begun.typed_at("/status") == {}
    assert not screen.proven
