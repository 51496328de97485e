"""An identity on the disk: whole after every cut, wherever it falls."""

import errno
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from agent.folders import Busy
from agent.identity.slots import (
    ABOUT,
    AUTHORITY,
    CERT,
    CSR,
    KEY,
    About,
    Pending,
    Slots,
    State,
)
from tests.agent.identity.cuts import NoPower, PowerDisk, killed_at
from tests.support.thorough import ALL
from wire.door import BrokerPlace

PLACE: Final = BrokerPlace("office.example", 8883)
OLD: Final = "0a"
NEW: Final = "0b"


def about(serial: str) -> About:
    return About("bdg-andir-01", serial, "https://office.example:9443", PLACE, 1000, 2000)


def pending(serial: str) -> Pending:
    return Pending(f"key of {serial}".encode(), f"request of {serial}".encode())


def settle(slots: Slots, serial: str) -> None:
    """Everything that is done to the disk for one identity, from its key to its first use."""
    slots.begin(lambda: pending(serial))
    slots.store(about(serial), f"certificate of {serial}".encode(), b"authority")
    slots.note(State(used=serial))
    slots.prune()


def serial_of(slots: Slots) -> str:
    """The serial of the current identity, after looking that all its files are of one piece."""
    slot = slots.current()
    assert slot is not None
    serial = slot.about.serial
    assert slot.key.read_bytes() == pending(serial).key
    assert slot.cert.read_bytes() == f"certificate of {serial}".encode()
    assert slot.authority.read_bytes() == b"authority"
    return serial


def test_there_is_no_identity_before_one_is_stored(slots: Slots) -> None:
    assert slots.current() is None
    assert slots.serial() == ""
    assert slots.state() == State()


def test_what_is_stored_is_current_and_its_key_is_for_its_owner_alone(slots: Slots) -> None:
    settle(slots, OLD)
    slot = slots.current()
    assert slot is not None
    assert slot.about == about(OLD)
    assert {path.name for path in slot.folder.iterdir()} == {KEY, CERT, AUTHORITY, ABOUT}
    assert slot.key.stat().st_mode & 0o777 == 0o600
    assert slots.folder.stat().st_mode & 0o777 == 0o700


def test_the_same_request_is_asked_again_until_it_is_answered(slots: Slots) -> None:
    first = slots.begin(lambda: pending(OLD))
    assert slots.begin(lambda: pending(NEW)) == first
    slots.forget_pending()
    assert slots.begin(lambda: pending(NEW)) == pending(NEW)


def test_a_key_that_was_stored_is_never_pending_again(slots: Slots) -> None:
    settle(slots, OLD)
    left = slots.folder / "pending"
    left.mkdir()
    (left / KEY).write_bytes(pending(OLD).key)
    (left / CSR).write_bytes(pending(OLD).csr)
    assert slots.begin(lambda: pending(NEW)) == pending(NEW)


def test_the_old_identity_stays_until_the_new_one_was_used(slots: Slots) -> None:
    settle(slots, OLD)
    slots.begin(lambda: pending(NEW))
    slots.store(about(NEW), f"certificate of {NEW}".encode(), b"authority")
    assert (slots.folder / OLD / KEY).exists()
    slots.prune()
    assert not (slots.folder / OLD).exists()
    assert serial_of(slots) == NEW


@pytest.mark.parametrize("name", [KEY, CERT, AUTHORITY, ABOUT])
def test_an_identity_that_lost_a_file_is_none(slots: Slots, name: str) -> None:
    settle(slots, OLD)
    (slots.folder / OLD / name).unlink()
    assert slots.current() is None


@pytest.mark.parametrize("serial", ["../x", "", "A", "0a/0b", "pending"])
def test_a_serial_that_is_none_becomes_no_folder(slots: Slots, serial: str) -> None:
    slots.begin(lambda: pending(OLD))
    with pytest.raises(ValueError, match="serial"):
        slots.store(about(serial), b"", b"")


def test_nobody_works_on_it_while_another_does(slots: Slots) -> None:
    with slots.locked(), pytest.raises(Busy, match="try again later"), slots.locked():
        pass
    with slots.locked():
        pass


@pytest.mark.parametrize("text", [b"", b"{", b"\xff", b'{"tried_at":"x"}'])
def test_a_state_that_cannot_be_read_is_no_state(slots: Slots, text: bytes) -> None:
    settle(slots, OLD)
    (slots.folder / "state.json").write_bytes(text)
    assert slots.state() == State()


