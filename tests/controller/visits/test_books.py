"""The calendar in the books: added, corrected, called off, and told to kiosks."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine, select

from controller.deeds import Doer
from controller.jobs.refused import Refused
from controller.people.powers import EVERYWHERE, NOWHERE, Person, Scope
from controller.scope import Outside
from controller.store.engine import open_engine, writing
from controller.store.people_tables import audit
from controller.store.tables import change
from controller.visits import books
from controller.visits.books import Given, Taken
from wire.citizen import Visit

NOW = 1_795_000_000_000
HOUR = 3_600_000
CLERK = Doer(Person(1, "petugas-loket", "Petugas loket", ()), EVERYWHERE, "192.0.2.7")
OF_ANDIR = CLERK._replace(scope=Scope(("32.73.05",)))


@pytest.fixture
def engine(database: str) -> Iterator[Engine]:
    made = open_engine(database)
    yield made
    made.dispose()


def visit(uid: str, *, district: str = "32.73.02", begins: int = HOUR, quota: int = 0) -> Visit:
    starts = NOW + begins
    return Visit(uid=uid, starts=starts, ends=starts + HOUR, district=district, place="Aula",
                 services=("KTP-el",), quota=quota)  # fmt: skip


def take(engine: Engine, *visits: Visit, tenant: str = "32.73") -> Taken:
    with writing(engine) as conn:
        return books.take(conn, Given(tenant, "xlsx", visits), CLERK, NOW)


def ahead(engine: Engine, scope: Scope = EVERYWHERE, now: int = NOW) -> list[str]:
    with engine.connect() as conn:
        return [one.visit.uid for one in books.ahead(conn, scope, now)]


def test_a_table_handed_in_twice_changes_nothing(engine: Engine) -> None:
    assert take(engine, visit("a"), visit("b")) == Taken(2, 0, 0)
    assert take(engine, visit("a"), visit("b")) == Taken(0, 0, 2)
    with engine.connect() as conn:
        assert len(conn.execute(select(audit).where(audit.c.what == "visit.take")).all()) == 1
        assert len(conn.execute(select(change).where(change.c.topic == "visit")).all()) == 1


def test_a_corrected_row_corrects_its_visit(engine: Engine) -> None:
    take(engine, visit("a"), visit("b"))
    assert take(engine, visit("a", quota=30), visit("c")) == Taken(1, 1, 0)
    with engine.connect() as conn:
        quotas = {one.visit.uid: one.visit.quota for one in books.ahead(conn, EVERYWHERE, NOW)}
    assert quotas == {"a": 30, "b": 0, "c": 0}


def test_two_tenants_may_use_one_name(engine: Engine) -> None:
    take(engine, visit("a"))
    assert take(engine, visit("a", district="32.04.05"), tenant="32.04") == Taken(1, 0, 0)
    with engine.connect() as conn:
        (one,) = books.ahead(conn, EVERYWHERE, NOW, "32.04")
    assert one.visit.district == "32.04.05"


def test_they_come_soonest_first_and_leave_when_they_are_over(engine: Engine) -> None:
    take(engine, visit("later", begins=9 * HOUR), visit("soon"))
    assert ahead(engine) == ["soon", "later"]
    assert ahead(engine, now=NOW + 3 * HOUR) == ["later"]


def test_each_sees_those_of_their_districts(engine: Engine) -> None:
    take(engine, visit("coblong"), visit("andir", district="32.73.05"))
    assert ahead(engine, Scope(("32.73.05",))) == ["andir"]
    assert ahead(engine, Scope(("32.73",))) == ["coblong", "andir"]
    assert ahead(engine, NOWHERE) == []


def test_what_is_called_off_is_told_as_such(engine: Engine) -> None:
    take(engine, visit("a"))
    with writing(engine) as conn:
        (one,) = books.ahead(conn, EVERYWHERE, NOW)
        for _ in range(2):
            assert books.call_off(conn, one.id, CLERK, NOW).visit.cancelled
    with engine.connect() as conn:
        (told,) = books.ahead(conn, EVERYWHERE, NOW)
        whats = conn.scalars(select(audit.c.what)).all()
    assert told.visit.cancelled
    assert whats.count("visit.call_off") == 1


def test_nobody_calls_off_what_is_not_theirs(engine: Engine) -> None:
    take(engine, visit("a"))
    with writing(engine) as conn:
        (one,) = books.ahead(conn, EVERYWHERE, NOW)
        with pytest.raises(Outside):
            books.call_off(conn, one.id, OF_ANDIR, NOW)
        with pytest.raises(Refused):
            books.call_off(conn, one.id + 1, CLERK, NOW)


def test_which_of_many_is_elsewhere_is_told_and_none_is_taken(engine: Engine) -> None:
    several = (visit("a", district="32.73.05"), visit("b"))
    with pytest.raises(Outside, match=r"visit 2 .* nothing was changed"), writing(engine) as conn:
        books.take(conn, Given("32.73", "xlsx", several), OF_ANDIR, NOW)
    assert ahead(engine, Scope(("32.73.05",))) == []


def test_nobody_announces_for_another_district_nor_moves_its_visit_away(engine: Engine) -> None:
    take(engine, visit("a"))
    for wanted in (visit("b"), visit("a", district="32.73.05")):
        with pytest.raises(Outside), writing(engine) as conn:
            books.take(conn, Given("32.73", "ics", (wanted,)), OF_ANDIR, NOW)
    assert ahead(engine, Scope(("32.73.05",))) == []
    with writing(engine) as conn:
        mine = visit("c", district="32.73.05")
        assert books.take(conn, Given("32.73", "ics", (mine,)), OF_ANDIR, NOW).added == 1


def test_more_than_kiosks_can_be_told_is_refused_whole(engine: Engine) -> None:
    take(engine, *(visit(f"v{n}") for n in range(books.MOST_AHEAD)))
    with pytest.raises(Refused):
        take(engine, visit("one more"))
    assert "one more" not in ahead(engine)
