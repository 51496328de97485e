"""Refusals in the audit log: told, and never more of them than a disk can bear."""

from sqlalchemy import Engine, select, text

from controller.api.gate import Refused
from controller.api.refusals import HOUR_MS, AuditedRefusals
from controller.api.who import Caller
from controller.people import audit
from controller.people.powers import Person
from controller.store.engine import writing
from controller.store.people_tables import audit as rows

REFUSED = Refused("refused.place", "kiosk bdg-coblong-01", "32.73.02", "GET", "/kiosks/x")


def caller(number: int) -> Caller:
    person = Person(number, f"person-{number}", "", ())
    return Caller(person, "session", f"mark-{number}", "", "192.0.2.7")


def told(engine: Engine) -> list[audit.Row]:
    with engine.connect() as conn:
        return [audit.Row(*row) for row in conn.execute(select(rows).order_by(rows.c.n))]


def test_a_refusal_says_who_what_where_and_from_where(office_engine: Engine) -> None:
    AuditedRefusals(office_engine, lambda: 5).note(caller(1), REFUSED)
    (row,) = told(office_engine)
    assert (row.at, row.who, row.what, row.address) == (5, "person-1", "refused.place", "192.0.2.7")
    assert (row.subject, row.district) == ("kiosk bdg-coblong-01", "32.73.02")
    assert row.detail == {"method": "GET", "path": "/kiosks/x", "by": "mark-1"}


def test_a_loop_cannot_fill_the_disk_nor_silence_others(office_engine: Engine) -> None:
    now = [0]
    refusals = AuditedRefusals(office_engine, lambda: now[0], most_each=3)
    for _ in range(50):
        refusals.note(caller(1), REFUSED)
    refusals.note(caller(2), REFUSED)
    assert [row.who for row in told(office_engine)] == [*["person-1"] * 3, "person-2"]
    now[0] = HOUR_MS
    refusals.note(caller(1), REFUSED)
    assert told(office_engine)[-1].detail["untold_before"] == "47"
    with office_engine.connect() as conn:
        assert audit.verify(conn).ok


def test_all_together_have_a_bound_too(office_engine: Engine) -> None:
    refusals = AuditedRefusals(office_engine, lambda: 0, most=5)
    for number in range(20):
        refusals.note(caller(number), REFUSED)
    assert len(told(office_engine)) == 5


def test_a_log_that_cannot_be_written_hinders_nobody(office_engine: Engine) -> None:
    with writing(office_engine) as conn:
        conn.execute(text("ALTER TABLE audit RENAME TO away"))
    AuditedRefusals(office_engine, lambda: 0).note(caller(1), REFUSED)
