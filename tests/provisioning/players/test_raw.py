"""One raw connection obeys a broker that forgives nothing and an office that asks."""

import asyncio
import threading
from collections.abc import Iterator

import pytest

from provisioning.players.answers import Answers, Manner
from provisioning.players.raw import RawKiosk
from provisioning.players.sayings import Sayings
from provisioning.players.tally import Tally
from tests.support.mqtt import Player
from tests.support.signing import Ceremony
from tests.support.strict import StrictBroker
from tests.support.wait import until
from wire import topics
from wire.codec import decode_up, encode
from wire.messages import (
    Ack,
    Birth,
    Death,
    Header,
    Present,
    Progress,
    Reading,
    Rebirth,
    Result,
    RollCall,
)

NAME = "load-00001"


class Held:
    """One raw kiosk in a loop of its own; `do` runs something there."""

    def __init__(self, broker: StrictBroker, manner: Manner = "good") -> None:
        self.tally, self.lost = Tally(), list[str]()
        mine = Answers(manner)
        self.sayings = Sayings(NAME, "r1", keepalive_s=60, started=0, answers=mine, policy=3)
        self.kiosk = RawKiosk(
            self.sayings, self.tally, lambda _, why: self.lost.append(why), slow_s=0.1
        )
        self.loop = asyncio.new_event_loop()
        self.thread = threading.Thread(target=self.loop.run_forever, daemon=True)
        self.thread.start()
        opening = self.loop.create_connection(lambda: self.kiosk, broker.host, broker.port)
        asyncio.run_coroutine_threadsafe(opening, self.loop).result(30)

    def change(self, times: int = 1) -> None:
        for _ in range(times):
            self.loop.call_soon_threadsafe(self.kiosk.change)

    def close(self) -> None:
        self.loop.call_soon_threadsafe(self.kiosk.leave)
        until(lambda: self.lost, 30)
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(30)
        self.loop.close()


@pytest.fixture
def office(strict_broker: StrictBroker) -> Iterator[Player]:
    with Player(strict_broker, "office") as player:
        player.subscribe(topics.office_filter(topics.partition_of(NAME)))
        yield player


@pytest.fixture
def held(strict_broker: StrictBroker, office: Player) -> Iterator[Held]:
    made = Held(strict_broker)
    assert office.auto_ack  # asked for, so that somebody is there to hear the birth
    yield made
    made.close()
    assert strict_broker.breaches == []


def hear(office: Player) -> Header | Death:
    heard = office.next()
    message = decode_up(topics.parse_up(heard.topic).kind, heard.payload)
    assert isinstance(message, Header | Death)
    return message


def test_says_birth_and_a_full_reading_first(held: Held, office: Player) -> None:
    birth, reading = hear(office), hear(office)
    assert isinstance(birth, Birth)
    assert isinstance(reading, Reading)
    assert (birth.birth, birth.seq, reading.seq, reading.full) == (1, 0, 1, True)
    until(lambda: held.tally.pubacks[0] == 2, 30)


def test_answers_a_roll_call(held: Held, office: Player) -> None:
    until(lambda: held.tally.pubacks[0] == 2, 30)
    everyone = topics.down_everyone(topics.partition_of(NAME), "rollcall")
    office.publish(everyone, encode(RollCall(call="c1", within_s=1)))
    heard = [hear(office) for _ in range(3)]
    assert isinstance(heard[2], Present)
    assert heard[2].seq == 2


def test_a_rebirth_goes_on_counting_in_the_same_birth(held: Held, office: Player) -> None:
    until(lambda: held.tally.pubacks[0] == 2, 30)
    office.publish(topics.down(NAME, "rebirth"), encode(Rebirth(why="gap")))
    heard = [hear(office) for _ in range(4)]
    assert isinstance(heard[2], Birth)
    assert isinstance(heard[3], Reading)
    assert [(one.birth, one.seq) for one in heard if isinstance(one, Header)] == [
        (1, 0),
        (1, 1),
        (1, 2),
        (1, 3),
    ]


