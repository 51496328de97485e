"""Lines to the portal: a bounded number, and each asks in its time."""

from portal.lines import ASKED_WITHIN_S, LARGE, MOST, MOST_LARGE, Lines


def test_only_so_many_are_taken_and_one_that_ends_makes_room() -> None:
    lines = Lines(lambda: 0.0)
    assert all(lines.take(one) for one in range(MOST))
    assert not lines.take("another")
    lines.end(0)
    lines.end(0)
    assert lines.take("another")
    assert not lines.take("one more")


def test_who_does_not_ask_in_time_is_late_and_who_waits_for_us_is_not() -> None:
    now = [0.0]
    lines = Lines(lambda: now[0])
    lines.take("slow")
    lines.take("film")
    lines.asked("film")
    lines.asked("nobody")
    now[0] = ASKED_WITHIN_S
    assert lines.late() == []
    now[0] += 0.1
    assert lines.late() == ["slow"]
    lines.end("slow")
    assert lines.late() == []


def test_large_forms_wait_their_turn_and_small_ones_do_not() -> None:
    lines = Lines(lambda: 0.0)
    assert all(lines.take_large(LARGE + 1) for _ in range(MOST_LARGE))
    assert not lines.take_large(LARGE + 1)
    assert lines.take_large(LARGE)
    lines.end_large(LARGE)
    lines.end_large(LARGE + 1)
    assert lines.take_large(LARGE + 1)
