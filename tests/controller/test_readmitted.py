"""The fault of a copied identity ends when a person has let the kiosk in again, and not before."""

from sqlalchemy import update

from controller.identity.states import find
from controller.store.engine import insert_new, writing
from controller.store.identity_tables import identity
from tests.support.office import Office, Teller


def _identity(office: Office, state: str) -> None:
    with writing(office.engine) as conn:
        number = find(conn, "kiosk-1").id
        row = {"kiosk_id": number, "state": state, "since": 1, "why": ""}
        conn.execute(insert_new(conn, identity).values(row))
        conn.execute(update(identity).values(state=state))


def _cloned(database: str) -> Office:
    office, ours, copy = Office(database, "kiosk-1"), Teller("kiosk-1"), Teller("kiosk-1")
    _identity(office, "active")
    for kiosk, boot_id in ((ours, "ours"), (copy, "copy"), (ours, "ours")):
        office.take(kiosk, kiosk.birth(boot_id=boot_id))
    return office


def test_row_42_the_fault_ends_at_once_when_the_identity_is_active_again(database: str) -> None:
    office = _cloned(database)
    assert office.rows("SELECT state FROM identity") == [("quarantined",)]
    for state in ("quarantined", "pending"):
        _identity(office, state)
        office.timers.tick()
        assert "kiosk.cloned" in office.faults("kiosk-1")
    _identity(office, "active")
    office.timers.tick()
    assert "kiosk.cloned" not in office.faults("kiosk-1")


def test_a_kiosk_of_another_controllers_partition_is_left_to_it(database: str) -> None:
    office = _cloned(database)
    _identity(office, "active")
    other = Office(database, name="other")  # a second controller: it holds none
    other.timers.tick()
    assert "kiosk.cloned" in office.faults("kiosk-1")


def test_row_42_births_heard_before_the_broker_refused_both_are_not_held_against_it(
    database: str,
) -> None:
    office, ours, copy = _cloned(database), Teller("kiosk-1"), Teller("kiosk-1")
    ours.births, copy.births = 3, 3
    office.take(copy, copy.birth(boot_id="copy"))  # they threw each other out once more
    office.take(ours, ours.birth(boot_id="ours"))
    office.take(copy, copy.birth(boot_id="copy"))
    _identity(office, "active")
    office.timers.tick()
    office.take(ours, ours.birth(boot_id="ours"))
    assert office.rows("SELECT state FROM identity") == [("active",)]
    assert "kiosk.cloned" not in office.faults("kiosk-1")
