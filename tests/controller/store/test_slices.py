"""Every value stands in one slice, in its order."""

from hypothesis import given
from hypothesis import strategies as st

from controller.store.slices import slices


@given(st.lists(st.integers(), max_size=30), st.integers(min_value=1, max_value=10))
def test_slices_hold_every_value_once_and_are_never_empty(values: list[int], most: int) -> None:
    made = [*slices(values, most)]
    assert [one for some in made for one in some] == values
    assert all(0 < len(some) <= most for some in made)
