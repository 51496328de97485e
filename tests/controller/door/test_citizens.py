"""What kiosks are told for their citizens: theirs, near here, nothing about a person."""

import msgspec
from hypothesis import given
from hypothesis import strategies as some
from sqlalchemy import Table, insert, select, update

from controller.door.citizens import (
    KEPT_DAYS,
    MOST_STANDINGS,
    MOST_VISITS,
    _latest,
    sync,
    write_down,
)
from controller.store.citizen_tables import (
    counter,
    record,
    submission,
    submission_event,
    tray,
    visit,
)
from controller.store.engine import writing
from tests.support.door import BuildDoor
from tests.support.registrar import NAME, NOW, PLANTED, Registry
from wire import door as paths
from wire.citizen import MOST_SYNC, Called, Issued, Sync, Told
from wire.service.days import DAY_MS


def told(registry: Registry, name: str = NAME, now: int = NOW) -> Sync:
    with registry.engine.connect() as conn:
        return sync(conn, name, now)


def add(registry: Registry, table: Table, **row: object) -> None:
    with writing(registry.engine) as conn:
        conn.execute(insert(table).values(**row))


def add_visit(registry: Registry, uid: str, starts: int, **more: object) -> None:
    row = {"uid": uid, "starts": starts, "ends": starts + 1, "tenant": "32.73", **more}
    where = {"district": "32.73.01", "place": "Balai warga", "services": ["DUK-KTPEL"]}
    rest = {"source": "form", "changed_at": NOW, "changed_by": "petugas"}
    add(registry, visit, **{**where, **rest, **row})


def event(registry: Registry, number: int, what: str, new: str, why: str) -> None:
    row = {"submission_id": number, "at": NOW, "by": "petugas", "old": "submitted"}
    add(registry, submission_event, **row, event=what, new=new, why=why)


def test_a_kiosk_hears_of_what_was_handed_in_there_with_what_officers_said(
    any_registry: Registry,
) -> None:
    mine = any_registry.accepted(any_registry.portal().record())
    other = any_registry.portal("bdg-sukasari-2")
    any_registry.accepted(other.record(), "bdg-sukasari-2")
    any_registry.move(mine, "returned", NOW)
    with writing(any_registry.engine) as conn:
        filed = update(submission).where(submission.c.id == mine)
        conn.execute(filed.values(file_number="0001/KEC-SKTM/32.73.01/2026"))
    event(any_registry, mine, "return", "returned", "Foto KK terpotong")
    event(any_registry, mine, "note", "returned", "only among officers")
    (one,) = told(any_registry).standings
    assert (one.number, one.service, one.state) == ("261122-0001-K7Q3M-R", "KEC-SKTM", "returned")
    assert (one.why, one.file_number) == ("Foto KK terpotong", "0001/KEC-SKTM/32.73.01/2026")
    assert PLANTED not in msgspec.json.encode(told(any_registry)).decode()


def test_what_came_at_one_moment_has_an_order_all_the_same(any_registry: Registry) -> None:
    portal = any_registry.portal()
    made = [any_registry.accepted(portal.record()) for _ in range(3)]
    any_registry.move(made[0], "verified", NOW)  # which moves it to another place on the disk
    numbers = [any_registry.row(submission, one).number for one in reversed(made)]
    assert [one.number for one in told(any_registry).standings] == numbers


def test_what_ended_long_ago_is_not_told_any_more(registry: Registry) -> None:
    portal = registry.portal()
    old, new = (registry.accepted(portal.record()) for _ in range(2))
    registry.move(old, "taken", NOW - KEPT_DAYS * DAY_MS)
    registry.move(new, "rejected", NOW - 1)
    assert [one.state for one in told(registry).standings] == ["rejected"]


def test_the_mobile_counter_of_this_government_is_told_from_today_on(
    any_registry: Registry,
) -> None:
    add_visit(any_registry, "soon", NOW + DAY_MS, quota=40)
    add_visit(any_registry, "today", NOW - 1000)
    add_visit(any_registry, "past", NOW - 3 * DAY_MS)
    add_visit(any_registry, "far", NOW + 90 * DAY_MS)
    add_visit(any_registry, "theirs", NOW + DAY_MS, tenant="32.04")
    found = told(any_registry).visits
    assert [one.uid for one in found] == ["today", "soon"]
    assert (found[1].quota, found[1].services) == (40, ("DUK-KTPEL",))
    assert [one.uid for one in told(any_registry, "kab-soreang-1").visits] == ["theirs"]


