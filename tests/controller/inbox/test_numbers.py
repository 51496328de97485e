"""The numbers of a week, service by service."""

from controller.inbox import numbers, twins
from controller.inbox.shapes import Week
from controller.people.powers import EVERYWHERE, Scope
from controller.store.engine import writing
from tests.support.inbox_desk import ANTAPANI, DAY, NOW, SOREANG, InboxDesk

LAST_WEEK = numbers.monday(NOW, 1)


def week(desk: InboxDesk, since: int = LAST_WEEK, scope: Scope = EVERYWHERE) -> list[Week]:
    with desk.engine.connect() as conn:
        return numbers.week(conn, scope, since)


def test_a_week_begins_on_monday_in_bandung() -> None:
    monday = numbers.monday(NOW)
    assert NOW - monday == 6 * DAY + 10 * 3_600_000
    assert numbers.monday(monday) == monday
    assert numbers.monday(monday - 1) == monday - 7 * DAY


def test_what_came_what_was_done_and_what_was_late_are_counted(desk: InboxDesk) -> None:
    monday = LAST_WEEK + 10 * 3_600_000
    quick, slow, waits = (desk.submit(arrived_at=monday) for _ in range(3))
    desk.now = monday + 3_600_000
    desk.move(quick, "process")
    desk.move(quick, "finish")
    desk.now = monday + 3 * DAY
    desk.move(slow, "reject", why="di luar wilayah")
    (found,) = week(desk)
    assert (found.service, found.arrived, found.done, found.rejected) == ("KEC-SKTM", 3, 1, 1)
    assert (found.late, found.days, found.waiting) == (1, 0, 1)
    assert desk.row(waits).state == "submitted"


def test_what_ended_on_the_same_days_is_counted_one_by_one(desk: InboxDesk) -> None:
    monday = LAST_WEEK + 10 * 3_600_000
    quick = [desk.submit(arrived_at=monday + n) for n in range(3)]
    slow = [desk.submit(arrived_at=monday - 14 * DAY) for _ in range(2)]
    desk.now = monday + 3_600_000
    for number in (*quick, *slow):
        desk.move(number, "process")
        desk.move(number, "finish")
    (found,) = week(desk)
    assert (found.done, found.late, found.days) == (5, 2, 0)


def test_a_complaint_is_late_after_eight_working_days(desk: InboxDesk) -> None:
    old = desk.complain(arrived_at=NOW - 20 * DAY)
    new = desk.complain(arrived_at=NOW - 4 * DAY)
    for number in (old, new):
        desk.move(number, "process")
        desk.move(number, "finish")
    (found,) = week(desk, numbers.monday(NOW))
    assert (found.done, found.late, found.kind) == (2, 1, "complain")


def test_a_merged_complaint_is_done_with_the_other(desk: InboxDesk) -> None:
    first, second = desk.complain(), desk.complain()
    with writing(desk.engine) as conn:
        twins.merge(conn, desk.loket, second, first, version=1, now=NOW)
    desk.move(first, "process")
    desk.move(first, "finish")
    (found,) = week(desk, numbers.monday(NOW))
    assert (found.arrived, found.done, found.waiting) == (2, 2, 0)


def test_row_69_numbers_are_of_the_districts_that_are_theirs(desk: InboxDesk) -> None:
    desk.submit(SOREANG)
    desk.submit(ANTAPANI)
    found = week(desk, numbers.monday(NOW), Scope(("32.04",)))
    assert [(one.tenant, one.arrived) for one in found] == [("32.04", 1)]
    assert len(week(desk, numbers.monday(NOW))) == 2