@pytest.fixture
def owned() -> Iterator[Slots]:
    """As on a kiosk: the state folder is another account's than root's, who may pass to it."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    state = folder / "state"
    state.mkdir(0o700)
    if os.geteuid() == 0:
        os.chown(state, 1234, 1234)
    yield Slots(state)
    shutil.rmtree(folder)


def test_what_root_stores_belongs_to_whoever_the_state_folder_belongs_to(owned: Slots) -> None:
    owner = owned.folder.parent.stat().st_uid
    with owned.locked():
        settle(owned, OLD)
    found = [owned.folder, *owned.folder.rglob("*")]
    assert {path.lstat().st_uid for path in found} == {owner}


@pytest.mark.parametrize("name", ["state.json.new", "pending.tmp", "current.new"])
def test_links_the_agents_account_laid_lead_root_nowhere(owned: Slots, name: str) -> None:
    before = os.geteuid(), os.getegid(), os.getgroups()
    theirs = owned.folder.parent.parent / "theirs"
    theirs.write_bytes(b"not the agent's")
    theirs.chmod(0o600)
    owned.folder.mkdir()
    (owned.folder / name).symlink_to(theirs)
    if os.geteuid() == 0:
        os.chown(owned.folder, 1234, 1234)
        with suppress(OSError), owned.locked():
            settle(owned, OLD)
    assert theirs.read_bytes() == b"not the agent's"
    assert theirs.stat().st_uid == os.geteuid()
    assert (os.geteuid(), os.getegid(), os.getgroups()) == before


def test_a_folder_of_others_is_not_given_away_by_a_link_to_it(owned: Slots) -> None:
    theirs = owned.folder.parent.parent / "theirs"
    theirs.mkdir(0o755)
    owned.folder.symlink_to(theirs)
    with suppress(OSError), owned.locked():
        settle(owned, OLD)
    assert theirs.stat().st_uid == os.geteuid()


class Office:
    """Has received requests, and knows what it certified: never two requests for one renewal."""

    def __init__(self, told: Path) -> None:
        self.told = told

    def ask(self, request: bytes) -> None:
        with self.told.open("ab") as file:
            file.write(request + b"\n")


def renewal(slots: Slots, office: Office, request: bytes) -> Callable[[], None]:
    """As `life.renew` and `life.confirm` do it; the key and request made on this try."""

    def flow() -> None:
        asked = slots.begin(lambda: Pending(pending(NEW).key, request))
        office.ask(asked.csr)
        slots.store(about(NEW), f"certificate of {NEW}".encode(), b"authority")
        slots.note(State(used=NEW))
        slots.prune()

    return flow


@pytest.fixture
def power_disk(tmp_path: Path) -> Iterator[PowerDisk | NoPower]:
    disk = PowerDisk(tmp_path) if os.geteuid() == 0 else NoPower(tmp_path)
    yield disk
    disk.close()


@pytest.mark.parametrize("cut", ["kill", "power"])
def test_row_44_a_renewal_cut_at_any_call_leaves_the_old_or_the_new_identity_and_goes_on(
    power_disk: PowerDisk | NoPower, tmp_path: Path, cut: str
) -> None:
    seen: set[str] = set()
    for call in range(1, 500, 1 if ALL else 2):
        slots = Slots(power_disk.folder / str(call))
        settle(slots, OLD)
        power_disk.sync()
        office = Office(tmp_path / f"told-{call}")
        killed = killed_at(call, renewal(slots, office, b"first request"))
        if cut == "power":
            power_disk.cut_power()
        seen.add(serial_of(slots))
        renew_again(slots, office)
        shutil.rmtree(slots.folder.parent)
        if not killed:
            break
    assert call > 30
    assert not killed
    assert seen == {OLD, NEW}


def renew_again(slots: Slots, office: Office) -> None:
    """What the next start does: it goes on where the cut was, with what the office has seen."""
    if serial_of(slots) == OLD:
        renewal(slots, office, b"second request")()
    elif slots.state().used != NEW:
        slots.note(State(used=NEW))
    slots.prune()
    assert serial_of(slots) == NEW
    assert slots.state().used == NEW
    assert len(set(office.told.read_bytes().splitlines())) == 1
    left = {path.name for path in slots.folder.iterdir()}
    assert left - {"pending.tmp", "pending"} == {NEW, "current", "state.json"}


def test_row_72_a_disk_that_does_not_sync_changes_nothing(
    slots: Slots, monkeypatch: pytest.MonkeyPatch
) -> None:
    settle(slots, OLD)
    slots.begin(lambda: pending(NEW))

    def refuse(_: int) -> None:
        raise OSError(errno.EIO, "the disk does not sync")

    with monkeypatch.context() as broken:
        broken.setattr(os, "fsync", refuse)
        with pytest.raises(OSError, match="does not sync"):
            slots.store(about(NEW), f"certificate of {NEW}".encode(), b"authority")
    assert serial_of(slots) == OLD
    assert slots.begin(lambda: pending("0c")) == pending(NEW)


def test_a_policy_comes_with_an_identity_or_is_added_once_it_is_there(slots: Slots) -> None:
    slots.begin(lambda: pending(OLD))
    slot = slots.store(about(OLD), b"certificate", b"authority", b"who may command")
    assert slot.policy.read_bytes() == b"who may command"
    slots.begin(lambda: pending(NEW))
    bare = slots.store(about(NEW), b"certificate", b"authority")
    assert not bare.policy.exists()
    slots.add_policy(bare, b"added")
    assert slots.current() == bare
    assert bare.policy.read_bytes() == b"added"
    slots.prune()
    assert not slot.folder.exists()


def test_a_policy_is_added_whole_or_not_at_all_wherever_it_is_cut(tmp_path: Path) -> None:
    call, done = 0, False
    while not done:
        call += 1
        slots = Slots(tmp_path / str(call))
        settle(slots, OLD)
        slot = slots.current()
        assert slot is not None
        done = not killed_at(call, lambda: slots.add_policy(slot, b"whole"))  # noqa: B023 - at once
        assert slot.policy.exists() in (done, True)
        assert not slot.policy.exists() or slot.policy.read_bytes() == b"whole"
        assert serial_of(slots) == OLD
        slots.add_policy(slot, b"whole")
        assert slot.policy.read_bytes() == b"whole"
    assert call > 3
