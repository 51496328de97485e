"""A place in a sentence: found when one is meant, and never guessed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.visits.named import Found, find
from wire.service.tenant import District, Places, Village

PLACES = Places(
    districts=(
        District(
            code="32.73.02",
            name="Coblong",
            villages=(
                Village(code="32.73.02.1004", name="Dago"),
                Village(code="32.73.02.1005", name="Cipaganti"),
            ),
        ),
        District(
            code="32.73.07",
            name="Sukajadi",
            villages=(Village(code="32.73.07.1001", name="Pasteur"),),
        ),
        District(
            code="32.73.20",
            name="Antapani",
            villages=(
                Village(code="32.73.20.1001", name="Antapani Kidul"),
                Village(code="32.73.20.1002", name="Pasteur"),
            ),
        ),
    )
)


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("Aula Kelurahan Dago, Kec. Coblong", Found("32.73.02", "32.73.02.1004")),
        ("KECAMATAN COBLONG", Found("32.73.02")),
        ("Kelurahan Dago", Found("32.73.02", "32.73.02.1004")),
        ("Antapani Kidul, Kecamatan Antapani", Found("32.73.20", "32.73.20.1001")),
        ("Pasteur, Sukajadi", Found("32.73.07", "32.73.07.1001")),
        ("Jalan Coblong, Kecamatan Sukajadi", Found("32.73.07")),
        ("Pasteur", None),  # two districts have one
        ("Coblong dan Sukajadi", None),
        ("Coblongan", None),
        ("", None),
    ],
)
def test_the_place_that_is_meant_is_found_and_no_other(said: str, found: Found | None) -> None:
    assert find(PLACES, said) == found


@given(st.text(max_size=200))
def test_whatever_is_written_is_a_place_of_the_tenant_or_none(said: str) -> None:
    found = find(PLACES, said)
    known = {one.code: {place.code for place in one.villages} for one in PLACES.districts}
    assert found is None or (found.village in {"", *known[found.district]})
