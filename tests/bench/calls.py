"""From a citizen's touch to the officer's banner, and from "call next" to the kiosk's screen.

The whole house runs as `anjungan up` starts it: the first kiosk's agent and portal are programs of
their own, a real Chromium stands before portal and console. A call begins where the portal takes
the touch (portal/calling) and ends when its banner stands in the officer's page. A number begins
with the officer's click and ends when it stands large on the kiosk's screen. Brakes are respected:
numbers come no faster than a kiosk asks for news, and a call of before is put two hours back, as
if it were long over. Yardstick: a question and its answer by MQTT, QoS 1, between two clients of a
broker that does nothing else.
"""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final, NamedTuple

import paho.mqtt.client as mqtt
from playwright.sync_api import sync_playwright
from sqlalchemy import update

from agent.submissions.errand import NEWS_AT_ONCE, NEWS_EACH_S
from controller.store.citizen_tables import assist
from controller.store.engine import writing
from portal.calling import Calling
from portal.tickets import Tickets
from tests.bench import echo_client
from tests.bench.figures import Figure
from tests.bench.processes import percentile
from tests.support.at_the_screen import Citizen
from tests.support.broker import ProgramBroker, a_mosquitto
from tests.support.chromium import EXECUTABLE, PLAIN
from tests.support.publisher import DESK
from tests.support.smile_house import KABUPATEN, SmileHouse
from tests.support.technician import Technician

ROUNDS: Final = 20
PATIENCE_S: Final = 60
GOAL: Final = "<= 5"  # seconds: somebody stands there
LONG_AGO_MS: Final = 7_200_000
# Writes down, in the page, when what is looked for was there first.
WATCH: Final = """
window.seen = {};
const look = () => document.querySelectorAll('.is-call, .served b').forEach(one => {
  const name = one.id || one.textContent;
  if (!(name in window.seen)) window.seen[name] = Date.now();
});
new MutationObserver(look).observe(document, {childList: true, subtree: true, attributes: true});
"""
CLICK: Final = "what => { const at = Date.now(); document.querySelector(what).click(); return at; }"


class Took(NamedTuple):
    """Seconds."""

    calls: list[float]
    numbers: list[float]


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name, sync_playwright() as play:
        folder = Path(name)
        bare = _bare(folder)
        house = SmileHouse(folder)
        browser = play.chromium.launch(executable_path=EXECUTABLE, args=PLAIN)
        try:
            took = _measure(house, browser)
        finally:
            browser.close()
            house.close()
    for what, times in took._asdict().items():
        note = f"{ROUNDS} rounds of `anjungan up`; yardstick a bare MQTT round trip"
        for share in (50, 95):
            value, yardstick = (percentile(one, share / 100) for one in (times, bare))
            goal = GOAL if share == 95 else ""
            yield Figure(f"calls.{what}_p{share}", value, "s", yardstick, goal, note)


def _measure(house: SmileHouse, browser: Any) -> Took:
    officer = Technician(browser, house.console, "soreang", DESK)
    citizen = Citizen(browser, house.portals[KABUPATEN])
    for page in (officer.page, citizen.page):
        page.add_init_script(WATCH)
    citizen.page.goto(f"{citizen.home}/antrian")
    letter = citizen.page.inner_text("form.item .disc b")
    # Drawn by hand: on the day of the measurement the counter may be shut.
    today = datetime.now(timezone(timedelta(hours=7))).date().isoformat()
    Tickets(house.fleet.state / "portal" / "tray").take(today, letter, 0)
    citizen.page.reload()
    officer.goes_to(f"/counters?kiosk={KABUPATEN}")
    took = Took([], [])
    for count in range(1, ROUNDS + 1):
        began = time.monotonic()
        took.calls.append(_call(house, officer.page, count))
        took.numbers.append(_number(officer.page, citizen.page, letter, count))
        if count >= NEWS_AT_ONCE - 2:
            time.sleep(max(0.0, NEWS_EACH_S + 1 - (time.monotonic() - began)))
    return took


def _call(house: SmileHouse, console: Any, count: int) -> float:
    began = time.time()
    asks = house.fleet.state / "portal" / "asks"
    assert Calling(asks).ring("perizinan", online=True) == "asking"
    seen = _seen(console, f"call-{count}")
    with writing(house.fleet.engine) as conn:
        conn.execute(update(assist).values(at=assist.c.at - LONG_AGO_MS))
    return seen - began


def _number(console: Any, kiosk: Any, letter: str, count: int) -> float:
    button = f"#next-{KABUPATEN}-{letter}[value='{count}']"
    console.wait_for_selector(button)
    began = console.evaluate(CLICK, button) / 1000
    return _seen(kiosk, f"{letter}-{count:03}") - float(began)


def _seen(page: Any, name: str) -> float:
    """Unix seconds, by the clock of this machine."""
    found = page.wait_for_function(
        "name => window.seen[name]", arg=name, timeout=PATIENCE_S * 1000, polling=50
    )
    return float(found.json_value()) / 1000


def _bare(folder: Path) -> list[float]:
    broker = a_mosquitto(folder / "bare")
    broker.start()
    try:
        with _asking(broker) as ask:
            return [ask() for _ in range(10 * ROUNDS)]
    finally:
        broker.stop()


@contextmanager
def _asking(broker: ProgramBroker) -> Iterator[Callable[[], float]]:
    there, ready = threading.Event(), threading.Barrier(3)
    asks, answers = (echo_client.plain(name, 10) for name in ("asks", "answers"))

    def answer(one: mqtt.Client, _user: object, message: mqtt.MQTTMessage) -> None:
        one.publish("answer", message.payload, qos=1)

    def subscribed(*_: object) -> None:
        ready.wait(PATIENCE_S)

    asks.on_message = lambda *_: there.set()
    answers.on_message = answer
    for one, topic in ((asks, "answer"), (answers, "question")):
        one.on_connect = echo_client.subscriber(one, topic)
        one.on_subscribe = subscribed
        one.connect(broker.host, broker.port, keepalive=60)
        one.loop_start()
    ready.wait(PATIENCE_S)

    def ask() -> float:
        there.clear()
        began = time.perf_counter()
        asks.publish("question", b"x", qos=1)
        assert there.wait(PATIENCE_S)
        return time.perf_counter() - began

    try:
        yield ask
    finally:
        for one in (asks, answers):
            one.disconnect()
            one.loop_stop()
