"""Who was shut out is not there any more, and nobody is alarmed by what we did ourselves."""

import pytest
from sqlalchemy import insert, update

from controller.store.engine import writing
from controller.store.identity_tables import identity
from tests.support.office import Office, Teller, seen


@pytest.fixture
def kiosk() -> Teller:
    return Teller("kiosk-1")


@pytest.fixture
def office(database: str, kiosk: Teller) -> Office:
    made = Office(database, "kiosk-1")
    made.take(kiosk, kiosk.birth(), kiosk.reading(seen("screen", "fail", "screen.dark")))
    row = {"kiosk_id": made.known("kiosk-1").id, "state": "active", "since": 1, "why": ""}
    with writing(made.engine) as conn:
        conn.execute(insert(identity).values(row))
    return made


def _end(office: Office, state: str, *, proven: bool = True) -> None:
    values = {"state": state, "shut_at": office.now if proven else None}
    with writing(office.engine) as conn:
        conn.execute(update(identity).values(values))
    office.timers.tick()


@pytest.mark.parametrize("state", ["revoked", "quarantined"])
def test_it_is_offline_without_an_alarm_once_the_broker_refuses_it(
    office: Office, state: str
) -> None:
    _end(office, state, proven=False)
    assert office.known("kiosk-1").presence.state == "online"
    _end(office, state)
    assert office.known("kiosk-1").presence[0::2] == ("offline", "shut")
    assert "kiosk.offline" not in office.faults("kiosk-1")
    assert office.flips("kiosk-1", "presence")[-1] == ("presence", "online", "offline")


def test_what_was_still_on_its_way_does_not_bring_it_back_for_long(
    office: Office, kiosk: Teller
) -> None:
    _end(office, "revoked")
    office.take(kiosk, kiosk.present())
    office.timers.tick()
    assert office.known("kiosk-1").presence.state == "offline"


def test_a_decommissioned_one_is_as_if_never_heard(office: Office) -> None:
    _end(office, "decommissioned")
    assert office.known("kiosk-1").status.state == "never"
    office.now += 3_600_000
    for _ in range(3):
        office.timers.tick()
    assert office.faults("kiosk-1") == {}
    assert office.rows("SELECT open_faults FROM kiosk_status") == [(0,)]


def test_one_that_came_back_by_a_new_invitation_is_online(office: Office, kiosk: Teller) -> None:
    _end(office, "revoked")
    _end(office, "active", proven=False)
    office.take(kiosk, kiosk.birth())
    office.timers.tick()
    assert office.known("kiosk-1").presence.state == "online"