def test_never_has_more_in_flight_than_the_broker_allows(
    strict_broker: StrictBroker, held: Held
) -> None:
    until(lambda: held.tally.pubacks[0] == 2, 30)
    strict_broker.hold_acks = True
    held.change(100)
    until(lambda: held.tally.held == 80, 30)
    strict_broker.release_acks()
    until(lambda: held.tally.pubacks[0] == 22, 30)


@pytest.mark.parametrize("code", [0x10, 0x87, 0x97])
def test_refusals_are_counted_by_their_code(
    strict_broker: StrictBroker, held: Held, code: int
) -> None:
    until(lambda: held.tally.pubacks[0] == 2, 30)
    strict_broker.answer_next(code, 3)
    held.change(4)
    until(lambda: held.tally.acknowledged == 6, 30)
    assert held.tally.pubacks == {0: 3, code: 3}


def test_what_it_cannot_read_is_counted_and_it_goes_on(held: Held, office: Player) -> None:
    until(lambda: held.tally.pubacks[0] == 2, 30)
    office.publish(topics.down(NAME, "ack"), b"\xff\x00 no message")
    office.publish(topics.down(NAME, "ack"), encode(Ack(epoch="0" * 16, upto=1)))
    until(lambda: (held.tally.malformed, held.tally.acks) == (1, 1), 30)


def test_a_takeover_is_told_as_the_broker_said_it(strict_broker: StrictBroker) -> None:
    first = Held(strict_broker)
    until(lambda: first.kiosk.ready, 30)
    with Player(strict_broker, NAME):
        until(lambda: first.lost, 30)
    assert first.lost == ["broker: 0x8e"]
    first.close()


def test_a_cut_lets_the_will_speak_and_a_goodbye_says_planned(
    strict_broker: StrictBroker, office: Player
) -> None:
    one = Held(strict_broker)
    until(lambda: one.tally.pubacks[0] == 2, 30)
    one.close()
    heard = [hear(office) for _ in range(3)]
    assert heard[2] == Death(epoch=one.sayings.epoch, birth=1, planned=True, why="stopped")
    assert one.lost == ["left"]


def order(office: Player, nonce: str, *commands: str) -> None:
    ceremony = Ceremony()
    open_ = [ceremony.envelope(NAME, command=one) for one in commands]
    office.publish(topics.down(NAME, "orders"), encode(ceremony.orders(NAME, nonce, *open_)))


def born(office: Player) -> Birth:
    birth, reading = hear(office), hear(office)
    assert isinstance(birth, Birth)
    assert isinstance(reading, Reading)
    return birth


def test_orders_are_answered_with_facts_until_the_office_has_them(
    held: Held, office: Player
) -> None:
    birth = born(office)
    assert (birth.policy, birth.oldest_fact) == (3, 1)
    order(office, birth.nonce, "a" * 32, "b" * 32)
    facts = [hear(office), hear(office)]
    assert [(one.fact, one.command) for one in facts if isinstance(one, Result)] == [
        (1, "a" * 32),
        (2, "b" * 32),
    ]
    office.publish(topics.down(NAME, "ack"), encode(Ack(epoch=birth.epoch, upto=0)))
    again = hear(office)
    assert isinstance(again, Result)
    assert again.fact == 1
    office.publish(topics.down(NAME, "ack"), encode(Ack(epoch=birth.epoch, upto=2)))
    until(lambda: held.sayings.answers is not None and not held.sayings.answers.owed, 30)
    assert held.tally.summary()["results"] == 4


def test_after_a_rebirth_there_is_a_new_nonce_and_what_is_owed_is_said_again(
    held: Held, office: Player
) -> None:
    first = born(office)
    order(office, first.nonce, "a" * 32)
    assert isinstance(hear(office), Result)
    office.publish(topics.down(NAME, "rebirth"), encode(Rebirth(why="gap")))
    second = born(office)
    assert second.nonce not in ("", first.nonce)
    assert isinstance(hear(office), Result)
    order(office, first.nonce, "c" * 32)
    until(lambda: held.tally.stale == 1, 30)


def test_a_slow_one_says_first_that_it_has_begun(
    strict_broker: StrictBroker, office: Player
) -> None:
    slow = Held(strict_broker, "slow")
    order(office, born(office).nonce, "a" * 32)
    assert [type(hear(office)) for _ in range(2)] == [Progress, Result]
    slow.close()
