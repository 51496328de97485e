"""The loop, stepped by a stop that counts: starts, restored databases, and a database away."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pytest

from controller.identity import csr, invitations, life
from controller.store.engine import writing
from controller.store.failures import StoreBroken
from controller.warden_state import standing
from provisioning.authority.ended import EndedList
from provisioning.authority.issued import Issuer
from provisioning.warden.auditor import Auditor
from provisioning.warden.checkpoints import Marks, key_of
from provisioning.warden.exchange import Exchange
from provisioning.warden.ledger import Ledger
from provisioning.warden.lists import Lists
from provisioning.warden.loop import AWAY_S, Parts, Warden
from provisioning.warden.signing import Signer
from tests.support.authority import DAY, NOW, authorities, request
from tests.support.warden import PERSON, Books, KeeperFolder, pem_of


class Turns:
    """A stop after so many turns; `between` happens in the pauses."""

    def __init__(self, turns: int, between: Callable[[], None] = lambda: None) -> None:
        self.pauses: list[float] = []
        self._left, self._between = turns, between

    def wait(self, timeout: float) -> bool:
        if self.pauses:
            self._between()
        self.pauses.append(timeout)
        self._left -= 1
        return self._left < 0


class House:
    def __init__(self, url: str, folder: Path) -> None:
        self.folder = folder
        self.books = Books(url)
        self.file = Path(url.removeprefix("sqlite:///"))
        self.pair = authorities(folder)
        self.keeper = KeeperFolder(folder / "exchange")
        self.said: list[str] = []
        self.now = NOW
        self.warden = self.start()

    def start(self) -> Warden:
        issuer = Issuer(self.folder, self.pair, (), {})
        issuer.refresh(self.now)
        engine, say = self.books.engine, self.said.append
        ended = EndedList(
            self.folder / "crl.pem", self.pair.device, frozenset({issuer.revoked_probe()})
        )
        ledger = Ledger(self.folder / "signed.jsonl")
        marks = Marks(self.folder / "marks.jsonl", key_of(self.folder, None))
        self.warden = Warden(
            Parts(
                engine=engine,
                issuer=issuer,
                signer=Signer(engine, self.pair.device, ledger, lambda: self.now),
                lists=Lists(
                    ended, Exchange(self.folder / "exchange"), partial(writing, engine), say
                ),
                auditor=Auditor(marks, say),
                ledger=ledger,
                wall=lambda: self.now,
                say=say,
            )
        )
        return self.warden

    def run(self, turns: int) -> list[float]:
        stop = Turns(turns, lambda: self.keeper.answer(at=self.now))
        self.warden.run(stop)
        return stop.pauses

    def state(self) -> str:
        with self.books.engine.connect() as conn:
            return standing(conn, self.now).condition

    def enrolled(self, name: str) -> int:
        which = self.books.enrol(name, now=self.now)
        self.run(3)
        self.books.use(which, self.now)
        return which


@pytest.fixture
def house(sqlite_url: str, tmp_path: Path) -> House:
    found = House(sqlite_url, tmp_path / "authority")
    found.books.register("k-001", "k-002")
    return found


def test_after_a_start_all_is_fine(house: House) -> None:
    house.run(3)
    assert house.state() == "fine"


def test_it_hurries_while_there_is_work_and_rests_when_there_is_none(house: House) -> None:
    pauses = house.run(3)
    assert pauses[1] < pauses[3]
    house.books.enrol("k-001")
    assert house.run(2)[1] == min(pauses[1:])


def test_the_log_is_signed_for_at_the_end(house: House) -> None:
    house.run(3)
    house.books.note("act")
    house.run(0)
    with house.books.engine.connect() as conn:
        spoken = standing(conn, house.now).spoken
    assert spoken is not None
    assert spoken.checkpoint_n == 1


@pytest.mark.parametrize("when", ["beneath us", "while we were away"])
def test_a_restored_database_does_not_bring_a_revoked_kiosk_back(
    house: House, tmp_path: Path, when: str
) -> None:
    mine = house.enrolled("k-001")
    house.run(3)
    house.books.engine.dispose()
    shutil.copy(house.file, tmp_path / "backup.db")
    house.now += 1000
    house.books.end("k-001", now=house.now)
    house.run(3)
    assert house.books.identity("k-001").shut_at is not None
    number = house.keeper.wanted()["crl_number"]
    house.books.engine.dispose()
    for leftover in house.file.parent.glob(f"{house.file.name}-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "backup.db", house.file)
    assert house.books.certificate(mine).state == "current"
    house.now += 6000
    if when == "while we were away":
        house.start()
    house.run(4)
    row = house.books.certificate(mine)
    assert (row.state, house.books.identity("k-001").state) == ("revoked", "revoked")
    assert house.books.identity("k-001").shut_at is not None
    assert house.keeper.wanted()["denied"] == ["k-001"]
    assert int(row.serial, 16) in house.keeper.serials()
    assert house.keeper.wanted()["crl_number"] > number
    assert any("the database had forgotten" in one for one in house.said)
    assert any("NOT WHAT WAS SIGNED FOR" in one for one in house.said)


def test_a_wish_that_waited_in_the_backup_does_not_bring_a_revoked_kiosk_back(
    house: House, tmp_path: Path
) -> None:
    mine = house.enrolled("k-001")
    with writing(house.books.engine) as conn:
        life.renew(conn, mine, csr.read(pem_of(request())), "192.0.2.9", house.now)
    house.books.engine.dispose()
    shutil.copy(house.file, tmp_path / "backup.db")
    house.run(3)
    house.now += 1000
    house.books.end("k-001", now=house.now)
    house.run(3)
    house.books.engine.dispose()
    for leftover in house.file.parent.glob(f"{house.file.name}-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "backup.db", house.file)
    house.now += 6000
    house.start()
    house.run(4)
    assert house.books.identity("k-001").state == "revoked"
    assert house.books.states() == {"revoked": 1, "refused": 1}


def test_a_restored_database_knows_again_who_renewed_since(house: House, tmp_path: Path) -> None:
    old = house.enrolled("k-001")
    house.books.engine.dispose()
    shutil.copy(house.file, tmp_path / "backup.db")
    house.now += 1000
    new = house.enrolled("k-001")
    house.now += 60_000
    house.run(3)
    serial = house.books.certificate(new).serial
    assert int(house.books.certificate(old).serial, 16) in house.keeper.serials()
    house.books.engine.dispose()
    for leftover in house.file.parent.glob(f"{house.file.name}-*"):
        leftover.unlink()
    shutil.copy(tmp_path / "backup.db", house.file)
    house.run(3)
    again = house.books.certificate(new)
    assert (again.serial, again.state) == (serial, "issued")
    assert house.books.certificate(old).state == "superseded"
    assert house.books.identity("k-001").state == "active"
    house.books.use(new, house.now)
    assert house.books.certificate(new).state == "current"


def test_a_database_that_is_away_is_waited_for_and_the_list_kept_young(house: House) -> None:
    house.run(3)
    number = house.keeper.wanted()["crl_number"]
    house.books.engine.dispose()
    away = house.file.with_suffix(".away")
    house.file.rename(away)
    house.file.mkdir()
    house.now += DAY
    pauses = house.run(2)
    assert pauses[1] == AWAY_S
    assert house.keeper.wanted()["crl_number"] > number
    assert len([one for one in house.said if "the database is away" in one]) == 1
    house.file.rmdir()
    away.rename(house.file)
    house.run(4)
    assert house.said[-1] != house.said[-2]
    assert house.state() == "fine"


def test_a_broken_database_ends_it(house: House) -> None:
    house.run(3)
    house.books.engine.dispose()
    for leftover in house.file.parent.glob(f"{house.file.name}-*"):
        leftover.unlink()
    house.file.write_bytes(b"garbage" * 1000)
    with pytest.raises(StoreBroken):
        house.run(1)


def test_office_papers_are_renewed_in_passing(house: House) -> None:
    house.run(3)
    house.now += 100 * DAY
    house.run(3)
    assert any("issued anew: broker" in one for one in house.said)
    assert house.state() == "fine"


def test_a_disk_that_fails_is_waited_for(house: House) -> None:
    house.run(3)
    wanted = house.folder / "exchange" / "wanted"
    away = wanted.with_name("away")
    wanted.rename(away)
    house.books.enrol("k-001")
    house.books.end("k-001")
    house.now += DAY
    house.run(2)
    assert any("see to the disk" in one for one in house.said)
    away.rename(wanted)
    house.run(4)
    assert house.state() == "fine"


def restore(house: House, backup: Path) -> None:
    house.books.engine.dispose()
    for leftover in house.file.parent.glob(f"{house.file.name}-*"):
        leftover.unlink()
    shutil.copy(backup, house.file)


@pytest.mark.parametrize("when", ["beneath us", "while we were away"])
def test_a_code_that_was_used_since_the_backup_is_not_open_again(
    house: House, tmp_path: Path, when: str
) -> None:
    house.books.invite("k-001")
    house.books.invite("k-002", house.now - 2 * DAY)  # too old to be of use
    house.run(3)
    house.books.engine.dispose()
    shutil.copy(house.file, tmp_path / "backup.db")
    house.now += 1000
    with writing(house.books.engine) as conn:
        invitations.withdraw(conn, house.books.id_of("k-001"), PERSON, house.now)
    house.now += 6000
    house.run(3)
    restore(house, tmp_path / "backup.db")
    assert house.books.open_invitations() == 1
    house.now += 1000
    if when == "while we were away":
        house.start()
    house.run(3)
    assert house.books.open_invitations() == 0
    assert house.books.log("identity.withdraw") == 1
    assert any("older database" in one for one in house.said)
    house.now += 1000
    house.books.invite("k-001", house.now)
    house.start()
    house.run(3)
    assert house.books.open_invitations() == 1


def test_at_an_ordinary_start_open_codes_stay_open(house: House) -> None:
    house.books.invite("k-001")
    house.run(3)
    house.now += 6000
    house.start()
    house.run(3)
    assert house.books.open_invitations() == 1


def test_what_a_restored_database_knows_again_the_door_can_verify(
    house: House, tmp_path: Path
) -> None:
    house.run(3)
    house.books.engine.dispose()
    shutil.copy(house.file, tmp_path / "backup.db")
    house.now += 1000
    new = house.enrolled("k-001")
    house.run(3)
    pem = house.books.certificate(new).pem
    restore(house, tmp_path / "backup.db")
    house.run(3)
    again = house.books.certificate(1)
    assert (again.state, again.pem) == ("issued", pem)
