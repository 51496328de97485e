"""Deeds at the fault desk: in one's own name, in one's own district, and written down."""

import pytest
from sqlalchemy import Connection, Engine

from controller import deeds, fault_desk
from controller.deeds import Doer
from controller.fault_desk import FaultQuery, NoSuchFault
from controller.people import audit
from controller.people.powers import EVERYWHERE, Grant, Person, Scope
from controller.scope import Outside
from controller.store.engine import writing
from tests.support.fleet import NOW, seed_fleet

PAGI = Person(1, "pagi", "Teknisi pagi", (Grant("technician", "32.73"),))
HERE, ABROAD = Scope(("32.73",)), Scope(("32.04",))


@pytest.fixture
def desk(office_engine: Engine) -> Engine:
    seed_fleet(office_engine, kiosks=80, sites=4, seed=3, probes=False)
    return office_engine


def free(conn: Connection, scope: Scope) -> list[int]:
    rows = fault_desk.list_faults(conn, scope, FaultQuery(acked=False, size=100)).rows
    return [row.id for row in rows]


def by(scope: Scope = HERE, person: Person = PAGI) -> Doer:
    return Doer(person, scope, "192.0.2.7")


def log(conn: Connection) -> list[audit.Row]:
    return list(audit.walk(conn))


def test_taking_on_is_in_the_persons_name_and_told_once(desk: Engine) -> None:
    with writing(desk) as conn:
        wanted = free(conn, HERE)[:2]
        first = deeds.take(conn, by(), wanted, NOW)
        again = deeds.take(conn, by(), wanted, NOW + 1)
        assert [(one.first, one.by) for one in first] == [(True, "Teknisi pagi")] * 2
        assert [one.first for one in again] == [False, False]
        rows = log(conn)
        assert [(row.who, row.what, row.subject) for row in rows] == [
            ("pagi", "fault.take", f"fault {number}") for number in wanted
        ]
        assert all(row.district.startswith("32.73.") for row in rows)


def test_row_69_many_at_once_with_a_foreign_one_among_them_are_none(desk: Engine) -> None:
    with writing(desk) as conn:
        ours, theirs = free(conn, HERE), free(conn, ABROAD)
    for wanted in ([*ours[:2], theirs[0]], [theirs[0]], [theirs[0], ours[0]]):
        with pytest.raises(Outside, match=f"fault {theirs[0]}"), writing(desk) as conn:
            deeds.take(conn, by(), wanted, NOW)
    with desk.connect() as conn:
        assert (free(conn, HERE), free(conn, ABROAD), log(conn)) == (ours, theirs, [])


def test_row_69_a_note_abroad_is_refused(desk: Engine) -> None:
    with writing(desk) as conn, pytest.raises(Outside):
        deeds.leave_note(conn, by(), free(conn, ABROAD)[0], "x", NOW)


def test_a_note_is_told_of_without_its_text(desk: Engine) -> None:
    with writing(desk) as conn:
        one = free(conn, HERE)[0]
        made = deeds.leave_note(conn, by(), one, "Kertas dipesan", NOW)
        (row,) = log(conn)
        assert (made.who, row.what, row.detail["note"]) == ("Teknisi pagi", "fault.note", made.id)
        assert "Kertas" not in str(row)


def test_a_fault_nobody_knows_stops_all(desk: Engine) -> None:
    with desk.connect() as conn:
        ours = free(conn, HERE)
    with pytest.raises(NoSuchFault), writing(desk) as conn:
        deeds.take(conn, by(), [ours[0], 10**12], NOW)
    with desk.connect() as conn:
        assert free(conn, HERE) == ours


def test_who_has_no_name_is_called_by_the_login() -> None:
    assert deeds.name_of(PAGI._replace(name="  ")) == "pagi"
    assert EVERYWHERE.holds("32.73.01")
