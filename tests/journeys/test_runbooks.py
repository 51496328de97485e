"""The runbooks of docs/operations.md, typed as they stand there: each must still help.

Warden, keeper with Mosquitto, door and the rest are real processes, started by the lines of the
units; kiosks join by their own command. Only systemd is played.
"""

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import insert

from controller import policies
from controller.people import accounts, audit
from controller.people.audit import By
from controller.people.powers import Grant
from controller.store.citizen_tables import record
from controller.store.engine import open_engine, writing
from provisioning import registrar_keys
from provisioning.authority.ended import FILE, LIFE_MS, EndedList
from provisioning.authority.pair import load
from provisioning.warden.exchange import Exchange
from tests.support.child import listens
from tests.support.runbooks import FIRST, NAME, OTHER, PASSPHRASE, Machine, blocks
from tests.support.showcase_inbox import catalogue
from tests.support.signing import Ceremony
from tests.support.wait import until

STOLEN = "A stolen kiosk"
RESTORED = "A restored backup of the database"

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    found = Machine(tmp_path / "machine")
    try:
        yield found
    finally:
        found.stop()


@pytest.fixture
def office(machine: Machine) -> Machine:
    machine.serve()
    return machine


def born(office: Machine, name: str, *more: str, where: str = "") -> Path:
    """A kiosk by the line of the page, at `where` on the disk; its state folder."""
    said = office.type(STOLEN, 3, lambda text: text.replace(NAME, name))
    return office.join(said, where or name, *more)


def sealed(office: Machine) -> None:
    """The warden signs for the log every five minutes, and when it ends."""
    office.stop("warden")
    assert office.at("/var/lib/anjungan/checkpoints/marks").exists()
    office.start("warden")


def revoked(office: Machine) -> str:
    said = office.type(STOLEN, 1)
    assert "the broker is proven to refuse it since" in said
    return said


def test_a_stolen_kiosk_is_found_revoked_proven_and_replaced(office: Machine) -> None:
    stolen, other = born(office, NAME), born(office, OTHER)
    assert office.lets_in(stolen)
    known = office.type(STOLEN, 0)
    assert f"{NAME} at 32.73.02" in known
    assert "certificate.first_use" in known
    assert f"{NAME}  never said what it keeps" in known
    revoked(office)
    assert not office.lets_in(stolen)
    sealed(office)
    proof = office.type(STOLEN, 2)
    assert "proven to refuse it since: 2" in proof
    assert "identity.revoke" in proof
    assert "marks hold" in proof
    fresh = born(office, NAME, where="new hardware")
    until(lambda: office.lets_in(fresh), 60)
    assert not office.lets_in(stolen)
    assert office.lets_in(other)


def test_a_lost_key_is_restored_from_the_backup_and_no_kiosk_notices(office: Machine) -> None:
    before = born(office, NAME)
    sealed(office)
    office.type("Back-up")
    since = born(office, OTHER)
    office.stop("warden")
    shutil.rmtree(office.at("/var/lib/anjungan/authority/device"))
    office.start("warden")
    until(lambda: "administrator must restore a backup" in office.log("warden"), 60)
    office.type("Restore the authority", 0)
    until(lambda: office.log("warden").count("its pin is") == 3, 60)
    shown = office.type("Restore the authority", 1)
    assert "WARNING" not in shown
    assert office.lets_in(before)
    assert office.lets_in(since)
    revoked(office)
    assert not office.lets_in(before)
    assert born(office, NAME, where="new hardware").exists()


def test_without_a_backup_a_new_authority_takes_every_kiosk_in_again(office: Machine) -> None:
    old = born(office, NAME)
    sealed(office)
    office.type("A new authority", 0)
    until(lambda: office.log("broker").count("it runs, pid") == 2, 60)
    assert not office.lets_in(old)
    office.at("/media/safe/kiosks.csv").write_text(f"kiosk,site\n{NAME},32.73.02\n")
    office.type("A new authority", 1)
    line = office.at(f"/media/safe/codes/{NAME}.token").read_text()
    state = office.join(line, NAME, "--force")
    until(lambda: office.lets_in(state), 60)
    until(lambda: verified(office), 60)


