"""The office keeps only policies a kiosk would take, and leads each kiosk from its own to ours."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import Engine, select

from controller import policies
from controller.people.audit import By, verify
from controller.store.command_tables import policy as table
from controller.store.engine import open_engine, writing
from controller.store.people_tables import audit
from controller.store.tables import change
from tests.support.signing import Ceremony
from wire.policy import Policy, Refusal, SignedPolicy

BY = By("root (command line)", "console of office")


def stored(engine: Engine, signed: SignedPolicy, now: int = 5) -> Policy:
    with writing(engine) as conn:
        return policies.store(conn, signed, BY, now)


def test_without_a_ceremony_there_is_no_policy(office_engine: Engine) -> None:
    with office_engine.connect() as conn:
        assert policies.newest(conn) is None
        assert policies.after(conn, 0) is None


def test_the_newest_is_in_force_and_a_kiosk_is_led_there_step_by_step(
    office_engine: Engine,
) -> None:
    keys = Ceremony("pagi")
    signed = [keys.signed_policy(keys.policy(version)) for version in (1, 2, 5)]
    for one in signed:
        stored(office_engine, one)
    with office_engine.connect() as conn:
        newest = policies.newest(conn)
        assert newest is not None
        assert (newest.policy.version, newest.signed) == (5, signed[2])
        assert [policies.after(conn, version) for version in (0, 1, 2, 5, 9)] == [
            *signed,
            None,
            None,
        ]


def test_storing_is_written_down_and_told_to_whoever_watches(office_engine: Engine) -> None:
    stored(office_engine, Ceremony().signed_policy(), now=77)
    with office_engine.connect() as conn:
        row = conn.execute(select(audit)).mappings().one()
        assert (row["who"], row["what"], row["address"]) == (BY.who, "policy.store", BY.address)
        assert row["detail"]["version"] == 1
        assert verify(conn).ok
        told = conn.execute(select(change.c.topic, change.c.detail, change.c.at)).all()
        assert [tuple(one) for one in told] == [("office", "policy", 77)]


def test_storing_the_same_again_changes_nothing(office_engine: Engine) -> None:
    signed = Ceremony().signed_policy()
    stored(office_engine, signed)
    assert stored(office_engine, signed).version == 1
    with office_engine.connect() as conn:
        assert len(conn.execute(select(audit)).all()) == 1


def test_row_51_a_policy_of_other_roots_is_not_kept(office_engine: Engine) -> None:
    ours, theirs = Ceremony(), Ceremony()
    stored(office_engine, ours.signed_policy())
    lowered = ours.policy(2, threshold=1)
    with pytest.raises(Refusal, match="roots"):
        stored(office_engine, ours.signed_policy(lowered, roots=theirs.roots))
    with pytest.raises(Refusal, match="roots"):
        stored(office_engine, theirs.signed_policy(theirs.policy(2)))
    with pytest.raises(Refusal, match="old_policy"):
        stored(office_engine, ours.signed_policy(ours.policy(1, fleet_wide=999_999)))


def test_of_two_who_store_at_once_one_wins(database: str) -> None:
    keys = Ceremony()
    stored(open_engine(database), keys.signed_policy())
    wishes = [keys.signed_policy(keys.policy(2, fleet_wide=wide)) for wide in (10, 20)]
    together = Barrier(2)

    def attempt(signed: SignedPolicy) -> str:
        engine = open_engine(database)
        together.wait(30)
        try:
            stored(engine, signed)
        except Refusal as refusal:
            return refusal.code
        finally:
            engine.dispose()
        return "stored"

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(attempt, wishes)) == ["old_policy", "stored"]
    with open_engine(database).connect() as conn:
        assert len(conn.execute(select(table)).all()) == 2


def test_a_signature_that_is_none_is_just_not_valid() -> None:
    assert not policies.verify(b"short", b"x" * 64, b"text")
    assert not policies.verify(bytes(32), b"x" * 64, b"text")
