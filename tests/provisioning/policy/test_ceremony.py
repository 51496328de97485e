"""The first policy, the next ones, and what becomes of a key that was stolen."""

from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from controller import policies
from controller.jobs.refused import Refused
from controller.people import accounts
from controller.people.accounts import New
from controller.people.audit import By
from controller.people.powers import Grant
from controller.store.engine import writing
from controller.store.people_tables import audit
from provisioning.authority.keys import KeyRefused
from provisioning.behalf import NobodyThere
from provisioning.policy import ceremony, keys, proposal
from provisioning.policy.ceremony import First
from provisioning.policy.draft import Changes, DraftRefused
from wire.envelope import raw
from wire.policy import Policy, Refusal, next_policy, office_key

BY = By("root (command line)", "console of office")


@pytest.fixture
def how(tmp_path: Path) -> First:
    roots, key = tmp_path / "roots", tmp_path / "office" / "command.key"
    return First("kota-bandung", roots, key, root_count=2, threshold=2)


def add_person(engine: Engine, login: str) -> None:
    with writing(engine) as conn:
        new = New(login, login.title(), (Grant("supervisor", ""),))
        accounts.create(conn, new, BY, 5)


def add_key(engine: Engine, login: str, path: Path) -> str:
    public = keys.public(keys.make(path))
    with writing(engine) as conn:
        return ceremony.add_key(conn, login, public, "telephone", 6)


def in_force(engine: Engine) -> policies.InForce:
    with engine.connect() as conn:
        found = policies.newest(conn)
    assert found is not None
    return found


def test_the_first_ceremony_makes_everything_and_the_second_changes_nothing(
    office_engine: Engine, how: First
) -> None:
    made, new = ceremony.init(office_engine, how, BY, 5)
    assert new
    office = keys.public(keys.read(how.command_key))
    assert office_key(made, keys.id_of(office)) == raw(office)
    assert set(made.roots) == {keys.public(one) for one in keys.roots(how.roots, None)}
    again, new = ceremony.init(office_engine, how, BY, 9)
    assert (again, new) == (made, False)
    assert in_force(office_engine).policy == made


def test_a_ceremony_that_was_cut_goes_on_with_the_keys_it_made(
    office_engine: Engine, how: First
) -> None:
    first = keys.make_roots(how.roots, 2, None)
    office = keys.read_or_make(how.command_key)
    made, _ = ceremony.init(office_engine, how, BY, 5)
    assert set(made.roots) == set(map(keys.public, first))
    assert made.keys[0].public == keys.public(office)


def test_another_fleet_or_a_lost_key_is_said_not_mended(office_engine: Engine, how: First) -> None:
    ceremony.init(office_engine, how, BY, 5)
    with pytest.raises(DraftRefused, match="kota-bandung, not kota-lain"):
        ceremony.init(office_engine, how._replace(fleet="kota-lain"), BY, 5)
    how.command_key.unlink()
    with pytest.raises(KeyRefused, match=r"is not there.*rotate-command-key"):
        ceremony.init(office_engine, how, BY, 5)
    keys.make(how.command_key)
    with pytest.raises(KeyRefused, match="is not the office's"):
        ceremony.init(office_engine, how, BY, 5)


def test_a_person_s_key_waits_until_the_roots_have_signed_it(
    office_engine: Engine, how: First, tmp_path: Path
) -> None:
    ceremony.init(office_engine, how, BY, 5)
    add_person(office_engine, "siti")
    name = add_key(office_engine, "siti", tmp_path / "siti.pem")
    with office_engine.connect() as conn:
        assert [(one.key_id, one.login) for one in ceremony.pending(conn)] == [(name, "siti")]
        assert "siti" in list(conn.scalars(select(audit.c.who).where(audit.c.what == "key.add")))
    roots = keys.roots(how.roots, None)
    policy = ceremony.admit(office_engine, ["siti"], roots, BY, 7)
    assert policy.version == 2
    assert "siti" in {key.who for key in policy.keys}
    with office_engine.connect() as conn:
        assert ceremony.pending(conn) == []