def test_an_expired_list_shuts_everybody_out_until_the_warden_is_started(office: Machine) -> None:
    kiosk = born(office, NAME)
    office.stop("warden")
    ends = let_the_list_end(office, in_ms=20_000)
    assert office.lets_in(kiosk)
    until(lambda: time.time_ns() // 1_000_000 > ends, 60)
    assert not office.lets_in(kiosk)
    said = office.type("An expired revocation list", 0)
    assert re.search(r"WARNING: the list ends \d+ days ago and then no kiosk gets in", said)
    office.type("An expired revocation list", 1)
    until(lambda: office.lets_in(kiosk), 60)


def without_registrar(text: str) -> str:
    """Its sockets lie below /run, which a machine in a folder does not have."""
    return re.sub(r"systemctl start anjungan-registrar ?(.*)", r"systemctl start \1", text)


def only_of_the_registrar(text: str) -> str:
    """Of the lines of a backup."""
    asked = next(line for line in text.splitlines() if line.startswith("read "))
    return f"{asked}\n{text[text.index('tar -C /var/lib/anjungan -c registrar') :]}"


def verified(office: Machine) -> bool:
    """By the command of the page, which is there more than once."""
    return office.run(blocks(RESTORED)[2])[0] == 0


def let_the_list_end(office: Machine, in_ms: int) -> int:
    """As if the warden had been away for a week, less `in_ms`; when the list ends."""
    folder = office.at("/var/lib/anjungan/authority")
    ended = EndedList(folder / FILE, load(folder, PASSPHRASE.strip().encode()).device)
    now = time.time_ns() // 1_000_000
    ended.sign(now - LIFE_MS + in_ms)
    exchange = Exchange(office.at("/var/lib/anjungan/exchange"))
    stamp = exchange.want(ended.pem, ended.number, [], [], revoked=len(ended), now=now)

    def in_force() -> bool:
        answer = exchange.answer()
        return answer is not None and answer.stamp == stamp

    until(in_force, 60)
    assert "past half of its life" in office.log("broker")
    return ended.next_update


def test_a_restored_database_is_told_what_it_forgot_before_anybody_gets_in(
    office: Machine,
) -> None:
    stolen = born(office, NAME)
    sealed(office)
    office.type("Back-up")
    revoked(office)
    since = born(office, OTHER)
    code = office.type(STOLEN, 3)
    sealed(office)
    office.type(RESTORED, 0)
    until(lambda: "THE AUDIT LOG IS NOT WHAT WAS SIGNED FOR" in office.log("warden"), 60)
    said = office.type(RESTORED, 1)
    assert f"{NAME}: the list says it ended, the database had forgotten" in said
    assert f"{OTHER}: a certificate the database had forgotten is known again" in said
    assert "is gone" in office.type(RESTORED, 2, code=1)
    office.type(RESTORED, 3)
    until(lambda: verified(office), 60)
    assert '"identity.revoke"' in office.at("/media/safe/audit-before-restore.jsonl").read_text()
    said = office.type(RESTORED, 4)
    assert f"{NAME}\t32.73.02\trevoked" in said
    assert f"{OTHER}\t32.73.01\tactive" in said
    office.type(RESTORED, 5, without_registrar)
    until(lambda: listens(office.settings.console_port) and listens(office.door_port), 60)
    assert not office.lets_in(stolen)
    assert office.lets_in(since)
    with pytest.raises(AssertionError, match="nobody issued this code"):
        office.join(code, "thief")


def test_a_copied_identity_in_quarantine_is_given_to_the_machine_that_is_ours(
    office: Machine,
) -> None:
    ours = born(office, NAME)
    copied = ours.parent.parent / "copied" / "state"
    shutil.copytree(ours, copied, symlinks=True)
    why = "boot 1f0c9a11 came back after boot 77aa0012"
    done = office.run(f"anjungan identity quarantine {NAME} --why '{why}'")
    assert done[0] == 0, done
    said = office.type("A cloned kiosk in quarantine", 0)
    assert f"{NAME}\t32.73.02\tquarantined" in said
    assert why in said
    assert not office.lets_in(ours)
    again = office.join(office.type("A cloned kiosk in quarantine", 1), NAME, "--force")
    until(lambda: office.lets_in(again), 60)
    assert not office.lets_in(copied)


def test_a_key_comes_into_force_by_two_roots_and_a_stolen_one_goes_out(machine: Machine) -> None:
    heading = "Keys for commands"
    machine.run("mkdir -p /media/safe && anjungan people add kepala --grant admin")
    assert "policy 1 of fleet kota-bandung" in machine.type(heading, 0)
    mine = "/media/safe/kepala.pem"
    public = machine.run(f"anjungan operator-key make --out {mine} | tail -1")[1].strip()
    assert machine.run(f"anjungan policy add-key --login kepala --public {public}")[0] == 0
    assert "+ kepala may agree" in machine.type(heading, 1)
    assert "enough have signed" in machine.type(heading, 2)
    assert "policy 2 is in force" in machine.type(heading, 3)
    assert "command-2.key" in machine.type(heading, 4)
    machine.type(heading, 2)
    assert "policy 3 is in force" in machine.type(heading, 3)
    said = machine.run("anjungan policy show")[1]
    assert "kepala may agree" in said


def test_a_wipe_is_asked_for_seen_and_called_off(machine: Machine) -> None:
    by, engine = By("test"), open_engine(machine.url)
    with writing(engine) as conn:
        for login in ("kepala", "pagi"):
            accounts.create(conn, accounts.New(login, login, (Grant("admin", ""),)), by, 1)
        policies.store(conn, Ceremony("kepala", "pagi").signed_policy(), by, 1)
    engine.dispose()
    said = machine.type("Wipe a kiosk that leaves")
    assert "2 different people must agree" in said
    assert "kepala  job 1 wipe for 1 kiosks: waiting" in said
    assert "command.ask" in machine.type("A command does not arrive")
    said = machine.type("A job has stopped by itself")
    assert f"{NAME}  queued" in said
    assert "job 1 is cancelled" in said


def test_lost_keys_of_the_registrar_come_back_from_the_backup(machine: Machine) -> None:
    folder = machine.at("/var/lib/anjungan/registrar")
    assert registrar_keys.main(["make", "--keys", str(folder)]) == 0
    public = (folder / "keys.json").read_bytes()
    machine.type("Back-up", 0, only_of_the_registrar)
    assert registrar_keys.main(["make", "--keys", str(folder.with_name("another"))]) == 0
    shutil.rmtree(folder)
    folder.with_name("another").rename(folder)  # what a new machine has made by itself
    said = machine.type("The registrar's keys are lost", 0, without_registrar)
    assert (folder / "keys.json").read_bytes() == public
    assert "0 things sealed to it" in said


def test_a_refused_record_is_found_and_judged_again_and_its_end_can_be_shown(
    machine: Machine,
) -> None:
    heading, number, engine = (
        "A record was refused",
        "261122-0042-K7Q3M-R",
        open_engine(machine.url),
    )
    row = {"kiosk_id": 1, "sha256": "0" * 64, "body": b"?", "size": 1, "arrived_at": 1}
    row |= {"state": "refused", "state_at": 1, "why": "seal"}
    with writing(engine) as conn:
        conn.execute(insert(record).values(**row))
        audit.append(conn, audit.Entry("registrar", "submission.destroy", number, "32.73.02"), 1)
    engine.dispose()
    assert "1 records lie aside" in machine.type(heading, 0)
    assert "1: waits to be judged again" in machine.type(heading, 1)
    assert "0 records lie aside" in machine.type(heading, 0)
    said = machine.type("A citizen asks what became of their data")
    assert said.count("submission.destroy") == 2


def test_a_system_behind_the_office_is_allowed_by_the_machine_and_switched_on_by_a_person(
    machine: Machine,
) -> None:
    registrar_keys.begin(machine.at("/var/lib/anjungan/registrar"), time.time_ns() // 1_000_000)
    engine = open_engine(machine.url)
    with writing(engine) as conn:
        catalogue(conn, 1)
    engine.dispose()
    assert machine.run("anjungan people add kepala --grant admin")[0] == 0
    said = machine.type("A system behind the office")
    assert "0 sent, 0 waiting, 0 put aside" in said


def test_an_administrator_who_forgot_gets_a_link_and_another_can_be_made(machine: Machine) -> None:
    locked = "The administrator is locked out"
    made = machine.run("anjungan people add kepala --grant admin && anjungan people disable kepala")
    assert made[0] == 2, "the last administrator cannot be taken away"
    said = machine.type(locked, 0)
    assert re.search(r"https://office.example:8444/welcome#\S{43}\n", said)
    assert "kepala may log in again" in said
    assert "pengganti sets a password here" in machine.type(locked, 1)


def test_every_runbook_of_the_page_begins_with_what_it_needs() -> None:
    assert "office.env" in blocks(FIRST)[0]
