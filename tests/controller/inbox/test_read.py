"""Queues, what stands in them for whom, and one record with its course."""

import pytest

from controller.inbox import read
from controller.inbox.shapes import Query, Row
from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE, NOWHERE, Scope
from controller.scope import Outside
from tests.support.inbox_desk import ANTAPANI, COBLONG, DAY, NOW, SOREANG, InboxDesk

CITY = Scope(("32.73",))


def listed(desk: InboxDesk, scope: Scope = EVERYWHERE, **asked: object) -> list[int]:
    with desk.engine.connect() as conn:
        found = read.page(conn, scope, Query(**asked), NOW)  # type: ignore[arg-type]
    assert found.total == len(found.rows)
    return [row.id for row in found.rows]


def test_what_is_due_first_stands_first_and_what_is_never_due_last(desk: InboxDesk) -> None:
    never, late, soon = desk.submit(), desk.submit(), desk.submit()
    desk.set(late, due_at=NOW - DAY, due_what="sla")
    desk.set(soon, due_at=NOW + DAY, due_what="sla")
    assert listed(desk) == [late, soon, never]
    assert listed(desk, queue="late") == [late]


def test_each_stands_in_its_queue_and_the_counts_say_so(desk: InboxDesk) -> None:
    new, back, ready, gone, twin = (desk.complain() for _ in range(5))
    desk.move(back, "return", why="KTP")
    desk.move(ready, "process")
    desk.move(ready, "finish")
    desk.move(gone, "reject", why="bukan")
    desk.set(twin, same_as=new)
    queues = {"todo": [new], "late": [], "mine": [back, ready], "waiting": [back],
              "ready": [ready], "ended": [gone], "all": [new, back, ready, gone, twin]}  # fmt: skip
    for name, ids in queues.items():
        assert sorted(listed(desk, queue=name, login="loket")) == sorted(ids), name
    with desk.engine.connect() as conn:
        found = read.counts(conn, EVERYWHERE, Query(login="loket"), NOW)
    assert found == {name: len(ids) for name, ids in queues.items()}


def test_row_69_an_officer_sees_the_districts_that_are_theirs(desk: InboxDesk) -> None:
    here, there = desk.submit(COBLONG), desk.submit(SOREANG)
    nowhere = desk.submit(COBLONG, place="")  # of the whole city
    assert sorted(listed(desk, CITY)) == sorted([here, nowhere])
    assert listed(desk, Scope((ANTAPANI,))) == []
    assert listed(desk, NOWHERE) == []
    assert listed(desk, Scope(("32.04",))) == [there]
    with desk.engine.connect() as conn:
        for scope in (Scope(("32.04",)), Scope((ANTAPANI,))):
            with pytest.raises(Outside):
                read.find(conn, scope, here)
        with pytest.raises(Outside):
            read.find(conn, Scope((COBLONG,)), nowhere)
        with pytest.raises(Refused) as error:
            read.find(conn, EVERYWHERE, 10**9)
        assert error.value.code == "unknown"
        assert read.services(conn, CITY) == [("32.73", "KEC-SKTM")]


def test_filters_narrow_and_a_district_holds_its_villages(desk: InboxDesk) -> None:
    one = desk.submit(COBLONG, place=f"{COBLONG}.1001")
    other = desk.complain(ANTAPANI)
    assert listed(desk, place=COBLONG) == [one]
    assert listed(desk, kind="complain") == listed(desk, category="jalan_rusak") == [other]
    assert listed(desk, agency="kecamatan") == listed(desk, service="KEC-SKTM") == [one]
    assert listed(desk, number=desk.row(other).number.lower()) == [other]
    assert listed(desk, number="%") == []


def test_a_record_is_told_with_its_course_its_twins_and_what_may_be_the_same(
    desk: InboxDesk,
) -> None:
    first, second, old, elsewhere = (
        desk.complain(), desk.complain(), desk.complain(arrived_at=NOW - 90 * DAY),
        desk.complain(ANTAPANI))  # fmt: skip
    desk.move(first, "verify")
    with desk.engine.connect() as conn:
        found = read.detail(conn, CITY, first)
    assert [one.event for one in found.events] == ["verify"]
    assert found.events[0].has_note is False
    assert [row.id for row in found.alike] == [second]
    assert {old, elsewhere}.isdisjoint(row.id for row in found.alike)
    assert (found.twins, found.looks) == ([], [])
    assert isinstance(found.row, Row)


def test_an_application_is_never_said_to_be_the_same_as_another(desk: InboxDesk) -> None:
    one, _ = desk.submit(), desk.submit()
    with desk.engine.connect() as conn:
        assert read.detail(conn, CITY, one).alike == []
