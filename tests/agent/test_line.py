"""A line over a broker that does what the test says: silent, stalled, refusing, broken."""

import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent import line as line_module
from agent.backoff import Backoff
from agent.journal import Births, Journal
from agent.line import Line
from agent.link import Closed, Delivered, Event, Heard, Opened, Refused, Will
from agent.outbox import Outbox
from agent.picture import Picture
from agent.session import About, Session
from agent.store import MEMORY, Store
from tests.agent.observations import seen
from tests.support.wait import until
from wire.codec import decode_up
from wire.messages import Birth, Death


class Broker:
    """Every link made is kept; `answer` says what becomes of a publish."""

    def __init__(self) -> None:
        self.links: list[SaidLink] = []
        self.answer: type[Delivered | Refused] | None = Delivered
        self.opens = True
        self.refuses: Exception | None = None

    def __call__(self, will: Will, _wake_fd: int) -> "SaidLink":
        link = SaidLink(self, will)
        self.links.append(link)
        return link


class SaidLink:
    def __init__(self, broker: Broker, will: Will) -> None:
        self.broker, self.will = broker, will
        self.events: list[Event] = []
        self._nothing = threading.Event()
        self.published: list[tuple[str, bytes]] = []
        self.polite: list[bool] = []
        self.breaks: Exception | None = None

    def connect(self) -> None:
        if self.broker.refuses:
            raise self.broker.refuses
        if self.broker.opens:
            self.events.append(Opened(20))

    def publish(self, topic: str, payload: bytes) -> int:
        self.published.append((topic, payload))
        mid = len(self.published)
        if self.broker.answer is Delivered:
            self.events.append(Delivered(mid))
        elif self.broker.answer is Refused:
            self.events.append(Refused(mid, "no"))
        return mid

    def due(self) -> float:
        return float("inf")

    def step(self, timeout_s: float) -> list[Event]:
        del timeout_s
        if self.breaks:
            raise self.breaks
        if not self.events:
            self._nothing.wait(0.005)
        events, self.events = self.events, []
        return events

    def hang_up(self, *, politely: bool) -> None:
        self.polite.append(politely)

    @property
    def births(self) -> list[Birth]:
        said = [decode_up(topic.rsplit("/", 1)[-1], payload) for topic, payload in self.published]
        return [message for message in said if isinstance(message, Birth)]


@pytest.fixture
def broker() -> Broker:
    return Broker()


@pytest.fixture
def line(broker: Broker) -> Iterator[Line]:
    store = Store(Path(MEMORY))
    births, outbox = Births(Journal(store)), Outbox(store)
    about = About(births.epoch, "1", "boot", 0, 60)
    rng = random.Random(1)
    session = Session(about, Picture({"disk": {}}), outbox, lambda: 0, rng)
    line = Line(
        "bdg-andir-01",
        session,
        outbox,
        births,
        make_link=broker,
        backoff=Backoff(rng, 0.01, 0.02),
    )
    yield line
    if line._wake_fd >= 0:
        line.stop()


def test_each_connection_has_a_higher_birth_and_a_will_of_that_birth(
    broker: Broker, line: Line
) -> None:
    line.start()
    for number in range(3):
        until(lambda: len(broker.links) > number and broker.links[-1].births, 20)  # noqa: B023
        broker.links[-1].events.append(Closed("cut"))
    births = [link.births[0].birth for link in broker.links[:3]]
    wills = [decode_up("death", link.will.payload) for link in broker.links[:3]]
    assert births == sorted(set(births))
    assert [will.birth for will in wills if isinstance(will, Death)] == births


@pytest.mark.parametrize(
    ("constant", "why"),
    [
        ("OPEN_WITHIN_S", "the broker does not answer"),
        ("TAKEN_WITHIN_S", "the broker does not acknowledge"),
    ],
)
def test_a_connection_that_stalls_is_given_up(
    broker: Broker,
    line: Line,
    *,
    monkeypatch: pytest.MonkeyPatch,
    constant: str,
    why: str,
    caplog: pytest.LogCaptureFixture,
) -> None:
    monkeypatch.setattr(line_module, constant, 0.1)
    broker.opens = constant != "OPEN_WITHIN_S"
    broker.answer = None
    line.start()
    until(lambda: why in caplog.text and len(broker.links) > 1, 20)
    assert broker.links[0].polite == [False]


