"""The timeline takes every fact once."""

from controller import flips
from controller.effects import Effects
from controller.store.engine import writing
from tests.support.office import Office, facts_of


def rows(office: Office, *facts: int, epoch: str = "a") -> list[dict[str, object]]:
    effects, known = Effects(), office.known("kiosk-1")
    for fact in facts:
        effects.flip(known, "probe:x", old="", new="", why="", at=0, epoch=epoch, fact=fact)
    return effects.flips


def test_a_fact_that_is_there_is_left_alone(database: str) -> None:
    office = Office(database, "kiosk-1")
    for batch in ((1, 2), (2, 3), (1, 3)):
        with writing(office.engine) as conn:
            flips.store(conn, rows(office, *batch))
    assert facts_of(office.engine, "kiosk-1") == [("a", 1), ("a", 2), ("a", 3)]


def test_the_highest_fact_of_each_epoch_is_known(database: str) -> None:
    office = Office(database, "kiosk-1")
    number = office.known("kiosk-1").id
    with writing(office.engine) as conn:
        flips.store(conn, rows(office, 1, 2) + rows(office, 1, epoch="b"))
        wanted = [(number, "a"), (number, "b"), (number, "c"), (99, "a")]
        found = flips.highest_facts(conn, wanted * 300)
    assert found == {(number, "a"): 2, (number, "b"): 1}


def test_flips_of_the_office_have_no_number_and_may_repeat(database: str) -> None:
    office = Office(database, "kiosk-1")
    effects = Effects()
    for _ in range(2):
        effects.flip(office.known("kiosk-1"), "presence", old="a", new="b", why="", at=5)
    with writing(office.engine) as conn:
        flips.store(conn, effects.flips)
    assert len(office.flips("kiosk-1")) == 2
