"""Names of records on a kiosk's disk: they sort by age and nothing else is one."""

from hypothesis import given
from hypothesis import strategies as st

from wire.local import SUFFIX, made_at_of, name_of

MOMENTS = st.integers(0, 10**13 - 1)
IDS = st.binary(min_size=16, max_size=16).map(bytes.hex)


@given(MOMENTS, IDS)
def test_a_name_says_when_its_record_was_made(made_at: int, uid: str) -> None:
    name = name_of(made_at, uid)
    assert made_at_of(name) == made_at
    assert name.endswith(f"{uid}{SUFFIX}")


@given(MOMENTS, MOMENTS, IDS)
def test_names_sort_by_age(first: int, second: int, uid: str) -> None:
    assert (name_of(first, uid) < name_of(second, uid)) == (first < second)


@given(st.text(max_size=60) | st.from_regex(r"\.?[0-9]{13}-[0-9a-f]{32}\.rec.?\n?"))
def test_what_is_no_such_name_is_no_record(name: str) -> None:
    made_at = made_at_of(name)
    assert made_at is None or name == name_of(made_at, name[14:46])
