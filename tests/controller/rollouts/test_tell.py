"""What a kiosk is told of releases, decided from rows alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.rollouts.tell import IN_VAIN, LATER_MS, PAUSES_S, Wanted, tell

NOW = 1_000_000
ROW = Wanted(
    kiosk_id=1, bundle="layanan", seq=7, attempt=1, number=500, rollout_id=None,
    not_before=0, windows=(), due=NOW, sends=0,
)  # fmt: skip
DONE = ROW._replace(
    in_use=7, wanted_seq=7, wanted_attempt=1, state="installed", due=None, sends=1
)  # fmt: skip


def says(row: Wanted, *, listens: bool = True, born: bool = False) -> bool:
    return bool(tell([row], NOW, listens=listens, born=born).say)


def test_what_is_due_is_said_and_looked_at_again_in_a_while() -> None:
    told = tell([ROW], NOW, listens=True)
    assert [(one.bundle, one.seq, one.number) for one in told.say] == [("layanan", 7, 500)]
    assert [turn.values for turn in told.turns] == [{"due": NOW + 15_000, "sends": 1}]


def test_the_pauses_grow_and_end_with_an_hour() -> None:
    row, pauses = ROW, []
    for _ in range(12):
        (turn,) = tell([row], NOW, listens=True).turns
        pauses.append((turn.values["due"] - NOW) // 1000)
        row = row._replace(sends=turn.values["sends"])
    assert pauses == [*PAUSES_S, 3600, 3600, 3600, 3600]


def test_who_is_not_there_is_not_spoken_to() -> None:
    told = tell([ROW], NOW, listens=False)
    assert told.say == ()
    assert [turn.values for turn in told.turns] == [{"due": NOW + LATER_MS}]
    assert tell([ROW._replace(due=NOW + 1)], NOW, listens=False).turns == []


@pytest.mark.parametrize("state", ["installed", "failed", "rolled_back"])
def test_an_answer_ends_the_asking(state: str) -> None:
    row = DONE._replace(state=state, due=NOW)
    told = tell([row], NOW, listens=True)
    assert told.say == ()
    assert [turn.values for turn in told.turns] == [{"due": None}]
    assert tell([row._replace(due=None)], NOW, listens=True).turns == []


def test_a_kiosk_that_comes_with_what_is_desired_is_told_nothing() -> None:
    assert not says(DONE, born=True)
    assert tell([DONE], NOW, listens=True, born=True).turns == []


def test_a_kiosk_that_has_lost_its_disk_is_told_until_it_answers() -> None:
    lost = DONE._replace(in_use=0)
    assert says(lost, born=True)
    (turn,) = tell([lost], NOW, listens=True, born=True).turns
    assert turn.values["due"] == NOW + PAUSES_S[1] * 1000


def test_what_failed_there_is_said_at_a_birth_and_not_waited_for() -> None:
    failed = DONE._replace(state="failed", in_use=6)
    told = tell([failed], NOW, listens=True, born=True)
    assert [one.seq for one in told.say] == [7]
    assert told.turns == []


def test_another_attempt_is_not_answered_by_the_last_one() -> None:
    assert says(DONE._replace(state="failed", in_use=6, attempt=2, due=NOW))


def test_who_is_at_work_is_looked_at_in_an_hour() -> None:
    busy = ROW._replace(wanted_seq=7, wanted_attempt=1, state="staged", in_use=6)
    (turn,) = tell([busy], NOW, listens=True, born=True).turns
    assert turn.values["due"] == NOW + LATER_MS


def test_everything_desired_is_in_one_message() -> None:
    other = DONE._replace(bundle="video", seq=3)
    told = tell([ROW, other], NOW, listens=True)
    assert [(one.bundle, one.seq) for one in told.say] == [("layanan", 7), ("video", 3)]
    assert [turn.row.bundle for turn in told.turns] == ["layanan"]


def test_windows_and_the_earliest_moment_travel() -> None:
    (one,) = tell([ROW._replace(windows=[[1320, 300]], not_before=9)], NOW, listens=True).say
    assert [(w.since, w.until) for w in one.windows] == [(1320, 300)]
    assert one.not_before == 9


def test_nothing_desired_is_nothing_said() -> None:
    assert tell([ROW._replace(seq=0)], NOW, listens=True, born=True) == ((), [])


def test_who_has_it_and_never_reports_it_is_believed() -> None:
    silent = ROW._replace(in_use=7, sends=IN_VAIN)
    told = tell([silent], NOW, listens=True)
    assert told.say == ()
    assert [turn.believed for turn in told.turns] == [True]
    assert not tell([silent._replace(sends=IN_VAIN - 1)], NOW, listens=True).turns[0].believed


def test_who_ignores_a_number_is_told_a_higher_one_once() -> None:
    """Its books are newer than the office's, which were put back."""
    stubborn = ROW._replace(in_use=8, sends=IN_VAIN)
    (turn,) = tell([stubborn], NOW, listens=True).turns
    assert turn.values["number"] == NOW
    assert tell([stubborn], NOW, listens=True).say[0].number == NOW
    ahead = stubborn._replace(number=NOW + 5)
    assert tell([ahead], NOW, listens=True).turns[0].values["number"] == NOW + 6
    assert "number" not in tell([stubborn._replace(sends=7)], NOW, listens=True).turns[0].values


@given(
    st.builds(
        Wanted,
        kiosk_id=st.just(1),
        bundle=st.sampled_from(["layanan", "video"]),
        seq=st.integers(0, 3),
        attempt=st.integers(1, 2),
        number=st.integers(0, NOW * 2),
        rollout_id=st.none(),
        not_before=st.just(0),
        windows=st.just(()),
        due=st.none() | st.integers(0, NOW * 2),
        sends=st.integers(0, 20),
        in_use=st.integers(0, 3),
        wanted_seq=st.integers(0, 3),
        wanted_attempt=st.integers(0, 2),
        state=st.sampled_from(["", "downloading", "confirming", "installed", "failed"]),
    ),
    st.booleans(),
    st.booleans(),
)
def test_whatever_the_books_say_what_is_due_is_moved_and_nobody_is_nagged(
    row: Wanted,
    listens: bool,  # noqa: FBT001 - hypothesis gives it by position
    born: bool,  # noqa: FBT001
) -> None:
    told = tell([row], NOW, listens=listens, born=born)
    due = row.seq and row.due is not None and row.due <= NOW
    assert bool(told.turns) or not due
    for turn in told.turns:
        later = turn.values["due"]
        assert later is None or later > NOW
        assert (later is None) == (row.is_answered or turn.believed)
        assert turn.values.get("number", row.number) >= row.number
    assert not told.say or (listens and row.seq)
