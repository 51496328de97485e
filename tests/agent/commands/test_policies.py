"""Which policy is in force: after joins, renewals, newer words of the office, forged ones."""

from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from agent.commands.policies import Policies
from agent.identity.slots import POLICY, Slots
from agent.journal import Journal
from agent.store import Store
from tests.agent.commands.failing import Disk
from tests.agent.commands.played import lay_policy
from tests.support.signing import Ceremony, verify
from wire.messages import NewPolicy
from wire.policy import SignedPolicy


class Kiosk:
    def __init__(self, folder: Path) -> None:
        self.folder, self.disk = folder, Disk()
        self.store = self.disk.store(folder / "agent.db")
        self.begin()

    def begin(self) -> None:
        self.policies = Policies(Journal(self.store), Slots(self.folder), verify)

    def join(self, ceremony: Ceremony, version: int = 1, join: str = "1" * 64) -> bool:
        lay_policy(self.folder, ceremony, ceremony.policy(version), join)
        return self.policies.look()

    def renew(self, serial: str, ceremony: Ceremony, version: int = 1) -> bool:
        """Another identity, without an invitation."""
        lay_policy(self.folder, ceremony, ceremony.policy(version), serial + "0" * 60)
        about = self.folder / "identity" / "current" / "about.json"
        members = msgspec.json.decode(about.read_bytes())
        about.write_bytes(msgspec.json.encode(members | {"invitation": ""}))
        return self.policies.look()


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Kiosk]:
    made = Kiosk(tmp_path)
    yield made
    made.store.close()


def word(signed: SignedPolicy) -> NewPolicy:
    return NewPolicy(policy=signed.policy, signatures=signed.signatures)


OURS = Ceremony("siti")
OTHERS = Ceremony()


def test_a_kiosk_has_none_before_it_joins_and_its_own_after(kiosk: Kiosk) -> None:
    assert (kiosk.policies.policy, kiosk.policies.version) == (None, 0)
    assert kiosk.join(OURS)
    assert kiosk.policies.version == 1
    assert not kiosk.policies.look()


def test_a_newer_one_that_the_roots_signed_is_in_force_and_stays_so(kiosk: Kiosk) -> None:
    kiosk.join(OURS)
    assert kiosk.policies.newer(word(OURS.signed_policy(OURS.policy(2))))
    kiosk.begin()
    assert kiosk.policies.version == 2


def test_an_old_one_changes_nothing_and_is_no_trouble(kiosk: Kiosk) -> None:
    kiosk.join(OURS, 3)
    for version in (1, 2, 3):
        assert not kiosk.policies.newer(word(OURS.signed_policy(OURS.policy(version))))
    assert (kiosk.policies.version, kiosk.policies.trouble) == (3, "")


def test_row_51_a_stolen_office_lowers_no_threshold(kiosk: Kiosk) -> None:
    kiosk.join(OURS)
    lowered = OURS.policy(2, roots=OTHERS.policy().roots)
    forged = OTHERS.signed_policy(lowered, roots=OTHERS.roots)
    assert not kiosk.policies.newer(word(forged))
    assert kiosk.policies.version == 1
    assert "roots" in kiosk.policies.trouble


def test_before_a_join_the_office_can_give_none(kiosk: Kiosk) -> None:
    assert not kiosk.policies.newer(word(OURS.signed_policy()))
    assert kiosk.policies.policy is None


def test_a_technician_who_joins_anew_brings_other_roots(kiosk: Kiosk) -> None:
    kiosk.join(OURS, 9)
    assert kiosk.join(OTHERS, 1, join="2" * 64)
    policy = kiosk.policies.policy
    assert policy is not None
    assert policy.roots == OTHERS.policy().roots
    assert not kiosk.policies.newer(word(OURS.signed_policy(OURS.policy(10))))


def test_row_51_a_join_brings_back_no_older_policy_of_the_same_roots(kiosk: Kiosk) -> None:
    kiosk.join(OURS, 5)
    assert not kiosk.join(OURS, 4, join="2" * 64)
    assert kiosk.policies.version == 5
    assert kiosk.join(OURS, 6, join="3" * 64)


def test_row_51_a_renewal_brings_no_other_roots(kiosk: Kiosk) -> None:
    kiosk.join(OURS)
    assert not kiosk.renew("aaaa", OTHERS, 7)
    assert kiosk.policies.version == 1
    assert kiosk.renew("bbbb", OURS, 2)
    kiosk.begin()
    assert kiosk.policies.version == 2


def test_what_the_disk_refuses_is_not_in_force_and_is_taken_later(kiosk: Kiosk) -> None:
    kiosk.disk.mood = "refuses"
    assert not kiosk.join(OURS)
    assert kiosk.policies.policy is None
    assert "the disk refuses" in kiosk.policies.trouble
    kiosk.disk.mood = "well"
    assert kiosk.policies.look()
    assert kiosk.policies.trouble == ""


@pytest.mark.parametrize("body", [b"", b"{}", b"[" * 100_000, b'{"policy":"{}","signatures":[]}'])
def test_a_file_that_is_none_is_a_trouble_and_no_policy(kiosk: Kiosk, body: bytes) -> None:
    kiosk.join(OURS)
    lay_policy(kiosk.folder, OTHERS, join="2" * 64)
    (kiosk.folder / "identity" / "current" / POLICY).write_bytes(body)
    assert not kiosk.policies.look()
    assert kiosk.policies.version == 1
    assert kiosk.policies.trouble


def test_a_policy_laid_later_beside_the_same_identity_is_found(kiosk: Kiosk) -> None:
    kiosk.join(OURS)
    path = kiosk.folder / "identity" / "current" / POLICY
    text = path.read_bytes()
    path.unlink()
    other = Kiosk.__new__(Kiosk)
    other.folder, other.store = kiosk.folder, Store(kiosk.folder / "other.db")
    other.begin()
    assert other.policies.policy is None
    path.write_bytes(text)
    assert other.policies.look()
    other.store.close()
