"""Every trouble says who must act, when to ask again, and which fault it is."""

import pytest

from agent.content import trouble
from agent.content.trouble import LineFailing, Trouble, plain_words
from wire.faults import CATALOGUE

KINDS = [
    kind
    for kind in vars(trouble).values()
    if isinstance(kind, type) and issubclass(kind, Trouble) and kind is not Trouble
]


@pytest.mark.parametrize("kind", KINDS)
def test_each_stands_for_a_fault_that_technicians_know(kind: type[Trouble]) -> None:
    assert kind.fault in CATALOGUE
    assert kind.__doc__


def test_each_has_a_code_of_its_own() -> None:
    assert len({kind.code for kind in KINDS}) == len(KINDS)


def test_a_long_reason_is_cut_and_a_server_may_say_when() -> None:
    found = LineFailing("x" * 1000, again_s=7)
    assert (len(found.why), found.again_s) == (300, 7)
    assert LineFailing("x").again_s == 60


def test_what_others_say_is_told_on_without_what_no_message_can_hold() -> None:
    assert plain_words("Peta \0 \ud800\n\u202ekecamatan é") == "Peta ? ???kecamatan é"
