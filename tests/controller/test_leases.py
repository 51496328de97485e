"""A fair share for all who live, nothing for who is dead, and a fence between them."""

import pytest
from sqlalchemy import Engine, text

from controller.leases import CLOCK_BACK_MS, DEAF_MS, LEASE_MS, STOPPED, LeaseLost, Leases, Renewal
from controller.store.engine import open_engine, upsert, writing
from controller.store.tables import controller

ALL = frozenset(range(16))


class Town:
    """Controllers over one database, living by one clock."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = open_engine(url)
        self.now = 1_000_000
        self.made: dict[str, Leases] = {}
        self.deaf_since: dict[str, int] = {}  # controllers that do not hear the broker

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
                deaf = name in self.deaf_since
                row = {
                    "name": name, "started_at": 0, "heard_at": self.now, "broker": "",
                    "link": "down" if deaf else "up", "link_why": why, "counters": {},
                    "link_since": self.deaf_since.get(name, 0),
                }  # fmt: skip
                conn.execute(upsert(conn, controller, ("name",)), [row])
        for name in names:
            with writing(self.engine) as conn:
                since = self.deaf_since.get(name, self.now)
                deaf = self.now - since >= DEAF_MS
                found[name] = self.made[name].renew(conn, deaf=deaf)
            with writing(self.engine) as conn:
                self.made[name].release(conn, found[name].excess)
        return found

    def settle(self, *names: str) -> None:
        for _ in range(3):
            self.beat(*names)
            self.now += 2000


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


def test_who_cannot_hear_leaves_its_share_to_who_can_and_gets_it_back(town: Town) -> None:
    town.leases("a"), town.leases("b")
    town.settle("a", "b")
    town.deaf_since["a"] = town.now
    town.settle("a", "b")  # six seconds: it may find the broker again
    assert len(town.made["a"].held) == 8
    town.now += DEAF_MS
    town.settle("a", "b")
    assert town.made["a"].held == frozenset()
    assert town.made["b"].held == ALL
    del town.deaf_since["a"]
    town.settle("a", "b")
    assert len(town.made["a"].held) == len(town.made["b"].held) == 8


def test_when_the_broker_itself_is_away_everybody_keeps_its_share(town: Town) -> None:
    town.leases("a"), town.leases("b")
    town.settle("a", "b")
    held = town.made["a"].held, town.made["b"].held
    town.deaf_since |= {"a": town.now, "b": town.now}
    town.now += 10 * DEAF_MS
    town.settle("a", "b")
    assert (town.made["a"].held, town.made["b"].held) == held


def test_who_has_never_heard_the_broker_takes_nothing_from_who_has(town: Town) -> None:
    town.leases("a")
    town.settle("a")
    town.leases("b")
    town.deaf_since["b"] = 0
    town.settle("a", "b")
    assert town.made["a"].held == ALL
    assert town.made["b"].held == frozenset()


def test_one_alone_takes_everything_although_it_has_not_heard_the_broker_yet(town: Town) -> None:
    town.leases("a")
    town.deaf_since["a"] = 0
    town.settle("a")
    assert town.made["a"].held == ALL


@pytest.mark.parametrize("jump", [-3_600_000, 86_400_000])
def test_a_clock_that_jumps_leaves_nothing_unattended(town: Town, jump: int) -> None:
    town.now += 10 * 86_400_000
    town.leases("a"), town.leases("b"), town.leases("dead")
    town.settle("a", "b", "dead")
    town.now += jump
    town.settle("a", "b")
    town.settle("a", "b")
    assert town.made["a"].held | town.made["b"].held == ALL
    assert len(town.made["a"].held) == 8


def test_what_is_promised_for_a_moment_is_not_free() -> None:
    assert 2 * LEASE_MS < CLOCK_BACK_MS
