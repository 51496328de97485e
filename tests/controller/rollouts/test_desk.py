"""The desk of releases over real databases, with kiosks that check what they are told."""

import pytest
from sqlalchemy import text

from controller.commands.orders import Signer
from controller.commands.voice import NO_KEY, NO_POLICY, STRANGE_KEY
from controller.rollouts.desk import SILENT
from controller.rollouts.heard import BELIEVED
from controller.rollouts.tell import LATER_MS, PAUSES_S
from controller.store.engine import writing
from tests.support.office import START
from tests.support.signing import FLEET, Ceremony
from tests.support.town import Town
from tests.support.wisher import Registry


def town_of(url: str, *names: str) -> tuple[Town, Registry]:
    town = Town(url, *names)
    return town, Registry(town.office.engine)


def states(registry: Registry, rollout: int) -> list[str]:
    return [row.state for row in registry.shares(rollout)]


def test_from_the_desired_row_to_the_stored_end(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    town.comes("kiosk-1")
    made = registry.roll("kiosk-1", seq=7)
    assert town.wishes() == 1
    assert town["kiosk-1"].in_use == {"layanan": 7}
    assert states(registry, made) == ["installed"]
    assert registry.desired()[0].due is None
    assert registry.desired()[0].sends == 0
    assert town["kiosk-1"].kept == {}
    assert town.wishes() == 0
    assert town.office.counters.get("anjungan_desired_total") == 1


def test_what_is_said_is_for_this_kiosk_and_this_connection(sqlite_url: str) -> None:
    town, registry = town_of(sqlite_url, "kiosk-1")
    town.comes("kiosk-1")
    registry.wish("kiosk-1", seq=7)
    town.wishes()
    (wants,) = town["kiosk-1"].wished
    assert (wants.fleet, wants.kiosk, wants.nonce) == (FLEET, "kiosk-1", town["kiosk-1"].nonce)
    assert (wants.now, wants.url) == (START, "")
    assert [(one.bundle, one.seq, one.number) for one in wants.wants] == [("layanan", 7, START)]


def test_a_kiosk_that_is_off_is_told_when_it_comes_and_not_looked_at_before(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    registry.wish("kiosk-1", seq=7)
    assert town.wishes() == 0
    assert registry.desired()[0].due == START + LATER_MS
    town.comes("kiosk-1")
    assert town["kiosk-1"].in_use == {"layanan": 7}


def test_a_kiosk_that_comes_with_what_is_desired_is_told_nothing(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    registry.wish("kiosk-1", seq=7)
    town.comes("kiosk-1")
    town.comes("kiosk-1")
    assert len(town["kiosk-1"].wished) == 1


def test_what_is_not_answered_is_said_again_with_growing_pauses(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    town.comes("kiosk-1")
    registry.wish("kiosk-1", seq=7)
    for pause in PAUSES_S[:4]:
        assert town.wishes(lost=True) == 1
        town.passes(pause * 1000 - 1)
        assert town.wishes() == 0
        town.passes(1)
    assert town.wishes() == 1
    assert town["kiosk-1"].in_use == {"layanan": 7}


def test_who_is_at_work_is_asked_in_an_hour(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    town["kiosk-1"].slow = True
    town.comes("kiosk-1")
    made = registry.roll("kiosk-1", seq=7)
    assert town.wishes() == 1
    town.passes(LATER_MS - 1)
    assert town.wishes() == 0
    town.passes(1)
    assert town.wishes() == 1
    town.hears("kiosk-1", town["kiosk-1"].finish_installs())
    assert states(registry, made) == ["installed"]


def test_everything_desired_is_said_together(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    registry.wish("kiosk-1", seq=7)
    Registry(town.office.engine, "portal").wish("kiosk-1", seq=3)
    town.comes("kiosk-1")
    assert len(town["kiosk-1"].wished) == 1
    assert town["kiosk-1"].in_use == {"layanan": 7, "portal": 3}


@pytest.mark.parametrize("end", ["failed", "rolled_back"])
def test_a_bad_release_is_not_tried_again_until_somebody_says_so(database: str, end: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    kiosk = town["kiosk-1"]
    kiosk.in_use, kiosk.will = {"layanan": 6}, {7: end}
    town.comes("kiosk-1")
    made = registry.roll("kiosk-1", seq=7, before=6)
    town.wishes()
    assert states(registry, made) == [end]
    town.passes(LATER_MS * 30)
    assert town.wishes() == 0
    kiosk.will = {}
    with writing(town.office.engine) as conn:
        conn.execute(text("UPDATE share SET state = 'wanted'"))
        conn.execute(text(f"UPDATE desired SET attempt = 2, number = number + 1, due = {START}"))
    town.wishes()
    assert states(registry, made) == ["installed"]


def test_a_kiosk_that_lost_its_disk_has_it_again(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    registry.wish("kiosk-1", seq=7)
    town.comes("kiosk-1")
    kiosk = town["kiosk-1"]
    kiosk.in_use, kiosk.wants = {}, {}
    town.comes("kiosk-1")
    assert kiosk.in_use == {"layanan": 7}
    assert registry.desired()[0].due is None


@pytest.mark.parametrize("lost", [True, False])
def test_a_crash_between_the_commit_and_the_broker_heals(
    database: str,
    lost: bool,  # noqa: FBT001
) -> None:
    """Of the birth's own answer, and of what was due."""
    town, registry = town_of(database, "kiosk-1")
    registry.wish("kiosk-1", seq=7)
    kiosk = town["kiosk-1"]
    done = town.office.take(kiosk, *kiosk.born())
    if lost:
        town.office.greet(done)  # never arrives
    town.office.restart()
    town.passes(PAUSES_S[0] * 1000)
    assert town.wishes() == 1
    assert kiosk.in_use == {"layanan": 7}


@pytest.mark.parametrize("repeats", [True, False])
def test_books_put_back_to_before_the_report_learn_what_the_kiosk_has(
    database: str,
    repeats: bool,  # noqa: FBT001
) -> None:
    """Whether it says its report again or, the worst, has only its births to tell it."""
    town, registry = town_of(database, "kiosk-1")
    kiosk = town["kiosk-1"]
    town.comes("kiosk-1")
    made = registry.roll("kiosk-1", seq=7)
    town.wishes()
    with writing(town.office.engine) as conn:
        conn.execute(text("DELETE FROM reported"))
        conn.execute(text("DELETE FROM flip WHERE fact IS NOT NULL"))
        conn.execute(text("UPDATE thread SET fact_upto = 0"))
        conn.execute(text("UPDATE share SET state = 'wanted', settled_at = NULL"))
        conn.execute(text(f"UPDATE desired SET due = {START}"))
    town.office.restart()
    town.office.take(kiosk, *kiosk.born())
    for _ in range(8):
        town.wishes(lost=not repeats)
        town.passes(600_000)
    assert states(registry, made) == ["installed"]
    (row,) = registry.reported()
    assert (row.seq, row.state, row.why) == (7, "installed", "" if repeats else BELIEVED)
    assert registry.desired()[0].due is None
    assert town.office.counters.get("anjungan_desired_believed_total") == (not repeats)


def test_books_put_back_to_an_older_wish_are_heard_again(database: str) -> None:
    """The kiosk knows a higher number, of a rollout that nobody remembers."""
    town, registry = town_of(database, "kiosk-1")
    town.comes("kiosk-1")
    registry.wish("kiosk-1", seq=7)
    town.wishes()
    town.passes(LATER_MS)
    registry.wish("kiosk-1", seq=8, now=town.office.now)
    town.wishes()
    assert town["kiosk-1"].in_use == {"layanan": 8}
    registry.put_back(seq=7, attempt=1, number=START, due=None)
    town.office.restart()
    town.comes("kiosk-1")
    assert town["kiosk-1"].in_use == {"layanan": 8}
    for _ in range(10):
        town.passes(600_000)
        town.wishes()
    assert town["kiosk-1"].in_use == {"layanan": 7}
    assert registry.desired()[0].due is None


def test_whoever_lost_the_lease_says_nothing(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    town.comes("kiosk-1")
    registry.wish("kiosk-1", seq=7)
    with writing(town.office.engine) as conn:
        conn.execute(text("UPDATE lease SET holder = 'thief', generation = generation + 1"))
    said = town.office.rollouts.look(town.office.leases.held)
    assert said.mail == []
    assert len(said.lost) == 16
    assert registry.desired()[0].sends == 0


def test_something_else_desired_meanwhile_is_not_answered_by_the_old_round(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    town.comes("kiosk-1")
    registry.wish("kiosk-1", seq=7)
    town["kiosk-1"].slow = True
    town.wishes()
    registry.wish("kiosk-1", seq=8, now=START + 5)
    town.hears("kiosk-1", town["kiosk-1"].finish_installs())  # of 7
    assert registry.desired()[0].due == START + 5
    town.passes(5)
    town["kiosk-1"].slow = False
    town.wishes()
    assert town["kiosk-1"].in_use == {"layanan": 8}


def test_without_a_key_nothing_is_said_and_the_administrator_is_told(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    town.office.signer = None
    town.office.restart()
    registry.wish("kiosk-1", seq=7)
    assert town.wishes() == 0
    assert town.office.said == [f"{SILENT}: {NO_KEY}"]


def test_a_key_that_no_policy_knows_is_not_used(database: str) -> None:
    town, registry = town_of(database, "kiosk-1")
    town.comes("kiosk-1")
    town.office.signer = Signer(Ceremony().office)
    town.office.restart()
    registry.wish("kiosk-1", seq=7)
    assert town.wishes() == 0
    with writing(town.office.engine) as conn:
        conn.execute(text("DELETE FROM policy"))
    town.passes(LATER_MS)
    assert town.wishes() == 0
    assert town.office.said == [f"{SILENT}: {why}" for why in (STRANGE_KEY, NO_POLICY)]


def test_one_kiosk_whose_books_are_broken_stops_nobody(database: str) -> None:
    town, registry = town_of(database, "kiosk-1", "kiosk-2")
    town.comes("kiosk-1", "kiosk-2")
    registry.wish("kiosk-1", "kiosk-2", seq=7)
    broken = registry.desired()[0].kiosk_id
    with writing(town.office.engine) as conn:
        sql = f"UPDATE desired SET windows = '[[5]]' WHERE kiosk_id = {broken}"
        conn.exec_driver_sql(sql)
    assert town.wishes() == 1
    assert town["kiosk-2"].in_use == {"layanan": 7}
    assert town.wishes() == 0
    assert len(town.office.said) == 1


def test_a_thousand_kiosks_are_told_in_slices(sqlite_url: str) -> None:
    names = [f"kiosk-{n:04d}" for n in range(1200)]
    town, registry = town_of(sqlite_url, *names)
    births = [town.office.letter(town[name], one) for name in names for one in town[name].born()]
    for start in range(0, 1200, 400):
        town.office.greet(town.office.ingest.take(births[start : start + 400]))
    made = registry.roll(*names, seq=7)
    sizes, more = [], True
    while more:
        said = town.office.rollouts.look(town.office.leases.held)
        sizes.append(len(said.mail))
        answers = [(out.topic.split("/")[3], town.bring([out])) for out in said.mail]
        batch = [town.office.letter(town[n], one) for n, words in answers for one in words]
        town.office.ingest.take(batch)
        more = said.more
    assert sizes == [500, 500, 200]
    assert {*states(registry, made)} == {"installed"}


def test_only_indexes_are_read_to_find_what_is_due(sqlite_url: str) -> None:
    town, _ = town_of(sqlite_url, "kiosk-1")
    query = "SELECT 1 FROM desired WHERE partition IN (1, 2) AND due IS NOT NULL AND due <= 5"
    plan = town.office.rows(f"EXPLAIN QUERY PLAN {query}")
    assert "desired_due" in str(plan)
