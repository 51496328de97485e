"""The table of addresses."""

from hypothesis import given
from hypothesis import strategies as st

from portal.routes import ROUTES, find


def test_a_piece_of_the_address_becomes_an_argument() -> None:
    found = find("GET", "/informasi/KEC-SKTM-01")
    assert found is not None
    assert found.args == {"code": "KEC-SKTM-01"}


def test_another_method_is_another_question() -> None:
    found = find("POST", "/informasi")
    assert found is not None
    assert found.handler is None
    assert find("GET", "/nothing") is None


def test_no_address_stands_in_the_table_twice() -> None:
    named = [(route.method, route.pattern) for route in ROUTES]
    assert len(named) == len(set(named))


@given(st.text(max_size=60))
def test_any_path_is_found_or_not(path: str) -> None:
    find("GET", path)
    find("POST", f"/{path}")
