"""How each mishap of the story is done to the devices, and undone: one line of the table each.

What happens to the whole kiosk (power) is the player's business, see player.py.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

from provisioning.players.body import Body


class Act(NamedTuple):
    begin: Callable[[Body], object]
    end: Callable[[Body], object]


def _stick_queue(body: Body) -> None:
    body.printer.queue_message = "The printer may not exist or is unavailable at this time."
    body.printer.enqueue(age_s=600)


def _free_queue(body: Body) -> None:
    body.printer.queue_message = ""
    body.printer.finish_jobs()


def _paper_on_roll(paper: str) -> Callable[[Body], None]:
    def do(body: Body) -> None:
        body.receipt.paper = paper

    return do


def _cover(*, is_open: bool) -> Callable[[Body], None]:
    def do(body: Body) -> None:
        body.receipt.cover_open = is_open

    return do


def _shows(url: str) -> Callable[[Body], None]:
    def do(body: Body) -> None:
        body.browser.url = url

    return do


def _disk(percent: float) -> Callable[[Body], None]:
    def do(body: Body) -> None:
        body.machine.disk = percent

    return do


def _on_battery(body: Body) -> None:
    body.root.mains(online=False)
    body.root.battery(64, "Discharging")


def _on_mains(body: Body) -> None:
    body.root.mains(online=True)
    body.root.battery(100, "Full")


def _well_again(body: Body) -> None:
    body.browser.reload()


ACTS: Mapping[str, Act] = {
    "paper_out": Act(lambda b: b.printer.paper(0), lambda b: b.printer.refill()),
    "paper_low": Act(lambda b: b.printer.paper(8), lambda b: b.printer.refill()),
    "paper_jam": Act(
        lambda b: b.printer.says("+media-jam"), lambda b: b.printer.says("-media-jam")
    ),
    "toner_low": Act(lambda b: b.printer.toner(5), lambda b: b.printer.toner(90)),
    "receipt_out": Act(_paper_on_roll("out"), _paper_on_roll("ok")),
    "receipt_cover": Act(_cover(is_open=True), _cover(is_open=False)),
    "queue_stuck": Act(_stick_queue, _free_queue),
    "browser_hang": Act(lambda b: b.browser.hang(), _well_again),
    "hung_page": Act(lambda b: b.browser.hang(stubborn=True), _well_again),
    "browser_gone": Act(lambda b: b.browser.kill(), lambda b: b.browser.start()),
    "wrong_page": Act(_shows("https://example.org/"), _well_again),
    "screen_off": Act(lambda b: b.root.connector(lit=False), lambda b: b.root.connector()),
    "hot": Act(lambda b: b.root.temperature(86), lambda b: b.root.temperature(b.celsius)),
    "disk_filling": Act(_disk(93.5), _disk(55.0)),
    "on_battery": Act(_on_battery, _on_mains),
    "line_drop": Act(lambda b: b.line.kill(), lambda b: b.line.start()),
}
