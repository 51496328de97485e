"""The counter: it only grows, whatever is cut or rots."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.numbers import COPIES, FIRST_BELOW, Counter, Damaged
from tests.agent.identity.cuts import killed_at


def test_it_goes_on_after_a_start(tmp_path: Path) -> None:
    first = Counter(tmp_path).next()
    assert 1 <= first <= FIRST_BELOW
    assert [Counter(tmp_path).next(), Counter(tmp_path).next()] == [first + 1, first + 2]


@pytest.mark.parametrize("copy", COPIES)
@given(rot=st.binary(max_size=12).filter(lambda rot: not rot.strip().isdigit()))
def test_one_copy_that_rots_costs_a_gap_and_no_number_twice(
    tmp_path_factory: pytest.TempPathFactory, copy: str, rot: bytes
) -> None:
    folder = tmp_path_factory.mktemp("own")
    last = [Counter(folder).next() for _ in range(2)][-1]
    (folder / copy).write_bytes(rot)
    assert last < Counter(folder).next() <= last + 2


def test_two_copies_that_rotted_stop_it_and_are_not_taken_for_a_new_kiosk(tmp_path: Path) -> None:
    Counter(tmp_path).next()
    for copy in COPIES:
        (tmp_path / copy).write_bytes(b"")
    with pytest.raises(Damaged, match="nobody knows"):
        Counter(tmp_path).next()


def test_killed_at_any_call_it_gives_no_number_twice(tmp_path: Path) -> None:
    given = {Counter(tmp_path).next()}
    said = tmp_path / "said"
    for call in range(1, 40):
        killed = killed_at(call, lambda: said.write_text(str(Counter(tmp_path).next())))
        given |= {int(said.read_text())} if said.exists() and said.read_text() else set()
        said.unlink(missing_ok=True)
        after = Counter(tmp_path).next()
        assert after not in given
        given.add(after)
        if not killed:
            return
    raise AssertionError("no end")
