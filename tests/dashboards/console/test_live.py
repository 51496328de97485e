"""The hub: one poller, frames, what was missed, listeners too slow, an office that goes deaf."""

import asyncio
import json
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import httpx
import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from controller import changes
from controller.changes import Change
from controller.people import sessions
from controller.people.powers import EVERYWHERE, NOWHERE, Scope
from controller.store.engine import writing
from controller.store.tables import kiosk
from dashboards.console import live
from dashboards.console.live import Ear, Frame, Hub, cut, fold, hear, stream
from tests.dashboards.console.conftest import Fleet
from tests.support import showcase
from tests.support.console import admitted, wear

BANDUNG, GARUT = "32.73.02", "32.05.01"
ALL = Ear(EVERYWHERE, 1)
THEIRS = Ear(Scope(("32.73",)), 2)


class Poller:
    """Says what it was told to say; `refused` counts polls while it was away."""

    def __init__(self) -> None:
        self.waiting: list[Change] = []
        self.away = False
        self.refused = 0

    def poll(self) -> list[Change]:
        if self.away:
            self.refused += 1
            raise OperationalError("SELECT", {}, Exception("away"))
        said, self.waiting = self.waiting, []
        return said


def change(kiosk_id: int | None, topic: str = "kiosk", place: str | None = BANDUNG) -> Change:
    return Change(1, 0, topic, kiosk_id, "", place if kiosk_id is not None else None)


def a_hub(told: Poller, office: str = "hears") -> Hub:
    return Hub(lambda: told, lambda: office)


