"""A kiosk that does not renew becomes a fault long before it is shut out."""

import pytest
from sqlalchemy import insert, update

from controller.aging import CODE, LEFT_MS
from controller.store.engine import writing
from controller.store.identity_tables import certificate, identity
from tests.support.office import Office, Teller


def _certify(office: Office, not_after: int, state: str = "current", serial: str = "1a") -> None:
    row = {"kiosk_id": office.known("kiosk-1").id, "state": state, "via": "enrol", "csr": b""}
    more = {"csr_sha256": "", "key_sha256": "", "requested_at": 1, "serial": serial}
    with writing(office.engine) as conn:
        conn.execute(insert(certificate).values(**row, **more, not_after=not_after))


def _identity(office: Office, state: str) -> None:
    row = {"kiosk_id": office.known("kiosk-1").id, "state": state, "since": 1, "why": ""}
    with writing(office.engine) as conn:
        conn.execute(insert(identity).values(row))


@pytest.fixture
def office(database: str) -> Office:
    made, kiosk = Office(database, "kiosk-1"), Teller("kiosk-1")
    made.take(kiosk, kiosk.birth())
    return made


def test_it_is_said_when_a_third_of_its_life_is_left_and_ends_with_a_new_one(
    office: Office,
) -> None:
    _identity(office, "active")
    _certify(office, office.now + LEFT_MS)
    office.timers.look_at_certificates()
    assert office.faults("kiosk-1") == {}
    office.now += 1
    for _ in range(2):
        office.timers.look_at_certificates()
        assert office.faults("kiosk-1") == {CODE: "open"}
    _certify(office, office.now + 3 * LEFT_MS, serial="1b")
    office.timers.look_at_certificates()
    assert office.faults("kiosk-1") == {}


def test_who_was_shut_out_or_never_certified_is_left_alone(office: Office) -> None:
    office.timers.look_at_certificates()
    _identity(office, "revoked")
    _certify(office, office.now)
    _certify(office, office.now + 1, state="superseded", serial="1c")
    office.timers.look_at_certificates()
    assert office.faults("kiosk-1") == {}


def test_a_fault_of_one_that_is_revoked_ends(office: Office) -> None:
    _identity(office, "active")
    _certify(office, office.now)
    office.timers.look_at_certificates()
    assert office.faults("kiosk-1") == {CODE: "open"}
    with writing(office.engine) as conn:
        conn.execute(update(identity).values(state="revoked"))
    office.timers.look_at_certificates()
    assert office.faults("kiosk-1") == {}
