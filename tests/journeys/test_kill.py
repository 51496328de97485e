"""Whatever is killed while facts flow: afterwards every fact is there, once and in order."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from agent.config import Broker, Config
from agent.kiosk import Kiosk
from agent.probes.base import Finding
from tests.support.broker import AnyBroker
from tests.support.house import House
from tests.support.thorough import some
from tests.support.wait import until

KIOSK = "bdg-sukasari-1"
Build = Callable[[AnyBroker, str], House]


class Restless:
    """A probe that changes its mind at every look, until told to keep still."""

    name = "system"
    period_s = 0.05
    timeout_s = 1.0
    confirm = 1
    bands: Mapping[str, float] = {}

    def __init__(self) -> None:
        self.looks = 0
        self.still = False

    def observe(self) -> Finding:
        if not self.still:
            self.looks += 1
        return Finding("ok" if self.looks % 2 else "warn")


class Witness:
    """A kiosk in this process and what it has written down as facts."""

    def __init__(self, folder: Path, broker: AnyBroker) -> None:
        self.probe = Restless()
        door = Broker(
            host=broker.host,
            port=broker.port,
            keepalive_s=5,
            reconnect_min_s=0.1,
            reconnect_max_s=1.0,
        )
        config = Config(kiosk=KIOSK, state_dir=str(folder), broker=door)
        self.kiosk = Kiosk(config, [self.probe])

    @property
    def written(self) -> int:
        """How many facts it has ever written down."""
        return self.kiosk.outbox.newest

    @property
    def kept(self) -> int:
        """How many of them the office has not acknowledged."""
        return self.kiosk.outbox.kept


@pytest.fixture
def witness(tmp_path: Path) -> Iterator[Callable[[AnyBroker], Witness]]:
    made: list[Witness] = []

    def make(broker: AnyBroker) -> Witness:
        made.append(Witness(tmp_path / "kiosk", broker))
        made[-1].kiosk.start()
        return made[-1]

    yield make
    for one in made:
        one.kiosk.stop()


@pytest.fixture
def house(build_house: Build, mosquitto: AnyBroker, database: str) -> House:
    made = build_house(mosquitto, database)
    made.register(KIOSK)
    return made


@pytest.mark.parametrize("after", some([17, 3], 2))
@pytest.mark.parametrize("victim", ["broker", "controller", "both"])
def test_every_fact_is_there_once_after_a_kill(
    house: House, witness: Callable[[AnyBroker], Witness], victim: str, after: int
) -> None:
    controller = house.start_controller()
    one = witness(house.broker)
    until(lambda: len(house.facts(KIOSK)) >= after, 20)
    if victim != "broker":
        controller.kill()
    if victim != "controller":
        house.broker.kill9()
        house.broker.start()
    more = one.written + 4
    until(lambda: one.written >= more, 20)  # facts go on while nobody listens
    if victim != "broker":
        house.start_controller()
    one.probe.still = True
    until(lambda: one.kept == 0, 60)
    assert house.facts(KIOSK) == list(range(1, one.written + 1))


def test_a_fallback_broker_that_forgets_everything_loses_no_fact(
    build_house: Build,
    fallback_broker: AnyBroker,
    sqlite_url: str,
    witness: Callable[[AnyBroker], Witness],
) -> None:
    house = build_house(fallback_broker, sqlite_url)
    house.register(KIOSK)
    house.start_controller()
    one = witness(fallback_broker)
    until(lambda: len(house.facts(KIOSK)) >= 5, 20)
    fallback_broker.kill9()
    fallback_broker.start()
    one.probe.still = True
    until(lambda: one.kept == 0, 60)
    assert house.facts(KIOSK) == list(range(1, one.written + 1))
