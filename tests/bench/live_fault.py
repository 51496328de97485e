"""From a probe that sees a fault to a technician's open page, in a real browser, without a reload.

The whole house runs: Mosquitto, controller, console, and a kiosk with a simulated printer whose
paper runs out and is refilled. Measured from the moment the agent's probe saw it (its own clock,
the same machine) to the moment the row stood in the page.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from playwright.sync_api import Page, sync_playwright
from sqlalchemy import select

from controller import fleet
from controller.store.engine import writing
from controller.store.migrate import migrate
from controller.store.tables import kiosk, latest
from provisioning.players.devices.device import DeviceLoop
from provisioning.players.life import Turn
from provisioning.players.player import Player
from tests.bench.figures import Figure
from tests.bench.processes import percentile, wait_until
from tests.support.broker import a_mosquitto
from tests.support.chromium import EXECUTABLE
from tests.support.house import SITE, House

KIOSK = "bdg-sukasari-1"
OTHERS = 60
ROUNDS = 12
# Writes down, in the page, when a row of our kiosk comes and goes.
WATCH = """
window.moments = [];
new MutationObserver(() => {
  const there = [...document.querySelectorAll('#newest a')].some(a => a.textContent === 'NAME');
  const last = window.moments.at(-1);
  if (there !== (last ? last[0] : false)) window.moments.push([there, Date.now()]);
}).observe(document.body, {childList: true, subtree: true, characterData: true});
""".replace("NAME", KIOSK)


def bench() -> Iterator[Figure]:
    with TemporaryDirectory() as name:
        folder = Path(name)
        broker = a_mosquitto(folder / "broker")
        broker.start()
        url = f"sqlite:///{folder}/office.db"
        migrate(url)
        house = House(folder, broker, url)
        try:
            yield from _measure(house, folder)
        finally:
            house.stop()
            broker.stop()


def _measure(house: House, folder: Path) -> Iterator[Figure]:
    names = [KIOSK, *(f"other-{n}" for n in range(OTHERS))]
    with writing(house.engine) as conn:
        fleet.import_fleet(conn, [SITE], [fleet.NewKiosk(n, SITE.code) for n in names], 1)
    house.start_controller()
    house.start_console()
    loop = DeviceLoop()
    story = iter([Turn(1e9, "hot", begins=True), Turn(2e9, "hot", begins=False)])
    door = (house.broker.host, house.broker.port)
    player = Player(KIOSK, folder / "k", loop, broker=door, story=story, dice=Random(7))
    player.start()
    try:
        with sync_playwright() as play:
            browser = play.chromium.launch(executable_path=EXECUTABLE, args=["--no-sandbox"])
            context = browser.new_context()
            house.log_in(context)
            took = _rounds(house, player, context.new_page())
            browser.close()
    finally:
        player.stop()
        loop.close()
    note = f"{len(took)} faults, probe to open start page"
    yield Figure("live.fault_on_page_p50", percentile(took, 0.5), "s", None, "", note)
    yield Figure("live.fault_on_page_p95", percentile(took, 0.95), "s", None, "<= 1", note)


def _rounds(house: House, player: Player, page: Page) -> list[float]:
    wait_until(lambda: _seen(house)[0] == "ok", 30, "the first look at the printer")
    page.goto(house.console)
    page.wait_for_selector("#newest")
    page.evaluate(WATCH)
    took = []
    for number in range(ROUNDS):
        player.body.printer.paper(0)
        _wait_for_moments(page, 2 * number + 1)
        shown = page.evaluate("window.moments.at(-1)[1]")
        took.append((shown - _seen(house)[1]) / 1000)
        player.body.printer.refill()
        _wait_for_moments(page, 2 * number + 2)
        time.sleep(0.5)  # not in step with the console's own rhythm
    return took


def _wait_for_moments(page: Page, count: int) -> None:
    # Asked from outside: the page's own policy forbids to evaluate text in it.
    wait_until(lambda: page.evaluate("window.moments.length") >= count, 30, "the row in the page")


def _seen(house: House) -> tuple[str, int]:
    """State of the printer and when its probe looked, milliseconds."""
    query = select(latest.c.state, latest.c.observed_at).join(kiosk)
    with house.engine.connect() as conn:
        row = conn.execute(query.where(kiosk.c.name == KIOSK, latest.c.probe == "printer")).first()
    return (row.state, row.observed_at) if row else ("", 0)
