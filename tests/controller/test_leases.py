"""A fair share for all who live, nothing for who is dead, and a fence between them."""

import pytest
from sqlalchemy import Engine, text

from controller.leases import LEASE_MS, STOPPED, LeaseLost, Leases, Renewal
from controller.store.engine import open_engine, upsert, writing
from controller.store.tables import controller

ALL = frozenset(range(16))


class Town:
    """Controllers over one database, living by one clock."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = open_engine(url)
        self.now = 1_000_000
        self.made: dict[str, Leases] = {}

    def leases(self, name: str) -> Leases:
        made = Leases(name, lambda: self.now)
        made.now = lambda _: self.now  # type: ignore[method-assign, assignment]
        self.made[name] = made
        return made

    def beat(self, *names: str, why: str = "") -> dict[str, Renewal]:
        """Each says it lives, then renews; like the loop does."""
        found = {}
        for name in names:
            with writing(self.engine) as conn:
                row = {
                    "name": name, "started_at": 0, "heard_at": self.now, "link": "up",
                    "link_why": why, "broker": "", "counters": {},
                }  # fmt: skip
                conn.execute(upsert(conn, controller, ("name",)), [row])
        for name in names:
            with writing(self.engine) as conn:
                found[name] = self.made[name].renew(conn)
            with writing(self.engine) as conn:
                self.made[name].release(conn, found[name].excess)
        return found


@pytest.fixture
def town(database: str) -> Town:
    return Town(database)


def test_one_alone_holds_everything(town: Town) -> None:
    town.leases("a")
    assert town.beat("a")["a"].gained == ALL
    assert town.beat("a")["a"] == Renewal()


@pytest.mark.parametrize("number", [2, 3, 5, 16])
def test_all_who_live_share_fairly(town: Town, number: int) -> None:
    names = [f"c{n:02d}" for n in range(number)]
    for name in names:
        town.leases(name)
    for _ in range(3):
        town.beat(*names)
        town.now += 2000
    held = [town.made[name].held for name in names]
    assert frozenset().union(*held) == ALL
    assert sum(len(one) for one in held) == 16
    assert max(map(len, held)) - min(map(len, held)) <= 1


def test_what_the_dead_held_is_taken_when_its_lease_is_over(town: Town) -> None:
    town.leases("a"), town.leases("b")
    for _ in range(3):
        town.beat("a", "b")
    town.now += LEASE_MS - 1
    assert town.beat("b")["b"].gained == frozenset()
    town.now += 2
    town.beat("b")
    assert town.made["b"].held == ALL


def test_who_ends_in_order_leaves_at_once(town: Town) -> None:
    town.leases("a"), town.leases("b")
    for _ in range(3):
        town.beat("a", "b")
    town.beat("a", why=STOPPED)
    with writing(town.engine) as conn:
        town.made["a"].release(conn, town.made["a"].held)
    town.beat("b")
    assert town.made["b"].held == ALL


def test_a_zombie_finds_out_at_the_fence(town: Town) -> None:
    zombie = town.leases("a")
    town.beat("a")
    town.now += LEASE_MS + 1
    town.leases("b")
    town.beat("b")
    taken = town.made["b"].held
    with writing(town.engine) as conn, pytest.raises(LeaseLost) as lost:
        zombie.check(conn, ALL)
    assert lost.value.partitions == taken
    assert zombie.held == ALL - taken


def test_the_fence_lets_the_holder_pass_even_when_its_lease_is_over(town: Town) -> None:
    town.leases("a")
    town.beat("a")
    town.now += 10 * LEASE_MS
    with writing(town.engine) as conn:
        town.made["a"].check(conn, ALL)


def test_a_restart_under_the_same_name_takes_its_own_at_once(town: Town) -> None:
    before = town.leases("a")
    town.beat("a")
    town.leases("a")
    assert town.beat("a")["a"].gained == ALL
    with writing(town.engine) as conn, pytest.raises(LeaseLost):
        before.check(conn, [3])


def test_of_two_who_want_the_same_only_one_gets_it(postgres_url: str) -> None:
    town = Town(postgres_url)
    first, second = town.leases("a"), town.leases("b")
    with town.engine.connect() as one, town.engine.connect() as two:
        for looking in (one, two):  # both saw it free before either took it
            looking.execute(text("SELECT 1 FROM lease")).all()
        gained = first.renew(one).gained
        one.commit()
        taken = second.renew(two).gained
        two.commit()
    assert gained == ALL
    assert taken == frozenset()


def test_time_is_the_databases_where_it_has_one(postgres_url: str) -> None:
    leases = Leases("a", lambda: 5)
    with open_engine(postgres_url).connect() as conn:
        assert leases.now(conn) > 1_700_000_000_000


def test_time_is_ours_on_sqlite(sqlite_url: str) -> None:
    with open_engine(sqlite_url).connect() as conn:
        assert Leases("a", lambda: 5).now(conn) == 5
