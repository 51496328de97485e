"""The hub: one poller, frames, what was missed, listeners too slow, an office that goes deaf."""

import asyncio
from collections.abc import AsyncIterator, Callable

import pytest
from sqlalchemy.exc import OperationalError

from controller.changes import Change
from dashboards.console import live
from dashboards.console.live import Frame, Hub, fold, frames, stream


class Told:
    """A poller that says what it was told to say; `refused` counts polls while it was away."""

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


def change(kiosk_id: int | None, topic: str = "kiosk") -> Change:
    return Change(1, 0, topic, kiosk_id, "")


def a_hub(told: Told, office: str = "hears") -> Hub:
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
    one, two = frames([change(1)]), frames([change(2, "fault"), change(None, "fleet")])
    assert fold([*one, *two]) == Frame(0, frozenset({"kiosk", "fault", "fleet"}), frozenset({1, 2}))
    assert frames([]) == []


def test_a_frame_of_very_many_kiosks_names_none() -> None:
    many = [change(n) for n in range(live.MOST_KIOSKS + 1)]
    assert frames(many)[0].kiosks is None
    assert fold([*frames(many), *frames([change(1)])]).kiosks is None


def test_a_new_listener_looks_at_everything_then_hears_what_changes() -> None:
    async def play() -> None:
        told = Told()
        hub = a_hub(told)
        queue = hub.open("")
        assert (await after(queue)).resync
        told.waiting = [change(7)]
        heard = await after(queue)
        assert (heard.kiosks, heard.resync) == (frozenset({7}), False)
        hub.close(queue)

    asyncio.run(play())


def test_who_comes_back_hears_what_it_missed_and_nothing_twice() -> None:
    async def play() -> None:
        told = Told()
        hub = a_hub(told)
        first = hub.open("")
        await after(first)
        cursor = hub.cursor()
        told.waiting = [change(7)]
        await after(first)
        second = hub.open(cursor)
        assert (await after(second)).kiosks == frozenset({7})
        assert hub.open(hub.cursor()).empty()
        assert hub.open("other-3").get_nowait() == Frame(1, resync=True)

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
        told = Told()
        hub = a_hub(told)
        queue = hub.open("")
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

        hub = Hub(Told, condition)
        queue = hub.open("")
        await after(queue)
        await until(lambda: len(asked) > 1)
        said[0] = "link_down"
        assert (await after(queue)).topics == frozenset({"office"})

    monkeypatch.setattr(live, "OFFICE_S", 0.1)
    asyncio.run(play())


def test_nobody_polls_when_nobody_listens(monkeypatch: pytest.MonkeyPatch) -> None:
    async def play() -> None:
        hub = a_hub(Told())
        hub.close(hub.open(""))
        assert hub.cursor()
        await until(lambda: not hub.cursor())

    monkeypatch.setattr(live, "LINGER_S", 0.1)
    asyncio.run(play())


def test_the_stream_numbers_its_events_keeps_alive_and_ends_with_the_server() -> None:
    async def play() -> None:
        told = Told()
        hub = a_hub(told)
        text = stream(hub, "", quiet_s=0.3)
        said = [await anext(text) for _ in range(2)]
        assert said[0] == "retry: 1000\n\n"
        assert said[1].startswith(f"id: {hub.cursor()}\nevent: news\ndata: {{")
        assert await anext(text) == ": still here\n\n"
        hub.end()
        assert await rest(text) == []

    asyncio.run(play())


async def rest(text: AsyncIterator[str]) -> list[str]:
    return [one async for one in text]
