"""Which limit runs, how it looks, and that no way through the states makes one longer unasked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from controller.inbox import limits
from controller.inbox.calendar import Calendar
from controller.inbox.limits import NOTHING, Clock, Limit, Pace
from wire.lifecycle import SUBMISSION, SUBMISSION_ENDS

CALENDAR = Calendar()
MONDAY = 1_794_798_000_000  # 16 November 2026, 10.00 in Bandung
DAY = 86_400_000
PACE = Pace(CALENDAR, 5)


def days(limit: Limit, since: int = MONDAY) -> tuple[str, int]:
    assert limit.due_at is not None
    return limit.what, CALENDAR.left(since, limit.due_at)


def test_a_complaint_has_3_days_to_be_verified_5_to_be_answered_10_to_be_objected_to() -> None:
    came = limits.first("complain", MONDAY, None, CALENDAR)
    assert days(came) == ("verify", 3)
    verified = limits.after("complain", "verifying", came, MONDAY, Pace(CALENDAR))
    assert days(verified) == ("answer", 5)
    answered = limits.after("complain", "ready", verified, MONDAY, Pace(CALENDAR))
    assert days(answered) == ("close", 10)
    assert limits.after("complain", "taken", answered, MONDAY, Pace(CALENDAR)) == NOTHING


def test_an_application_has_its_services_days_and_they_run_on_from_desk_to_desk() -> None:
    came = limits.first("apply", MONDAY, 5, CALENDAR)
    assert days(came) == ("sla", 5)
    later = limits.after("apply", "processing", came, MONDAY + 3 * DAY, PACE)
    assert later == came
    assert limits.after("apply", "ready", came, MONDAY, PACE) == NOTHING


def test_who_was_sent_home_for_a_paper_begins_anew() -> None:
    came = limits.first("apply", MONDAY, 5, CALENDAR)
    waiting = limits.after("apply", "returned", came, MONDAY, PACE)
    assert waiting == NOTHING
    back = limits.after("apply", "verifying", waiting, MONDAY + 7 * DAY, PACE)
    assert days(back, MONDAY + 7 * DAY) == ("sla", 5)


def test_a_service_that_promises_nothing_has_no_limit() -> None:
    assert limits.first("apply", MONDAY, None, CALENDAR) == NOTHING


@pytest.mark.parametrize("kind", ["apply", "complain"])
@given(events=st.lists(st.sampled_from(sorted({event for _, event in SUBMISSION})), max_size=12))
def test_a_limit_only_ever_changes_its_end_by_becoming_another_one(
    kind: str, events: list[str]
) -> None:
    state, now = "submitted", MONDAY
    limit = limits.first(kind, MONDAY, 5, CALENDAR)
    for event in events:
        new = SUBMISSION.get((state, event))
        if new is None:
            continue
        now += DAY
        after = limits.after(kind, new, limit, now, PACE)
        assert after.what != limit.what or after == limit
        if new in SUBMISSION_ENDS or new == "returned":
            assert after == NOTHING
        state, limit = new, after


def test_a_clock_turns_yellow_on_its_last_two_days_and_red_after() -> None:
    limit = limits.first("complain", MONDAY, None, CALENDAR)
    seen = [limits.clock(limit, MONDAY + n * DAY, CALENDAR) for n in range(5)]
    assert seen == [Clock("fine", 3), Clock("fine", 2), Clock("soon", 1), Clock("soon", 0),
                    Clock("late", -1)]  # fmt: skip


def test_a_limit_that_ended_on_friday_is_late_on_saturday() -> None:
    limit = Limit(CALENDAR.due(MONDAY, 4), "sla")
    assert limits.clock(limit, MONDAY + 5 * DAY, CALENDAR) == Clock("late", -1)


def test_time_to_object_never_makes_an_officer_late() -> None:
    limit = Limit(MONDAY, "close")
    assert limits.clock(limit, MONDAY + 30 * DAY, CALENDAR) == Clock("none", 0)
    assert limits.clock(NOTHING, MONDAY, CALENDAR) == Clock("none")