@pytest.mark.parametrize("error", [OSError("no route"), ValueError("bad host")])
def test_a_broker_that_cannot_be_reached_is_tried_again(
    broker: Broker, line: Line, error: Exception
) -> None:
    broker.refuses = error
    line.start()
    until(lambda: len(broker.links) > 2, 20)
    assert line.why == f"the broker cannot be reached: {error}"
    broker.refuses = None
    until(lambda: line.up, 20)
    assert line.why == ""


def test_whatever_breaks_inside_the_line_is_made_anew(broker: Broker, line: Line) -> None:
    line.start()
    until(lambda: line.up, 20)
    broker.links[0].breaks = RuntimeError("a defect")
    until(lambda: len(broker.links) > 1 and line.up, 20)


def test_nonsense_from_the_office_is_passed_over(broker: Broker, line: Line) -> None:
    line.start()
    until(lambda: broker.links and broker.links[0].births, 20)
    for topic, payload in (("x/ack", b"{"), ("x/unheard", b"{}"), ("", b"\xff")):
        broker.links[0].events.append(Heard(topic, payload))
    broker.links[0].events.append(Heard("x/rebirth", b'{"v":1}'))
    until(lambda: len(broker.links[0].births) == 2, 10)
    assert len(broker.links) == 1


def test_news_are_sent_at_once_and_refused_ones_again_with_a_birth(
    broker: Broker, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.session.REFUSED_PAUSE_S", 0.1)
    line.start()
    until(lambda: line.up and broker.links[0].births, 20)
    broker.answer = Refused
    line.sighted(seen("disk"))
    until(lambda: len(broker.links[0].published) >= 2, 20)
    broker.answer = Delivered
    until(lambda: len(broker.links[0].births) == 2, 10)


def test_a_planned_stop_says_farewell_and_hangs_up_politely(broker: Broker, line: Line) -> None:
    line.start()
    until(lambda: line.up, 20)
    line.stop()
    topic, payload = broker.links[0].published[-1]
    death = decode_up(topic.rsplit("/", 1)[-1], payload)
    assert isinstance(death, Death)
    assert death.planned
    assert broker.links[0].polite[0] is True
    line.wake()  # from a device that answers late: no harm


def test_a_farewell_that_nobody_takes_is_not_waited_for_and_leaves_the_will(
    broker: Broker, line: Line, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "FAREWELL_S", 3600.0)
    broker.answer = Refused
    line.start()
    until(lambda: line.up, 20)
    line.stop()
    assert broker.links[0].published[-1][0].endswith("/up/death")
    assert broker.links[0].polite == [False]
    assert line.why == "stopped"


def test_a_stop_while_away_from_the_broker_does_not_wait_for_the_next_try(
    broker: Broker, line: Line
) -> None:
    broker.refuses = OSError("no route")
    line._backoff = Backoff(random.Random(1), 3600.0, 7200.0)
    line.start()
    until(lambda: line.back_by > line._monotonic() + 1000, 20)
    line.stop()
    assert not line._thread.is_alive()


def test_an_older_copy_of_the_memory_connects_again_above_what_the_office_knows(
    broker: Broker, line: Line
) -> None:
    line.start()
    until(lambda: broker.links and broker.links[0].births, 20)
    broker.links[0].events.append(Heard("x/rebirth", b'{"v":1,"birth":5000,"upto":40}'))
    until(lambda: len(broker.links) > 1 and broker.links[1].births, 10)
    birth = broker.links[1].births[0]
    assert (birth.birth, birth.oldest_fact) == (5001, 41)


def test_another_identity_ends_the_connection_and_the_waiting_for_one(
    broker: Broker, line: Line
) -> None:
    line.start()
    until(lambda: line.up, 20)
    line._backoff = Backoff(random.Random(1), 500, 600)
    line.anew()
    until(lambda: broker.links[0].polite == [False], 20)
    line.anew()
    until(lambda: len(broker.links) == 2 and line.up, 20)


def test_only_what_tls_says_counts_as_mistrust(broker: Broker, line: Line) -> None:
    broker.refuses = OSError("[SSL: CERTIFICATE_VERIFY_FAILED] certificate verify failed")
    line.start()
    until(lambda: line.mistrusted >= 2, 20)
    broker.refuses = None
    until(lambda: line.up, 20)
    assert line.mistrusted == 0
    broker.refuses = ConnectionRefusedError(111, "Connection refused")
    line.anew()
    until(lambda: "refused" in line.why, 20)
    assert line.mistrusted == 0