def test_a_key_belongs_to_one_person_who_exists(office_engine: Engine, tmp_path: Path) -> None:
    add_person(office_engine, "siti")
    add_person(office_engine, "budi")
    public = keys.public(keys.make(tmp_path / "siti.pem"))
    with writing(office_engine) as conn:
        name = ceremony.add_key(conn, "siti", public, "a", 6)
        assert ceremony.add_key(conn, "siti", public, "a", 7) == name
        with pytest.raises(Refused):
            ceremony.add_key(conn, "budi", public, "b", 8)
        with pytest.raises(NobodyThere, match="does not exist"):
            ceremony.add_key(conn, "nobody", public, "c", 8)
        with pytest.raises(Refused):
            ceremony.add_key(conn, "siti", "x" * 44, "c", 8)


def test_row_51_too_few_roots_put_nothing_in_force(office_engine: Engine, how: First) -> None:
    made, _ = ceremony.init(office_engine, how, BY, 5)
    with office_engine.connect() as conn:
        one = ceremony.propose(conn, Changes(fleet_wide=99), 0, 9)
    one = proposal.add(one, keys.roots(how.roots, None)[0])
    with pytest.raises(Refusal, match="roots"), writing(office_engine) as conn:
        ceremony.store(conn, one, BY, 9)
    assert in_force(office_engine).policy == made


def test_without_a_first_policy_there_is_no_next(office_engine: Engine) -> None:
    with office_engine.connect() as conn, pytest.raises(DraftRefused, match="policy init"):
        ceremony.propose(conn, Changes(), 0, 9)


def refused_by(policy: Policy, path: Path) -> str:
    """As a kiosk with this policy answers what the key in this file signs."""
    try:
        office_key(policy, keys.id_of(keys.public(keys.read(path))))
    except Refusal as refusal:
        return refusal.code
    return ""


def test_drill_a_stolen_office_key_commands_nobody_once_the_roots_have_signed(
    office_engine: Engine, how: First, tmp_path: Path
) -> None:
    kiosk, _ = ceremony.init(office_engine, how, BY, 5)
    stolen, fresh = how.command_key, tmp_path / "office" / "command-2.key"
    assert refused_by(kiosk, stolen) == ""
    turned = Changes(command_key=keys.public(keys.make(fresh)))
    with office_engine.connect() as conn:
        one = ceremony.propose(conn, turned, 0, 9)
    for root in keys.roots(how.roots, None):
        one = proposal.add(one, root)
    with writing(office_engine) as conn:
        ceremony.store(conn, one, BY, 9)
    with office_engine.connect() as conn:
        said = policies.after(conn, kiosk.version)
    assert said is not None
    kiosk = next_policy(kiosk, said, keys.verify)
    assert refused_by(kiosk, stolen) == "unknown_key"
    assert refused_by(kiosk, fresh) == ""
    assert ceremony.init(office_engine, how._replace(command_key=fresh), BY, 9)[0] == kiosk


def test_drill_stolen_roots_are_left_behind_and_do_not_come_back(
    office_engine: Engine, how: First, tmp_path: Path
) -> None:
    kiosk, _ = ceremony.init(office_engine, how, BY, 5)
    old = keys.roots(how.roots, None)
    new = keys.make_roots(tmp_path / "new-roots", 3, None)
    turned = Changes(roots=tuple(map(keys.public, new)), threshold=2)
    with office_engine.connect() as conn:
        one = ceremony.propose(conn, turned, 0, 9)
    for root in (*old, *new[:2]):
        one = proposal.add(one, root)
    with writing(office_engine) as conn:
        ceremony.store(conn, one, BY, 9)
    kiosk = next_policy(kiosk, one.signed, keys.verify)
    with office_engine.connect() as conn:
        theirs = ceremony.propose(conn, Changes(fleet_wide=1_000_000), 0, 11)
    bare = proposal.Proposal(policy=theirs.policy)
    signed = tuple(keys.sign_policy(root, bare.policy) for root in old)
    forged = proposal.Proposal(policy=bare.policy, signatures=signed).signed
    with pytest.raises(Refusal, match="roots"):
        next_policy(kiosk, forged, keys.verify)


def test_after_a_restore_the_number_goes_above_what_kiosks_have_seen(
    office_engine: Engine, how: First
) -> None:
    ceremony.init(office_engine, how, BY, 5)
    with office_engine.connect() as conn:
        assert ceremony.propose(conn, Changes(), 7, 9).read.version == 7
