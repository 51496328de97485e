"""Shares prove what they say; jobs are learnt once."""

import pytest
from sqlalchemy import event, insert

from controller.commands import open as open_commands
from controller.commands.shares import Shares
from controller.store.command_tables import approval
from controller.store.engine import writing
from tests.support.office import START, Office
from tests.support.signing import verify
from tests.support.taker import Bureau
from wire.policy import approvers, permit


def test_every_share_of_a_job_holds_before_the_kiosks_checks(database: str) -> None:
    names = [f"kiosk-{n}" for n in range(7)]
    office = Office(database, *names)
    bureau = Bureau(office.engine)
    bureau.ask(*names)
    shares, asked = Shares(), []
    with office.engine.connect() as conn:
        ids = [office.known(name).id for name in names]
        waiting = open_commands.of(conn, ids)
        event.listen(conn, "after_cursor_execute", lambda *_: asked.append(1))
        for one in waiting.values():
            envelope = shares.envelope(conn, one.kiosk.name, one.rows[0])
            assert permit(bureau.policy, envelope, one.kiosk.name, None, verify).kind == "noop"
    assert len(waiting) == 7
    assert len(asked) == 2  # the job, and its leaves


def test_who_agreed_travels_with_it(database: str) -> None:
    office = Office(database, "kiosk-1")
    bureau = Bureau(office.engine)
    job_id = bureau.ask("kiosk-1", approvals=["adi", "budi"])
    with writing(office.engine) as conn:
        (one,) = open_commands.of(conn, [1]).values()
        order = Shares().envelope(conn, "kiosk-1", one.rows[0]).order
        for n, login in enumerate(("budi", "adi")):
            said = bureau.ceremony.approve(login, order, START + n)
            row = {"key_id": said.key, "at": said.at, "signature": said.signature}
            conn.execute(insert(approval).values(job_id=job_id, login=login, **row))
        envelope = Shares().envelope(conn, "kiosk-1", one.rows[0])
    agreed = approvers(bureau.policy, envelope, verify)
    assert agreed == {"adi": START + 1, "budi": START}


def test_what_is_kept_is_bounded_and_a_stranger_is_an_error(sqlite_url: str) -> None:
    names = [f"kiosk-{n}" for n in range(4)]
    office = Office(sqlite_url, *names)
    bureau = Bureau(office.engine)
    for _ in range(5):
        bureau.ask(*names)
    shares = Shares(most_leaves=10)
    with office.engine.connect() as conn:
        (one,) = open_commands.of(conn, [1]).values()
        for row in one.rows:
            shares.envelope(conn, one.kiosk.name, row)
        with pytest.raises(KeyError):
            shares.envelope(conn, "nobody", one.rows[0])
    assert len(shares._jobs) == 2
