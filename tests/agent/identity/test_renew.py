"""One look at a certificate: renewed when the office's clock says so; a word left on the disk."""

from pathlib import Path

import pytest

from agent.identity import life, renew
from agent.identity.asker import Refused, Unreachable
from agent.identity.slots import Slot, Slots
from tests.agent.identity.conftest import HURRY, Wall
from tests.agent.identity.played_door import DAY_MS, PlayedDoor
from tests.support.signing import Ceremony
from wire.envelope import canonical


@pytest.fixture
def slot(slots: Slots, played: PlayedDoor, wall: Wall) -> Slot:
    return life.enrol(slots, played.url, played.invite(), wall, HURRY)


def look(slots: Slots, wall: Wall, *, now: bool = False) -> str:
    with slots.locked():
        return renew.look(slots, HURRY, wall, now=now)


def serial(slots: Slots) -> str:
    found = slots.current()
    assert found is not None
    return found.about.serial


def test_a_new_identity_is_used_once_and_then_left_alone(
    slots: Slots, slot: Slot, played: PlayedDoor, wall: Wall
) -> None:
    assert "ends in 90 days" in look(slots, wall)
    assert look(slots, wall)
    assert slots.state().used == slot.about.serial
    assert len(played.issued) == 1


@pytest.mark.parametrize(("days", "renewed"), [(44, False), (55, True), (89, True), (119, True)])
def test_it_is_renewed_after_its_half_and_for_thirty_days_after_its_end(
    slots: Slots, slot: Slot, office_clock: Wall, wall: Wall, days: int, *, renewed: bool
) -> None:
    look(slots, wall)
    office_clock.off_ms = wall.off_ms = days * DAY_MS
    look(slots, wall)
    assert (serial(slots) != slot.about.serial) == renewed


def test_a_person_may_renew_before_it_is_due(slots: Slots, slot: Slot, wall: Wall) -> None:
    look(slots, wall)
    assert "renewed" in look(slots, wall, now=True)
    assert serial(slots) != slot.about.serial
    assert slots.state().used == serial(slots)


@pytest.mark.parametrize("years", [-50, 70])
def test_the_kiosk_s_own_clock_renews_nothing(
    slots: Slots, slot: Slot, wall: Wall, years: int
) -> None:
    wall.off_ms = years * 365 * DAY_MS
    look(slots, wall)
    assert serial(slots) == slot.about.serial
    assert abs(slots.state().clock_off_ms + wall.off_ms) < 5000


@pytest.mark.usefixtures("slot")
def test_row_43_a_kiosk_out_of_storage_within_thirty_days_renews_by_itself(
    slots: Slots, office_clock: Wall, wall: Wall
) -> None:
    look(slots, wall)
    office_clock.off_ms = 100 * DAY_MS
    assert "renewed" in look(slots, wall)
    assert not slots.state().needs_code


def test_row_43_a_kiosk_stored_too_long_needs_a_new_code_and_says_so(
    slots: Slots, slot: Slot, office_clock: Wall, wall: Wall
) -> None:
    look(slots, wall)
    office_clock.off_ms = 130 * DAY_MS
    with pytest.raises(Refused):
        look(slots, wall)
    assert slots.state().needs_code
    assert "expired" in slots.state().why
    assert serial(slots) == slot.about.serial


@pytest.mark.parametrize("code", life.NEEDS_CODE)
def test_what_was_ended_at_the_office_needs_a_new_code(
    slots: Slots, slot: Slot, played: PlayedDoor, wall: Wall, code: str
) -> None:
    played.ended[slot.about.serial] = code
    with pytest.raises(Refused):
        look(slots, wall)
    state = slots.state()
    assert (state.needs_code, code in state.why) == (True, True)
    assert abs(state.tried_at - wall()) < 60_000


@pytest.mark.usefixtures("slot")
def test_an_office_that_is_away_needs_no_new_code(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    played.close()
    with pytest.raises(Unreachable):
        look(slots, wall)
    assert not slots.state().needs_code
    assert "must come back" in slots.state().why


def test_row_44_what_was_stored_and_never_used_is_used_before_anything_else(
    slots: Slots, slot: Slot, office_clock: Wall, played: PlayedDoor, wall: Wall
) -> None:
    office_clock.off_ms = 60 * DAY_MS
    look(slots, wall)
    assert played.used == [slot.about.serial]
    assert "renewed" in look(slots, wall)


CONFIG = 'kiosk = "bdg-andir-01"\nstate_dir = "{state}"\nbroker = {{ host = "127.0.0.1" }}\n'


@pytest.mark.usefixtures("slot")
def test_as_a_command_it_says_what_it_did_and_for_whom_to_wait(
    slots: Slots, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "agent.toml"
    config.write_text(CONFIG.format(state=slots.folder.parent))
    assert renew.main(["--config", str(config), "--now"]) == renew.DONE
    assert "looked at" in capsys.readouterr().out  # not used yet: that comes first
    assert renew.main(["--config", str(config), "--now"]) == renew.DONE
    assert "renewed" in capsys.readouterr().out
    with slots.locked():
        assert renew.main(["--config", str(config)]) == renew.LATER
    assert "another process" in capsys.readouterr().err


def test_without_an_identity_a_person_must_act(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    config = tmp_path / "agent.toml"
    config.write_text(CONFIG.format(state=tmp_path / "state"))
    assert renew.main(["--config", str(config)]) == renew.MUST_ACT
    assert "anjungan join" in capsys.readouterr().err
    config.write_text("kiosk =")
    assert renew.main(["--config", str(config)]) == renew.MUST_ACT


@pytest.mark.usefixtures("slot")
def test_an_identity_from_before_there_were_policies_asks_for_one(
    slots: Slots, played: PlayedDoor, wall: Wall
) -> None:
    assert renew.NO_POLICY in look(slots, wall)
    played.policy = canonical(Ceremony().signed_policy())
    assert renew.NO_POLICY not in look(slots, wall)
    found = slots.current()
    assert found is not None
    assert found.policy.read_text() == played.policy
    assert len(played.issued) == 1, "nothing had to be renewed for it"
