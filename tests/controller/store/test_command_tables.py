"""What the database itself holds of commands, whoever writes."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Connection, insert
from sqlalchemy.exc import IntegrityError

from controller import fleet
from controller.store.command_tables import approval, attachment, command, job, policy
from controller.store.engine import open_engine, writing

SITE = fleet.Site("32.73.01", "Sukasari", "Kota Bandung", -6.8667, 107.5872)
JOB = {
    "order_text": "{}", "kind": "noop", "args": {}, "power": "routine", "count": 1, "why": "",
    "asked_by": "siaga", "asked_at": 1, "asked": {}, "plan": {}, "state": "running", "state_at": 1,
    "state_why": "", "approvals": 0, "not_before": 0, "expires": 9, "wave": 1,
}  # fmt: skip
COMMAND = {
    "kiosk_id": 1, "partition": 0, "wave": 1, "after": 0, "expires": 9, "state": "queued",
    "state_at": 1, "due": 0, "facts": {},
}  # fmt: skip


@pytest.fixture
def conn(database: str) -> Iterator[Connection]:
    """A writing transaction in a database with one kiosk and two jobs, whose ids are 1 and 2."""
    with writing(open_engine(database)) as made:
        fleet.import_fleet(made, [SITE], [fleet.NewKiosk("bdg-sukasari-1", SITE.code)], 1)
        for n in (1, 2):
            made.execute(insert(job).values(id=n, order_id=f"{n:032x}", **JOB))
        made.execute(insert(command).values(_command(1, 1, 10)))
        yield made


def _command(id_: int, job_id: int, number: int) -> dict[str, object]:
    return {"id": id_, "command_id": f"{id_:032x}", "job_id": job_id, "number": number, **COMMAND}


def _refuses(conn: Connection, statement: object) -> None:
    with pytest.raises(IntegrityError), conn.begin_nested():
        conn.execute(statement)  # type: ignore[call-overload]


def test_an_order_is_one_job(conn: Connection) -> None:
    _refuses(conn, insert(job).values(order_id=f"{1:032x}", **JOB))


def test_a_kiosk_has_one_share_of_a_job(conn: Connection) -> None:
    _refuses(conn, insert(command).values(_command(2, 1, 11)))


def test_a_number_is_given_once_to_a_kiosk(conn: Connection) -> None:
    _refuses(conn, insert(command).values(_command(2, 2, 10)))
    conn.execute(insert(command).values(_command(2, 2, 11)))


def test_a_person_agrees_to_a_job_once_whatever_key_is_used(conn: Connection) -> None:
    row = {"job_id": 1, "login": "siaga", "at": 1, "signature": ""}
    conn.execute(insert(approval).values(key_id="a" * 16, **row))
    _refuses(conn, insert(approval).values(key_id="b" * 16, **row))


def test_an_attachment_is_kept_once(conn: Connection) -> None:
    row = {"command_id": 1, "sha256": "a" * 64, "type": "image/jpeg", "size": 1, "body": b"x"}
    conn.execute(insert(attachment).values(at=1, **row))
    _refuses(conn, insert(attachment).values(at=2, **row))


def test_a_version_of_the_policy_is_stored_once(conn: Connection) -> None:
    row = {"version": 1, "policy": "{}", "signatures": [], "stored_at": 1}
    conn.execute(insert(policy).values(row))
    _refuses(conn, insert(policy).values(row))
