"""GeoReport's words for categories and states."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.open311 import codes
from wire.service.document import STATES, Words
from wire.service.tenant import Category


def test_every_state_has_a_status_and_a_sentence() -> None:
    assert set(codes.SAID) == set(STATES)
    assert {codes.status_of(state) for state in STATES} == {"open", "closed"}
    assert set(codes.OPEN).isdisjoint(codes.STATUSES["closed"])


TENANTS = st.from_regex(r"[0-9]{2}\.[0-9]{2}", fullmatch=True)
CATEGORIES = st.from_regex(r"[a-z0-9_]+", fullmatch=True)


@given(TENANTS, CATEGORIES)
def test_a_code_is_read_as_it_was_written(tenant: str, category: str) -> None:
    assert codes.read_code(codes.code_of(tenant, category)) == (tenant, category)


@pytest.mark.parametrize("code", ["", "32.73", "32.73-"])
def test_what_is_no_code_is_said(code: str) -> None:
    with pytest.raises(ValueError, match="no such service_code"):
        codes.read_code(code)


def test_a_service_and_its_definition_have_the_fields_of_geo_report() -> None:
    one = Category(
        code="jalan_rusak", name=Words(id="Jalan rusak"), agency="a", keywords=("b", "c")
    )
    said = codes.service("32.73", one)
    assert set(said) == {
        "service_code", "service_name", "description", "metadata", "type", "keywords", "group",
    }  # fmt: skip
    assert (said["service_code"], said["keywords"]) == ("32.73-jalan_rusak", "b,c")
    place, class_ = codes.definition("32.73-jalan_rusak", [("32.73.01", "Sukasari")])["attributes"]
    assert place["values"] == [{"key": "32.73.01", "name": "Sukasari"}]
    assert [one["key"] for one in class_["values"]] == ["complaint", "wish", "question"]
