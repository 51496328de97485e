"""Queues, what stands in them for whom, and one record with its course."""

from typing import Any

import pytest
from sqlalchemy import event

from controller.inbox import read
from controller.inbox.shapes import Query, Row
from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE, NOWHERE, Scope
from controller.scope import Outside
from controller.store.engine import open_engine
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


def test_filters_narrow_and_a_district_holds_its_villages(desk: InboxDesk) -> None:
    one = desk.submit(COBLONG, place=f"{COBLONG}.1001")
    other = desk.complain(ANTAPANI)
    assert listed(desk, place=COBLONG) == [one]
    assert listed(desk, kind="complain") == listed(desk, category="jalan_rusak") == [other]
    assert listed(desk, agency="kecamatan") == listed(desk, service="KEC-SKTM") == [one]
    assert listed(desk, number=desk.row(other).number.lower()) == [other]
    assert listed(desk, number="%") == []


@pytest.mark.parametrize("typed", ["470/7/KEC/2026", "470/7", " 470 / 7/kec "])
def test_a_record_is_found_by_the_offices_own_number(desk: InboxDesk, typed: str) -> None:
    one, _ = desk.submit(file_number="470/7/Kec/2026"), desk.submit(file_number="470/8/Kec/2026")
    for queue in ("todo", "all"):
        assert listed(desk, queue=queue, number=typed) == [one]
    with desk.engine.connect() as conn:
        assert read.counts(conn, CITY, Query(number=typed), NOW)["all"] == 1


def test_what_has_ended_is_counted_so_far_and_no_further(
    desk: InboxDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "MOST_COUNTED", 2)
    for _ in range(4):
        desk.submit(state="taken")
    with desk.engine.connect() as conn:
        found = read.counts(conn, CITY, Query(), NOW)
        told = read.page(conn, CITY, Query(queue="ended", number="2611"), NOW, found["ended"])
        asked = read.page(conn, CITY, Query(queue="ended"), NOW)
    assert (found["ended"], found["all"], found["todo"]) == (3, 3, 0)
    assert [row.state for row in told.rows] == ["taken"] * 4
    assert (asked.total, len(asked.rows)) == (3, 4), "programs are told the same"


@pytest.mark.parametrize("scope", [EVERYWHERE, CITY, Scope((COBLONG,))])
def test_no_queue_reads_past_all_that_has_ended(sqlite_url: str, scope: Scope) -> None:
    engine, plans = open_engine(sqlite_url), list[str]()

    def explain(conn: Any, _: Any, text: str, given: Any, *__: Any) -> None:
        if text.startswith("SELECT"):
            plans.extend(
                row[3] for row in conn.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", given)
            )

    event.listen(engine, "before_cursor_execute", explain)
    with engine.connect() as conn:
        for queue in ("todo", "late", "mine", "waiting", "ready"):
            read.page(conn, scope, Query(queue=queue, service="X", login="loket"), NOW, 0)
        for narrowed in ({"number": "2611"}, {"service": "X"}, {"agency": "x"}, {"place": COBLONG}):
            read.page(conn, scope, Query(queue="all", **narrowed), NOW)  # type: ignore[arg-type]
        for number in ("", "2611"):
            read.counts(conn, scope, Query(number=number), NOW)
    engine.dispose()
    found = {plan for plan in plans if "submission" in plan}
    assert any("submission_open" in plan for plan in found)
    of_kecamatan = scope == Scope((COBLONG,))  # narrower than any service
    for name in ("file_number", "place", *(() if of_kecamatan else ("service", "agency"))):
        assert any(f"submission_{name}" in plan for plan in found), name
    # Counting everywhere, so far and no further, may begin anywhere.
    assert scope.everywhere or all("USING INDEX" in plan for plan in found)


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
