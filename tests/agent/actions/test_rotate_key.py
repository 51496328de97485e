"""A new key from a played office, by the real renewal."""

from agent.identity.slots import Slots
from tests.agent.actions.conftest import Bench, write_config
from tests.agent.actions.offices import OfficeDoor


def test_the_office_has_heard_from_the_new_key(bench: Bench, office: OfficeDoor) -> None:
    write_config(bench)
    slots = Slots(bench.state)
    old = slots.current()
    assert old is not None
    key = old.key.read_bytes()
    ended = bench.run("rotate_key")
    new = slots.current()
    assert ended.state == "succeeded", ended
    assert new is not None
    assert new.key.read_bytes() != key
    assert ended.facts == {
        "serial_before": old.about.serial, "serial": new.about.serial, "used": True,
    }  # fmt: skip
    assert new.about.serial in office.used


def test_a_revoked_kiosk_gets_none_and_keeps_the_old(bench: Bench, office: OfficeDoor) -> None:
    write_config(bench)
    serial = Slots(bench.state).serial()
    office.ended[serial] = "revoked"
    assert bench.run("rotate_key").code == "refused"
    assert Slots(bench.state).serial() == serial


def test_without_an_identity_there_is_nothing_to_renew(bench: Bench) -> None:
    assert bench.run("rotate_key").code == "no_identity"
