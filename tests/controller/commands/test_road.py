"""Policies go out one step at a time, once a connection."""

from controller.commands.plan import Kiosk
from controller.commands.road import AGAIN_MS, PATIENCE_MS, Road
from tests.support.office import START, Office
from tests.support.taker import Bureau, Taker, heard
from wire.envelope import parse
from wire.messages import NewPolicy
from wire.policy import Policy

KIOSK = Kiosk(1, "kiosk-1", 1, "a" * 32, 1, 0, listens=True)


def test_a_step_is_the_next_version_and_is_said_once_a_connection(database: str) -> None:
    office = Office(database, "kiosk-1")
    bureau, road = Bureau(office.engine), Road()
    for version in (2, 3):
        bureau.put(bureau.ceremony.policy(version))
    with office.engine.connect() as conn:
        road.look(conn, START)
        assert road.waits(KIOSK, START)
        (out,) = road.step(conn, KIOSK, START)
        message = heard(out.topic, out.payload)
        assert isinstance(message, NewPolicy)
        assert parse(message.policy, Policy).version == 2
        assert road.step(conn, KIOSK, START) == []
        assert len(road.step(conn, KIOSK._replace(nonce="b" * 32), START)) == 1
        for policy in (0, 3, 4):
            assert road.step(conn, KIOSK._replace(id=5, policy=policy), START) == []
            assert not road.waits(KIOSK._replace(policy=policy), START)


def test_orders_wait_for_a_policy_only_for_a_while(sqlite_url: str) -> None:
    office = Office(sqlite_url, "kiosk-1")
    bureau, road = Bureau(office.engine), Road()
    bureau.put(bureau.ceremony.policy(2))
    with office.engine.connect() as conn:
        road.look(conn, START)
        road.step(conn, KIOSK, START)
        assert road.waits(KIOSK, START + PATIENCE_MS - 1)
        assert not road.waits(KIOSK, START + PATIENCE_MS)
        road.forget()
        assert road.step(conn, KIOSK, START)


def test_those_who_are_here_are_walked_through_when_it_changes_and_seldom_after(
    database: str,
) -> None:
    office = Office(database, "kiosk-1", "kiosk-2", "kiosk-3")
    bureau, road = Bureau(office.engine), Road()
    for name in ("kiosk-1", "kiosk-2"):
        teller = Taker(name, bureau.policy)
        office.take(teller, *teller.born())
    with office.engine.connect() as conn:
        assert road.walk(conn, range(16), START) == []
        road.look(conn, START)
        assert road.walk(conn, range(16), START) == []
    bureau.put(bureau.ceremony.policy(2))
    with office.engine.connect() as conn:
        road.look(conn, START)
        assert len(road.walk(conn, range(16), START)) == 2
        road.look(conn, START + 1)
        assert road.walk(conn, range(16), START + 1) == []
        road.look(conn, START + AGAIN_MS)
        assert len(road.walk(conn, range(16), START + AGAIN_MS)) == 2
