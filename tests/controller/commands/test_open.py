"""The questions to the database about open commands."""

from sqlalchemy import text

from controller.commands import open as open_commands
from controller.store.engine import writing
from tests.support.office import START, Office
from tests.support.taker import Bureau, Taker


def test_a_kiosk_of_which_something_is_due_is_shown_with_all_that_is_open(database: str) -> None:
    office = Office(database, "kiosk-1", "kiosk-2")
    bureau = Bureau(office.engine)
    teller = Taker("kiosk-1", bureau.policy)
    teller.highest = 17
    office.take(teller, *teller.born())
    bureau.ask("kiosk-1", after=START + 50)
    bureau.ask("kiosk-1")
    bureau.ask("kiosk-1", state="paused")
    with writing(office.engine) as conn:
        conn.execute(text("UPDATE command SET state = 'succeeded' WHERE id = 2"))
    with office.engine.connect() as conn:
        assert open_commands.due(conn, [], START) == []
        (one,) = open_commands.due(conn, range(16), START)
        assert open_commands.count(conn, range(16)) == 2
    assert [row.job_state for row in one.rows] == ["running", "paused"]
    assert (one.kiosk.name, one.kiosk.listens, one.kiosk.nonce) == ("kiosk-1", True, teller.nonce)
    assert one.kiosk.number == START + 1  # the highest it was ever sent


def test_a_kiosk_never_heard_does_not_listen(database: str) -> None:
    office = Office(database, "kiosk-1")
    Bureau(office.engine).ask("kiosk-1")
    with office.engine.connect() as conn:
        (one,) = open_commands.of(conn, [1, 2]).values()
        assert open_commands.of(conn, []) == {}
    assert (one.kiosk.listens, one.kiosk.nonce, one.kiosk.number) == (False, "", 0)
