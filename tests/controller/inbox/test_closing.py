"""What ends because nobody said anything."""

from controller.inbox import closing, read, twins
from controller.store.engine import writing
from tests.support.inbox_desk import DAY, NOW, InboxDesk


def answered(desk: InboxDesk) -> int:
    number = desk.complain()
    desk.move(number, "process")
    desk.move(number, "finish", why="Sudah ditambal")
    return number


def test_a_complaint_nobody_objected_to_is_closed_after_ten_working_days_with_its_twins(
    desk: InboxDesk,
) -> None:
    twin, number = desk.complain(), answered(desk)
    with writing(desk.engine) as conn:
        twins.merge(conn, desk.loket, twin, number, version=1, now=NOW)
    due = desk.row(number).due_at
    assert due is not None
    assert closing.step(desk.engine, due) == 0
    assert closing.step(desk.engine, due + 1) == 1
    assert desk.row(number).state == desk.row(twin).state == "taken"
    assert closing.step(desk.engine, due + 1) == 0
    with desk.engine.connect() as conn:
        assert read.events(conn, number)[0].by == "office"
    assert desk.log()[-1] == "inbox.close"


def test_a_paper_that_was_never_brought_ends_it_after_three_months(desk: InboxDesk) -> None:
    number, brought = desk.submit(), desk.submit()
    for one in (number, brought):
        desk.move(one, "return", why="KTP-el")
    desk.move(brought, "complete")
    over = NOW + closing.LAPSE_DAYS * DAY
    assert closing.step(desk.engine, over) == 0
    assert closing.step(desk.engine, over + 1) == 1
    assert (desk.row(number).state, desk.row(brought).state) == ("rejected", "verifying")


def test_a_paper_to_fetch_waits_as_long_as_it_must(desk: InboxDesk) -> None:
    number = desk.submit()
    desk.move(number, "process")
    desk.move(number, "finish")
    assert closing.step(desk.engine, NOW + 300 * DAY) == 0
    assert desk.row(number).state == "ready"


def test_whoever_was_first_is_not_overtaken(desk: InboxDesk) -> None:
    number = answered(desk)
    desk.move(number, "reopen", why="Masih berlubang")
    assert closing.step(desk.engine, NOW + 300 * DAY) == 0
    assert desk.row(number).state == "processing"
