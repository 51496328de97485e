"""Enrol, renew, confirm: cut anywhere, lost anywhere, done again."""

import pytest

from agent.identity import life
from agent.identity.asker import Refused
from agent.identity.door import Clock, Door
from agent.identity.keys import BadGrant
from agent.identity.slots import Slot, Slots
from tests.agent.identity.conftest import HURRY, Wall
from tests.agent.identity.played_door import DAY_MS, KIOSK, PlayedDoor
from wire.door import Refusal


def enrol(slots: Slots, played: PlayedDoor, wall: Wall) -> Slot:
    return life.enrol(slots, played.url, played.invite(), wall, HURRY)


def door_of(slot: Slot, wall: Wall) -> Door:
    return life.door_of(slot, Clock(wall), HURRY)


def test_a_new_kiosk_is_named_by_its_office_and_stored(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    slot = enrol(slots, played, wall)
    assert slots.current() == slot
    assert (slot.about.kiosk, slot.about.broker) == (KIOSK, played.broker)
    assert slot.about.not_after - slot.about.not_before == 90 * DAY_MS
    life.confirm(slots, slot, door_of(slot, wall))
    assert slots.state().used == slot.about.serial
    assert played.used == [slot.about.serial]


def test_row_40_an_answer_that_was_lost_is_asked_for_with_the_same_request(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    invitation = played.invite()
    played.plan = ["", "busy", *["lose"] * 3]
    life.enrol(slots, played.url, invitation, wall, HURRY)
    assert len(played.issued) == 1


def test_row_44_the_old_identity_works_until_the_new_one_is_used(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    old = enrol(slots, played, wall)
    life.confirm(slots, old, door_of(old, wall))
    played.plan = [(403, Refusal("internal", "office", "no"))]
    with pytest.raises(Refused):
        life.renew(slots, old, door_of(old, wall))
    assert slots.current() == old
    new = life.renew(slots, old, door_of(old, wall))
    assert old.key.exists()
    assert door_of(old, wall).standing(life.caller_of(old)).serial == old.about.serial
    life.confirm(slots, new, door_of(new, wall))
    assert not old.folder.exists()
    assert new.key.exists()


@pytest.mark.parametrize("code", ["key_used", "key_taken"])
def test_a_key_the_office_does_not_take_is_replaced_once(
    slots: Slots, played: PlayedDoor, wall: Wall, code: str
) -> None:
    played.plan = ["", (409, Refusal(code, "kiosk", "no"))]
    assert enrol(slots, played, wall)
    played.plan = ["", *[(409, Refusal(code, "kiosk", "no"))] * 2]
    with pytest.raises(Refused):
        enrol(slots, played, wall)


def test_a_certificate_for_another_name_is_not_taken_for_a_renewal(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    slot = enrol(slots, played, wall)
    played.name = "bdg-cicendo-02"
    with pytest.raises(BadGrant, match="calls us bdg-cicendo-02"):
        life.renew(slots, slot, door_of(slot, wall))
    assert slots.current() == slot
