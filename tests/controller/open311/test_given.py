"""What a program hands in is read, or it is told what to mend."""

import msgspec
import pytest
from hypothesis import given as examples
from hypothesis import strategies as st

from controller.open311.given import NotGiven, read, tenant_of
from controller.registrar import protocol
from tests.controller.open311.test_places import PLACES

FORM = {
    "service_code": "32.73-jalan_rusak",
    "description": "Jalan rusak\ndi depan pasar",
    "lat": "1.5",
    "long": "1.5",
    "first_name": "Warga",
    "last_name": "Contoh",
    "phone": "081200004321",
}


def test_a_whole_form_is_taken() -> None:
    found = read(FORM, 7, PLACES)
    assert (found.tenant, found.category, found.place) == ("32.73", "jalan_rusak", "32.73.01")
    assert (found.name, found.phone, found.account) == ("Warga Contoh", "081200004321", 7)
    assert found.text == "Jalan rusak\ndi depan pasar"
    assert tenant_of(FORM) == "32.73"


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"service_code": "x"}, "service_code"),
        ({"description": " "}, "description"),
        ({"description": "x" * 4_001}, "description"),
        ({"lat": "x"}, "lat"),
        ({"lat": ""}, "lat"),
        ({"lat": "nan"}, "lat"),
        ({"lat": "1e999"}, "lat"),
        ({"lat": "91"}, "lat"),
        ({"lat": "-6.9", "long": "107.6"}, "lat"),
        ({"lat": "", "long": ""}, "attribute[place]"),
        ({"attribute[place]": "32.04.15"}, "attribute[place]"),
        ({"attribute[class]": "x"}, "attribute[class]"),
        ({"phone": "0" * 21}, "phone"),
    ],
)
def test_what_must_be_mended_is_named(changed: dict[str, str], field: str) -> None:
    with pytest.raises(NotGiven) as error:
        read({**FORM, **changed}, 7, PLACES)
    assert error.value.field == field


def test_a_place_that_is_said_outranks_the_point() -> None:
    assert read({**FORM, "attribute[place]": "32.73.02"}, 7, PLACES).place == "32.73.02"


@examples(
    st.dictionaries(st.sampled_from([*FORM, "email", "address_string"]), st.text(max_size=40))
)
def test_whatever_is_typed_becomes_a_question_the_registrar_reads_or_a_refusal(
    changed: dict[str, str],
) -> None:
    try:
        found = read({**FORM, **changed}, 7, PLACES)
    except NotGiven:
        return
    try:
        frame = protocol.frame(found)
        assert protocol.read_ask(frame[4:]) == found
    except ValueError:  # a category nobody has: the registrar refuses its shape
        assert msgspec.structs.replace(found, category="x") != found
