"""Enrol, renew, confirm: cut anywhere, lost anywhere, done again."""

import pytest

from agent.identity import life, root
from agent.identity.asker import Refused
from agent.identity.door import Clock, Door
from agent.identity.keys import BadGrant
from agent.identity.slots import Slot, Slots
from tests.agent.identity.conftest import HURRY, Wall
from tests.agent.identity.played_door import DAY_MS, KIOSK, PlayedDoor
from tests.support.signing import Ceremony
from wire.door import Refusal
from wire.envelope import canonical

CEREMONY = Ceremony()
GOOD = canonical(CEREMONY.signed_policy())
UNSIGNED = canonical(CEREMONY.signed_policy(roots=[]))
ROOT = '{"signatures":[1],"signed":{"_type":"root"}}'


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


def test_a_kiosk_is_born_with_the_policy_of_its_office(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    played.policy = GOOD
    assert enrol(slots, played, wall).policy.read_text() == GOOD


def test_row_51_a_kiosk_is_not_born_with_a_policy_that_nobody_signed(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    played.policy = UNSIGNED
    with pytest.raises(BadGrant, match="policy"):
        enrol(slots, played, wall)
    assert slots.current() is None


def test_row_51_a_renewal_changes_nothing_of_whom_the_kiosk_trusts(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    played.policy = GOOD
    old = enrol(slots, played, wall)
    life.confirm(slots, old, door_of(old, wall))
    for other in (canonical(Ceremony().signed_policy()), UNSIGNED, ""):
        played.policy = other
        new = life.renew(slots, old, door_of(old, wall))
        assert new.policy.read_text() == GOOD
        life.confirm(slots, new, door_of(new, wall))
        assert life.take_missing(slots, new, door_of(new, wall))
        assert new.policy.read_text() == GOOD
        old = new


def test_an_identity_without_a_policy_gets_one_at_renewal_or_when_it_asks(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    old = enrol(slots, played, wall)
    life.confirm(slots, old, door_of(old, wall))
    assert not old.policy.exists()
    for nothing in ("", "none"):
        played.policy = nothing
        assert not life.take_missing(slots, old, door_of(old, wall))
    played.policy = UNSIGNED
    with pytest.raises(BadGrant, match="policy"):
        life.take_missing(slots, old, door_of(old, wall))
    bare = life.renew(slots, old, door_of(old, wall))
    life.confirm(slots, bare, door_of(bare, wall))
    assert not bare.policy.exists()
    played.policy = GOOD
    assert life.take_missing(slots, bare, door_of(bare, wall))
    assert bare.policy.read_text() == GOOD
    bare.policy.unlink()
    new = life.renew(slots, bare, door_of(bare, wall))
    assert new.policy.read_text() == GOOD


def test_a_kiosk_keeps_the_first_root_of_releases_it_was_given(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    played.policy, played.root = GOOD, ROOT
    old = enrol(slots, played, wall)
    kept = root.path_of(slots.state_dir)
    assert kept.read_text() == ROOT
    life.confirm(slots, old, door_of(old, wall))
    played.root = ROOT.replace("1", "2")
    assert life.take_missing(slots, life.renew(slots, old, door_of(old, wall)), door_of(old, wall))
    assert kept.read_text() == ROOT


def test_a_kiosk_from_before_there_were_releases_asks_for_their_root(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    played.policy = GOOD
    slot = enrol(slots, played, wall)
    life.confirm(slots, slot, door_of(slot, wall))
    assert life.take_missing(slots, slot, door_of(slot, wall))
    assert not root.path_of(slots.state_dir).exists()
    played.root = ROOT
    assert life.take_missing(slots, slot, door_of(slot, wall))
    assert root.path_of(slots.state_dir).read_text() == ROOT
