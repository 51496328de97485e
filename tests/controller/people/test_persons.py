"""The person behind a proof, with every grant, as long as the account is open."""

from sqlalchemy import select

from controller.people.persons import behind, digest, new_secret, person
from controller.people.powers import Grant, Person
from controller.store.engine import open_engine
from controller.store.people_tables import login_session
from tests.support.people import NOW, add_person, log_in


def test_a_person_comes_with_every_grant(database: str) -> None:
    engine = open_engine(database)
    number = add_person(engine, "pagi", ("technician", "32.73"), ("operator", ""))
    log_in(engine, number)
    with engine.connect() as conn:
        rows = conn.execute(behind(login_session, login_session.c.csrf)).all()
    held = (Grant("operator", ""), Grant("technician", "32.73"))
    assert person(rows) == Person(number, "pagi", "Pagi", held)


def test_a_person_without_grants_is_somebody_who_may_nothing(database: str) -> None:
    engine = open_engine(database)
    log_in(engine, add_person(engine, "baru"))
    with engine.connect() as conn:
        found = person(conn.execute(behind(login_session)).all())
    assert (found.grants, found.may("kiosk.see")) == ((), False)


def test_nobody_stands_behind_a_disabled_account(database: str) -> None:
    engine = open_engine(database)
    log_in(engine, add_person(engine, "lama", ("admin", ""), disabled_at=NOW))
    with engine.connect() as conn:
        assert conn.execute(behind(login_session)).all() == []


def test_the_secret_itself_is_not_stored(sqlite_url: str) -> None:
    engine = open_engine(sqlite_url)
    started = log_in(engine, add_person(engine, "pagi"))
    with engine.connect() as conn:
        row = conn.execute(select(login_session)).one()
    assert started.token not in [str(value) for value in row]
    assert row.token_sha256 == digest(started.token)


def test_secrets_are_256_bits_and_never_the_same() -> None:
    made = {new_secret() for _ in range(100)}
    assert len(made) == 100
    assert {len(one) for one in made} == {43}
