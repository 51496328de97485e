"""Finding a service by words that may be spelled wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.search import complaints, find, plain
from tests.support.offered import catalogue

SERVICES = tuple(catalogue().services.values())


def names(asked: str) -> list[str]:
    return [one.code for one in find(asked, SERVICES)]


@pytest.mark.parametrize(
    ("asked", "first"),
    [
        ("ktp", "DKP-KTP-01"),
        ("KTP ELEKTRONIK", "DKP-KTP-01"),
        ("elektronk", "DKP-KTP-01"),
        ("tdak mampu", "KEC-SKTM-01"),
        ("miskin", "KEC-SKTM-01"),
        ("indk berusha", "OSS-NIB-01"),
        ("surat", "KEC-SKTM-01"),
    ],
)
def test_what_was_meant_stands_first(asked: str, first: str) -> None:
    assert names(asked)[0] == first


@pytest.mark.parametrize("asked", ["", "   ", "di dan yang", "xylofon", "!!!", "🙂"])
def test_words_that_say_nothing_find_nothing(asked: str) -> None:
    assert names(asked) == []


def test_a_service_that_has_one_of_the_words_follows_where_few_have_all() -> None:
    assert names("miskin xylofon") == ["KEC-SKTM-01"]
    assert names("miskn xylofon") == []


@pytest.mark.parametrize(
    ("asked", "found"),
    [("jalan rusak", ["jalan"]), ("aspl lubang", ["jalan"]), ("banjr", ["banjir"]), ("di", [])],
)
def test_who_looks_for_what_is_broken_finds_where_to_say_so(asked: str, found: list[str]) -> None:
    assert [one.code for one in complaints(asked, catalogue().tenant.categories)] == found


def test_accents_and_case_do_not_count() -> None:
    assert plain("Kampanyé Édukasi") == ["kampanye", "edukasi"]


@given(st.text(max_size=200))
def test_any_words_are_searched(asked: str) -> None:
    names(asked)
