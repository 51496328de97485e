"""The office's time: an interval that always holds the truth, whatever the kiosk's clocks say."""

from hypothesis import given
from hypothesis import strategies as st

from agent.commands.office_clock import Known, OfficeClock

NOW = 1_700_000_000_000
Floats = st.floats(0, 600)


def test_nothing_is_known_before_the_office_has_spoken() -> None:
    assert OfficeClock("boot").time(5.0) is None


def test_one_batch_proves_the_time_within_the_round_trip() -> None:
    clock = OfficeClock("boot")
    clock.drew("n", 100.0)
    clock.proven(NOW, 100.5)
    time = clock.time(100.5)
    assert time is not None
    assert (time.earliest, time.latest) == (NOW, NOW + 501)


def test_a_later_quicker_word_narrows_it_and_a_slower_one_does_not_widen_it() -> None:
    clock = OfficeClock("boot")
    clock.drew("a", 0.0)
    clock.proven(NOW + 1_000, 10.0)
    clock.drew("b", 20.0)
    clock.proven(NOW + 20_050, 20.1)
    narrow = clock.time(20.1)
    clock.drew("c", 30.0)
    clock.proven(NOW + 30_100, 90.0)
    after = clock.time(90.0)
    assert narrow is not None
    assert after is not None
    assert narrow.latest - narrow.earliest <= 110
    assert after.latest - after.earliest <= 110 + 2 * 70


@given(
    start=st.floats(0, 10**7),
    trips=st.lists(st.tuples(Floats, Floats, st.floats(0, 30 * 86_400)), min_size=1, max_size=6),
)
def test_the_truth_is_never_outside(start: float, trips: list[tuple[float, float, float]]) -> None:
    clock = OfficeClock("boot")
    t = start
    for up, down, pause in trips:
        clock.drew("n", t)
        said = NOW + int((t + up) * 1000)
        t += up + down
        clock.proven(said, t)
        t += pause
        time = clock.time(t)
        assert time is not None
        assert time.earliest - 1 <= NOW + t * 1000 <= time.latest + 1


def test_a_restart_of_the_agent_keeps_it_and_a_reboot_only_the_floor() -> None:
    clock = OfficeClock("boot")
    clock.drew("n", 10.0)
    clock.proven(NOW, 10.2)
    same = OfficeClock("boot", clock.known)
    assert same.time(50.0) == clock.time(50.0)
    other = OfficeClock("another", clock.known)
    assert other.time(50.0) is None
    assert other.known.floor == NOW


def test_a_machine_that_cannot_name_its_start_carries_nothing_over() -> None:
    assert OfficeClock("", Known(boot="", high=1.0, floor=NOW)).time(1.0) is None


def test_an_office_whose_clock_was_set_is_believed_anew_but_lowers_no_floor() -> None:
    clock = OfficeClock("boot")
    clock.drew("a", 0.0)
    clock.proven(NOW + 10**10, 0.1)
    clock.drew("b", 1.0)
    clock.proven(NOW, 1.1)
    time = clock.time(1.1)
    assert time is not None
    assert (time.earliest, time.latest) == (NOW, NOW + 101)
    assert clock.known.floor == NOW + 10**10