async def until(predicate: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not predicate():  # noqa: ASYNC110 - what it waits for has no event of its own
            await asyncio.sleep(0.01)


async def after(queue: live.Listener) -> Frame:
    frame = await asyncio.wait_for(queue.get(), 10)
    assert frame is not None
    return frame


def test_changes_fold_into_one_frame() -> None:
    one, two = hear([change(1)]), hear([change(2, "fault"), change(None, "fleet")])
    topics = frozenset({"kiosk", "fault", "fleet"})
    assert cut(fold([*one, *two]), EVERYWHERE) == Frame(0, topics, frozenset({1, 2}))
    assert hear([]) == []


def test_a_frame_of_very_many_kiosks_names_none() -> None:
    many = [change(n) for n in range(live.MOST_KIOSKS + 1)]
    frame = cut(hear(many)[0], EVERYWHERE)
    assert frame is not None
    assert frame.kiosks is None


def test_row_69_a_frame_is_cut_to_the_districts_of_whoever_listens() -> None:
    both = hear([change(1), change(2, "fault", GARUT), change(None, "office")])[0]
    assert cut(both, THEIRS.scope) == Frame(0, frozenset({"kiosk", "office"}), frozenset({1}))
    assert cut(hear([change(2, "kiosk", GARUT)])[0], THEIRS.scope) is None
    assert cut(hear([change(None, "people")])[0], THEIRS.scope) is None
    gone = hear([change(9, "kiosk", None)])[0]
    assert cut(gone, THEIRS.scope) is None
    crowd = [change(n, "kiosk", GARUT) for n in range(live.MOST_KIOSKS + 1)]
    mixed = cut(hear([change(7), *crowd])[0], THEIRS.scope)
    assert mixed == Frame(0, frozenset({"kiosk"}), frozenset({7}))


def test_row_69_who_listens_here_hears_and_counts_nothing_of_elsewhere() -> None:
    async def play() -> None:
        told = Poller()
        hub = a_hub(told)
        theirs, everyone = hub.open("", THEIRS), hub.open("", ALL)
        await after(theirs)
        await after(everyone)
        told.waiting = [change(5, "fault", GARUT)]
        assert (await after(everyone)).kiosks == frozenset({5})
        told.waiting = [change(7)]
        assert (await after(everyone)).kiosks == frozenset({7})
        assert (await after(theirs)).kiosks == frozenset({7})
        assert theirs.empty()

    asyncio.run(play())


def test_row_69_what_was_missed_elsewhere_is_not_told_later() -> None:
    async def play() -> None:
        told = Poller()
        hub = a_hub(told)
        everyone = hub.open("", ALL)
        await after(everyone)
        cursor = hub.cursor()
        told.waiting = [change(5, "fault", GARUT)]
        await after(everyone)
        assert hub.open(cursor, THEIRS).empty()

    asyncio.run(play())


def test_the_cursor_is_a_moment_not_a_count() -> None:
    async def play() -> None:
        told = Poller()
        hub = a_hub(told)
        queue = hub.open("", ALL)
        await after(queue)
        first = hub.cursor()
        await until(lambda: hub.cursor() != first)  # though nothing happened anywhere
        assert queue.empty()

    asyncio.run(play())


def test_one_account_cannot_take_the_stream_from_all_others() -> None:
    async def play() -> None:
        hub = a_hub(Poller())
        queues = [hub.open("", THEIRS) for _ in range(live.MOST_EACH)]
        assert hub.full(THEIRS.account)
        assert not hub.full(ALL.account)
        hub.close(queues[0])
        assert not hub.full(THEIRS.account)

    asyncio.run(play())


def test_row_68_the_stream_ends_with_the_session() -> None:
    async def play() -> None:
        hub = a_hub(Poller())
        await after(hub.open("", ALL))
        where = [THEIRS.scope]
        text = stream(hub, "", THEIRS, lambda: where[0], quiet_s=0.2)
        said = [await anext(text) for _ in range(3)]
        assert said[-1] == ": still here\n\n"
        where[0] = NOWHERE
        assert "event" not in "".join(await rest(text))

    asyncio.run(play())


def test_a_new_listener_looks_at_everything_then_hears_what_changes() -> None:
    async def play() -> None:
        told = Poller()
        hub = a_hub(told)
        queue = hub.open("", ALL)
        assert (await after(queue)).resync
        told.waiting = [change(7)]
        heard = await after(queue)
        assert (heard.kiosks, heard.resync) == (frozenset({7}), False)
        hub.close(queue)

    asyncio.run(play())


def test_nobody_looks_before_the_poller_watches_or_a_change_between_is_never_seen() -> None:
    async def play() -> None:
        asked, watches = threading.Event(), threading.Event()

        def watch() -> Poller:
            asked.set()
            assert watches.wait(10)
            return Poller()

        hub = Hub(watch, lambda: "hears")
        queue = hub.open("", ALL)
        await until(asked.is_set)
        cursor = hub.cursor()
        assert queue.empty()
        watches.set()
        assert (await after(queue)).resync
        assert (await after(hub.open(cursor, ALL))).resync, "its page was read before, too"

    asyncio.run(play())


def test_who_comes_back_hears_what_it_missed_and_nothing_twice() -> None:
    async def play() -> None:
        told = Poller()
        hub = a_hub(told)
        first = hub.open("", ALL)
        await after(first)
        cursor = hub.cursor()
        told.waiting = [change(7)]
        await after(first)
        second = hub.open(cursor, ALL)
        assert (await after(second)).kiosks == frozenset({7})
        assert hub.open(hub.cursor(), ALL).empty()
        for nonsense in ("other-3", f"{cursor}x", f"{cursor[:9]}{'9' * 5000}"):
            anew = hub.open(nonsense, ALL).get_nowait()
            assert anew is not None
            assert anew.resync

    asyncio.run(play())


def test_a_listener_too_slow_is_told_to_look_at_everything() -> None:
    async def play() -> None:
        queue: live.Listener = asyncio.Queue(live.QUEUE)
        for number in range(live.QUEUE + 1):
            live.offer(queue, Frame(number))
        assert queue.get_nowait() == Frame(live.QUEUE, resync=True)
        assert queue.empty()

    asyncio.run(play())


def test_after_the_database_was_away_everything_is_looked_at() -> None:
    async def play() -> None:
        told = Poller()
        hub = a_hub(told)
        queue = hub.open("", ALL)
        await after(queue)
        told.away = True
        await until(lambda: told.refused > 0)
        told.away = False
        assert (await after(queue)).resync

    asyncio.run(play())


def test_a_change_of_the_office_is_heard_though_nobody_recorded_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def play() -> None:
        said, asked = ["hears"], []

        def condition() -> str:
            asked.append(said[0])
            return said[0]

        hub = Hub(Poller, condition)
        queue = hub.open("", ALL)
        await after(queue)
        await until(lambda: len(asked) > 1)
        said[0] = "link_down"
        assert (await after(queue)).topics == frozenset({"office"})

    monkeypatch.setattr(live, "OFFICE_S", 0.1)
    asyncio.run(play())


def test_nobody_polls_when_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        hub = a_hub(Poller())
        hub.close(hub.open("", ALL))
        assert hub.cursor()
        await until(lambda: not hub.cursor())

    monkeypatch.setattr(live, "LINGER_S", 0.1)
    asyncio.run(play())


def test_the_stream_numbers_its_events_keeps_alive_and_ends_with_the_server() -> None:
    async def play() -> None:
        hub = a_hub(Poller())
        await after(hub.open("", ALL))
        text = stream(hub, "", ALL, lambda: EVERYWHERE, quiet_s=0.3)
        said = [await anext(text) for _ in range(2)]
        assert said[0] == "retry: 1000\n\n"
        assert said[1].startswith(f"id: {hub.cursor().split('-')[0]}-")
        assert "\nevent: news\ndata: {" in said[1]
        assert await anext(text) == ": still here\n\n"
        hub.end()
        assert await rest(text) == []

    asyncio.run(play())


async def rest(text: AsyncIterator[str]) -> list[str]:
    return [one async for one in text]


def news_of(lines: Iterator[str]) -> Iterator[dict[str, Any]]:
    return (json.loads(line[6:]) for line in lines if line.startswith("data: "))


def test_row_69_an_open_stream_tells_of_nothing_elsewhere(
    serve: Callable[[], AbstractContextManager[str]], fleet: Fleet
) -> None:
    names = {kecamatan: fleet.names[kecamatan] for kecamatan in ("Coblong", "Nagreg")}
    with fleet.engine.connect() as conn:
        query = select(kiosk.c.name, kiosk.c.id)
        numbers = {row.name: row.id for row in conn.execute(query)}
    started = admitted(fleet.engine, showcase.NOW, "nagreg", ("technician", "32.04"))
    with serve() as home, httpx.Client(timeout=30) as client:
        wear(client, started)
        with client.stream("GET", f"{home}/live") as answer:
            news = news_of(answer.iter_lines())
            assert next(news)["resync"]
            for kecamatan in ("Coblong", "Nagreg"):
                with writing(fleet.engine) as conn:
                    changes.record(conn, "fault", numbers[names[kecamatan]], "x", showcase.NOW)
            told = next(one for one in news if one["kiosks"])
    assert told["kiosks"] == [numbers[names["Nagreg"]]]


def test_row_68_a_stream_ends_soon_after_the_logout(
    serve: Callable[[], AbstractContextManager[str]],
    fleet: Fleet,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(live.stream, "__defaults__", (0.3,))
    started = admitted(fleet.engine, showcase.NOW, "nagreg", ("technician", "32.04"))
    with serve() as home, httpx.Client(timeout=30) as client:
        wear(client, started)
        with client.stream("GET", f"{home}/live") as answer:
            lines = answer.iter_lines()
            assert next(lines) == "retry: 1000"
            with writing(fleet.engine) as conn:
                sessions.end(conn, started.token, showcase.NOW)
            list(lines)  # to its end
        assert client.get(f"{home}/live").status_code == 401
