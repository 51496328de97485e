"""Faults as rows: whatever happens within one batch, one open row a code at most."""

from typing import TYPE_CHECKING

import pytest

from controller import faults
from controller.conclude import claims
from controller.effects import Effects
from controller.judge import Claim
from controller.known import Known, Standing
from controller.store.engine import writing
from tests.support.office import Office

if TYPE_CHECKING:
    from controller.judge import Event

CODE = "screen.black"


def batch(office: Office, known: Known, events: str) -> Known:
    """`s`een and `g`one, one after the other, stored as one batch."""
    draft, effects = known.draft(), Effects()
    words: dict[str, Event] = {"s": "seen", "g": "gone", "h": "held"}
    for now, event in enumerate(events, 1):
        standing = draft.faults.get(CODE)
        if event == "h" and (standing is None or standing.state == "open"):
            continue
        at = standing.due if event == "h" and standing else now
        claims(draft, [Claim(CODE, words[event], f"{event}{now}")], effects, at)
    with writing(office.engine) as conn:
        faults.store_turns(conn, effects.turns)
        faults.store_suspicions(conn, [(known, draft)])
    return draft


@pytest.mark.parametrize("events", ["s", "sg", "sgh", "sghs", "sghsgh", "sghsghsg"])
def test_a_batch_and_its_parts_end_alike(database: str, events: str) -> None:
    office = Office(database, "kiosk-1", "kiosk-2")
    batch(office, office.known("kiosk-1"), events)
    known = office.known("kiosk-2")
    for event in events:
        known = batch(office, known, event)
    whole, parts = office.known("kiosk-1").faults, office.known("kiosk-2").faults
    assert {c: s.state for c, s in whole.items()} == {c: s.state for c, s in parts.items()}
    count = "SELECT count(*), count(cleared_at) FROM fault WHERE kiosk_id = "
    one, two = office.known("kiosk-1").id, office.known("kiosk-2").id
    assert office.rows(f"{count}{one}") == office.rows(f"{count}{two}")


def test_an_open_fault_is_not_opened_again(database: str) -> None:
    office = Office(database, "kiosk-1")
    for _ in range(2):
        batch(office, Known(office.known("kiosk-1").id, "kiosk-1", 0), "s")
    assert office.rows("SELECT count(*) FROM fault") == [(1,)]


def test_what_is_due_is_found_by_partition_and_time(database: str) -> None:
    office = Office(database, "kiosk-1", "kiosk-2")
    for name, due in (("kiosk-1", 10), ("kiosk-2", 20)):
        before = office.known(name)
        after = before.draft()
        after.faults[CODE] = Standing("pending", 0, due, "", {})
        with writing(office.engine) as conn:
            faults.store_suspicions(conn, [(before, after)])
    with office.engine.connect() as conn:
        everywhere = range(16)
        assert faults.due(conn, everywhere, 9, 10) == []
        assert faults.due(conn, everywhere, 10, 10) == [("kiosk-1", CODE)]
        assert faults.due(conn, everywhere, 30, 1) == [("kiosk-1", CODE)]
        assert faults.due(conn, everywhere, 30, 10) == [("kiosk-1", CODE), ("kiosk-2", CODE)]
        assert faults.due(conn, [], 30, 10) == []
