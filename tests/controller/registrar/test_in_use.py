"""A key that anything is still sealed to is known before it is destroyed."""

from sqlalchemy import insert

from controller.registrar.in_use import in_use
from controller.store.citizen_tables import submission_event
from controller.store.engine import writing
from provisioning import registrar_keys
from tests.support.registrar import NOW, Registry


def test_records_notes_and_photos_count_and_nonsense_does_not(any_registry: Registry) -> None:
    portal = any_registry.portal()
    number = any_registry.accepted(portal.record())
    any_registry.arrive(portal.record())
    any_registry.arrive(b"nonsense\nwithout a head")
    any_registry.late_photo(portal.ticket(NOW), b"\xff\xd8\xff")
    words = {"by": "petugas", "event": "note", "old": "submitted", "new": "submitted"}
    with writing(any_registry.engine) as conn:
        row = {"submission_id": number, "at": NOW, "note": b"x", "note_seal": "f" * 16}
        conn.execute(insert(submission_event).values(**row, **words))
    with any_registry.engine.connect() as conn:
        found = in_use(conn)
    assert found == {any_registry.keys.seal[0].id: 3, "f" * 16: 1}
    assert registrar_keys.over(any_registry.keys, found, 2**52) == ()
    assert registrar_keys.over(any_registry.keys, {}, 2**52) == (any_registry.keys.seal[0].id,)