def test_open_complaints_near_here_are_counted_by_category_and_village(
    any_registry: Registry,
) -> None:
    portal = any_registry.portal()
    here = [any_registry.accepted(portal.complaint(place="32.73.01.1002")) for _ in range(3)]
    any_registry.accepted(portal.complaint(place="32.73.01.1001", category="sampah"))
    any_registry.accepted(portal.complaint(place="32.73.02.1001"))
    any_registry.move(here[2], "taken", NOW)
    found = {(one.category, one.village): one for one in told(any_registry).reported}
    assert set(found) == {("jalan_rusak", "32.73.01.1002"), ("sampah", "32.73.01.1001")}
    most = found["jalan_rusak", "32.73.01.1002"]
    assert (most.count, most.number) == (2, "261122-0001-K7Q3M-R")


def test_tickets_and_a_filling_tray_are_written_down_and_calls_come_back(
    any_registry: Registry,
) -> None:
    day = "2026-11-22"
    said = Told(
        issued=(Issued(day=day, letter="A", number=12), Issued(day="x\0", letter="?", number=1)),
        waiting=3,
        oldest=NOW - 5,
    )
    for now in (NOW, NOW + 1):
        with writing(any_registry.engine) as conn:
            write_down(conn, NAME, said, now)
    (row,) = any_registry.rows(counter)
    assert (row.day, row.letter, row.issued, row.called) == (day, "A", 12, 0)
    (kept,) = any_registry.rows(tray)
    assert (kept.waiting, kept.oldest, kept.at) == (3, NOW - 5, NOW + 1)
    assert told(any_registry).called == ()
    with writing(any_registry.engine) as conn:
        conn.execute(update(counter).values(called=7))
        write_down(conn, NAME, said, NOW + 2)  # leaves alone what was called
    assert told(any_registry).called == (Called(day=day, letter="A", number=7),)


def test_whatever_happened_a_sync_is_no_larger_than_it_may_be(registry: Registry) -> None:
    registry.accepted(registry.portal().record())
    with writing(registry.engine) as conn:
        like = dict(conn.execute(select(submission)).mappings().one())
        many = [
            like
            | {"id": n, "record_id": n, "uid": f"{n:032x}", "number": f"261122-{n}-K7Q3M-R"}
            | {"file_number": "é" * 80}
            for n in range(2, MOST_STANDINGS + 50)
        ]
        kept = dict(conn.execute(select(record)).mappings().one())
        conn.execute(
            insert(record),
            [kept | {"id": row["id"], "sha256": f"{row['id']:064x}", "body": b""} for row in many],
        )
        conn.execute(insert(submission), many)
    long = "é" * 200
    for n in range(MOST_VISITS + 5):
        add_visit(registry, f"{n}", NOW + n, place=long, note=long)
    found = told(registry)
    assert len(found.standings) == MOST_STANDINGS
    assert len(found.visits) == MOST_VISITS
    assert len(msgspec.json.encode(found)) < MOST_SYNC


def test_a_kiosk_asks_over_its_signed_line(registry: Registry, build_door: BuildDoor) -> None:
    made = build_door(registry.url)
    made.warden.start()
    caller = made.enrolled(NAME)
    answer = caller.signed("POST", paths.SYNC_PATH, msgspec.json.encode(Told(waiting=1)))
    assert answer.status_code == 200, answer.text
    assert msgspec.json.decode(answer.content, type=Sync).standings == ()
    for body in (b"", b"[]", b'{"v":2}', b'{"waiting":-1}'):
        assert caller.signed("POST", paths.SYNC_PATH, body).json()["code"] == "malformed"
    with made.client() as stranger:
        assert stranger.post(paths.SYNC_PATH, content=b"{}").status_code == 401


Days = some.lists(
    some.tuples(some.text(max_size=12), some.text(max_size=2), some.integers(0, 2**53))
)


@given(said=Days)
def test_any_tickets_are_written_down_or_left_out(said: list[tuple[str, str, int]]) -> None:
    issued = tuple(Issued(day=day, letter=letter, number=n) for day, letter, n in said)
    for one in _latest(issued):
        assert len(one.day) == 10
        assert one.letter.isascii()
        assert one.letter.isupper()
    assert _latest(()) == []
