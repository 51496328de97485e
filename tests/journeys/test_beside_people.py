"""Ingest quarantines kiosks while a person ends others: nobody waits for ever, no batch is lost.

Two real transactions on PostgreSQL, each in its own connection; SQLite has one writer at a time.
"""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import Connection, insert, text

from controller.identity import ending, states
from controller.people.audit import verify
from controller.store.engine import writing
from controller.store.failures import StoreAway
from controller.store.identity_tables import identity
from tests.support.office import Office, Teller
from tests.support.wait import until

if TYPE_CHECKING:
    from controller.ingest import Done

NAMES = ("kiosk-1", "kiosk-2", "kiosk-3")
PERSON = states.By("teknisi-pagi", "192.0.2.1")
BLOCKED = "SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"


class Twins:
    """Three kiosks whose copies were heard; `batch` brings the proof for all of them."""

    def __init__(self, url: str) -> None:
        self.office = Office(url, *NAMES)
        self._threads = ThreadPoolExecutor(1)
        ours = [Teller(name) for name in NAMES]
        with writing(self.office.engine) as conn:
            rows = [{"kiosk_id": self.id_of(conn, n), "state": "active"} for n in NAMES]
            conn.execute(insert(identity), [row | {"since": 1, "why": ""} for row in rows])
        for kiosk in ours:
            self.office.take(kiosk, kiosk.birth(boot_id="ours"))
            self.office.take(Teller(kiosk.name), Teller(kiosk.name).birth(boot_id="copy"))
        self.batch = [self.office.letter(k, k.birth(boot_id="ours")) for k in ours]

    def id_of(self, conn: Connection, name: str) -> int:
        return states.find(conn, name).id

    def take(self) -> "Future[Done]":
        """In a thread; returns when it waits for somebody."""
        taken = self._threads.submit(self.office.ingest.take, self.batch)
        until(lambda: self.office.rows(BLOCKED) == [(1,)] or taken.done(), 30)
        assert not taken.done()
        return taken

    def states(self) -> list[str]:
        query = "SELECT i.state FROM identity i JOIN kiosk k ON k.id = i.kiosk_id ORDER BY k.name"
        return [row[0] for row in self.office.rows(query)]

    def close(self) -> None:
        self._threads.shutdown()
        self.office.engine.dispose()


@pytest.fixture
def twins(postgres_url: str) -> Iterator[Twins]:
    made = Twins(postgres_url)
    yield made
    made.close()


def test_row_42_a_person_who_ends_one_of_them_is_waited_for_and_waits_for_nobody(
    twins: Twins,
) -> None:
    with writing(twins.office.engine) as conn:
        number = twins.id_of(conn, "kiosk-2")
        states.hold(conn, number)
        taken = twins.take()
        ending.revoke(conn, number, "hilang", PERSON, twins.office.now)  # down to the log
    assert taken.result(30).stored == twins.batch
    assert twins.states() == ["quarantined", "revoked", "quarantined"]
    with twins.office.engine.connect() as conn:
        assert verify(conn).ok


def test_row_42_a_deadlock_that_happens_all_the_same_is_stored_at_the_next_try(
    twins: Twins,
) -> None:
    """Whoever locks in another order than we do: PostgreSQL ends one of the two."""
    lock = text("UPDATE kiosk_status SET state_why = state_why WHERE kiosk_id = :k")
    with writing(twins.office.engine) as conn:
        conn.execute(text("SET LOCAL deadlock_timeout = '60s'"))  # so that it is not this one
        first, last = (twins.id_of(conn, name) for name in (NAMES[0], NAMES[-1]))
        conn.execute(lock, {"k": last})
        taken = twins.take()
        conn.execute(lock, {"k": first})
    with pytest.raises(StoreAway, match="deadlock detected"):
        taken.result(30)
    assert twins.states() == ["active", "active", "active"]
    done = twins.office.ingest.take(twins.batch)
    assert done.stored == twins.batch
    assert twins.states() == ["quarantined"] * 3
    assert {"kiosk.cloned"} <= set(twins.office.faults("kiosk-1"))
