"""What happens to commands and releases while somebody is ended: stories, and their judge.

A story is what people and kiosks do and when; `points` tells it once for each moment at which the
office (or the broker) can be ended, and judges each telling by the promises. Owns no office.
"""

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from typing import Final, NamedTuple

from sqlalchemy import Engine, select
from sqlalchemy.exc import IntegrityError

from controller import bell
from controller.jobs import agree, ask, steer
from controller.jobs.asked import Asked
from controller.jobs.plan import Plan
from controller.jobs.refused import Refused
from controller.jobs.weigh import Wish
from controller.people import audit
from controller.store.command_tables import job
from controller.store.engine import writing
from tests.support.swept_broker import Cut, Loss
from tests.support.swept_office import KEYS, KIOSKS, Books, Deed, Machine, World
from tests.support.wisher import Registry
from wire.lifecycle import OPEN

ONE, TWO = KIOSKS
WITHOUT_ITS_KIOSK: Final = ("cancelled", "overdue", "expired")
"""Ends that the office may find alone: nobody was told, or nobody was there."""


class Story(NamedTuple):
    """`deeds` by turn; `absent`: who is not there at first. `ends`: what commands may come to."""

    deeds: tuple[tuple[int, Deed], ...]
    ends: frozenset[str]
    absent: tuple[str, ...] = ()


def clicked() -> Story:
    """One order for two kiosks, in two waves."""
    asked = asks("noop", ONE, TWO, plan=Plan(waves=("1", "100%")))
    return Story(((0, asked),), frozenset({"succeeded"}))


def agreed() -> Story:
    """Two people: one asks, the other agrees; the clerk lets it begin."""
    deeds = ((0, asks("rotate_key", ONE)), (3, agrees("budi")))
    return Story(deeds, frozenset({"succeeded"}))


def cancelled() -> Story:
    """Somebody wants it no more, while one kiosk is at it and another is away."""
    deeds = ((0, asks("noop", ONE, TWO)), (4, cancels), (12, comes(TWO)))
    return Story(deeds, frozenset({"succeeded", "cancelled"}), absent=(TWO,))


def handed_in() -> Story:
    """A picture is taken to the door before its result is said."""
    return Story(((0, asks("screenshot", ONE)),), frozenset({"succeeded"}))


def returned() -> Story:
    """One was away and comes in time, and is told several orders; another comes too late."""
    deeds = (
        (0, asks("noop", ONE)),
        (1, asks("reload_page", ONE)),
        (2, asks("noop", TWO, valid_s=60)),
        (20, comes(ONE)),
        (56, comes(TWO)),
    )
    return Story(deeds, frozenset({"succeeded", "overdue", "expired"}), absent=KIOSKS)


def rolled() -> Story:
    """A release for two kiosks, one of them away; later another one for the first."""
    deeds = ((0, rolls(7, ONE, TWO)), (14, comes(TWO)), (20, rolls(8, ONE)))
    return Story(deeds, frozenset(), absent=(TWO,))


STORIES: Final[dict[str, Callable[[], Story]]] = {
    one.__name__: one for one in (clicked, agreed, cancelled, handed_in, returned, rolled)
}


def asks(kind: str, *names: str, plan: Plan | None = None, valid_s: int = 600) -> Deed:
    """With a token, as a browser does: who is answered nothing clicks again."""
    token = f"{hash((kind, names, valid_s)) & (2**128 - 1):032x}"

    def deed(world: World, engine: Engine) -> None:
        wish = Wish(kind, {}, Asked(names), plan or Plan(), "a reason", valid_s, token)
        with writing(engine) as conn:
            made = ask.ask(conn, world.books.people["siti"], wish, world.now)
        rings(world, engine)
        world.jobs.append(made)

    return deed


def agrees(who: str) -> Deed:
    def deed(world: World, engine: Engine) -> None:
        with writing(engine) as conn:
            order = conn.scalar(select(job.c.order_text)) or ""
            word = KEYS.approve(who, order, world.now)
            agree.agree(
                conn,
                world.books.people[who],
                world.jobs[0],
                key_id=word.key,
                at=word.at,
                signature=word.signature,
                now=world.now,
            )
        rings(world, engine)

    return deed


def cancels(world: World, engine: Engine) -> None:
    with suppress(Refused), writing(engine) as conn:  # said again: it is cancelled, or over
        steer.cancel(conn, world.books.people["budi"], world.jobs[0], world.now)
    rings(world, engine)


def comes(name: str) -> Deed:
    def deed(world: World, _engine: Engine) -> None:
        if world.broker.up:
            world.reconnect(name)
        world.absent.discard(name)

    return deed


def rolls(seq: int, *names: str) -> Deed:
    """Once, however often it is said: who was answered nothing asks again."""

    def deed(world: World, engine: Engine) -> None:
        with suppress(IntegrityError):
            Registry(engine).roll(*names, seq=seq, before=seq - 1)
        rings(world, engine)

    return deed


def rings(world: World, engine: Engine) -> None:
    world.cut.at("web: ring")
    bell.ring(engine)


class Point(NamedTuple):
    """Where somebody was ended, and how the commands ended. `forgot`: see World."""

    what: str
    ends: tuple[str, ...]
    turns: int
    forgot: bool


def points(
    made: Books,
    machine: Machine,
    name: str,
    *,
    step: int = 1,
    broker: Loss | None = None,
    again: int = 0,
    start: int = 1,
) -> Iterator[Point]:
    """Every `step`-th moment of the story, its office (or its `broker`) ended there, and judged.

    From moment `start` on. `again`: so many moments later the same happens once more. The last
    telling is not disturbed.
    """
    for at in range(start, 10_000, step):
        cut, quiet = Cut(at, *([at + again] if again else [])), Cut()
        office_cut, broker_cut = (quiet, cut) if broker else (cut, quiet)
        story = STORIES[name]()
        world = World(
            made,
            machine,
            office_cut,
            loss=broker or "kept",
            broker_cut=broker_cut,
            absent=story.absent,
        )
        try:
            turns = world.tell(story.deeds)
            what = cut.points[at - 1] if cut.struck else "the end"
            yield Point(what, judged(world, story, f"{name}, {at}, {what}"), turns, world.forgot)
        finally:
            world.close()
            for one in machine.folder.glob("office.db*"):
                one.unlink()
        if not cut.struck:
            return
    raise AssertionError(f"{name}: no end")


def judged(world: World, story: Story, where: str) -> tuple[str, ...]:
    """The promises, wherever who was ended. AssertionError names the one that was broken."""
    found = _books_and_kiosks_agree(world, where)
    assert set(found.values()) <= story.ends, f"{where}: {found}"
    _nothing_is_lost_or_doubled(world, where)
    _releases_are_where_they_shall_be(world, where)
    for one in KIOSKS:
        world.reconnect(one)
    for _ in range(7):
        world.turn()
    assert world.at_rest, f"{where}: a birth began something"
    assert _books_and_kiosks_agree(world, where) == found, f"{where}: an end is no end"
    _nothing_is_lost_or_doubled(world, where)
    _releases_are_where_they_shall_be(world, where)
    return tuple(sorted(found.values()))


def _books_and_kiosks_agree(world: World, where: str) -> dict[str, str]:
    states = world.states()
    done = Counter[str]()
    for kiosk in world.kiosks.values():
        done.update(kiosk.effects)
        for command, how in kiosk.ledger.items():
            assert states.get(command) == how, f"{where}: {how} is called {states.get(command)}"
    assert all(times == 1 for times in done.values()), f"{where}: done twice: {done}"
    known = {command for kiosk in world.kiosks.values() for command in kiosk.ledger}
    for command, how in states.items():
        assert how not in OPEN, f"{where}: {how} for ever"
        assert command in known or how in WITHOUT_ITS_KIOSK, f"{where}: {how}, and nobody did it"
        assert how != "succeeded" or done[command] == 1, f"{where}: called done, and nothing was"
    return states


def _releases_are_where_they_shall_be(world: World, where: str) -> None:
    wanted = world.rows(
        "SELECT k.name, d.seq, r.seq, r.state, s.state FROM desired d JOIN share s ON "
        "s.kiosk_id = d.kiosk_id AND s.rollout_id = d.rollout_id JOIN kiosk k ON "
        "k.id = d.kiosk_id LEFT JOIN reported r ON r.kiosk_id = d.kiosk_id"
    )
    for name, seq, *reported in wanted:
        assert reported == [seq, "installed", "installed"], f"{where}: {name} {reported}"
        assert world.kiosks[name].in_use == {"layanan": seq}, where
    for kiosk in world.kiosks.values():
        assert {*kiosk.installs.values()} <= {1}, f"{where}: installed twice: {kiosk.installs}"


def _nothing_is_lost_or_doubled(world: World, where: str) -> None:
    for kiosk in world.kiosks.values():
        said = "SELECT f.fact, f.old, f.subject FROM flip f JOIN kiosk k ON k.id = f.kiosk_id"
        facts = world.rows(f"{said} WHERE k.name = '{kiosk.name}' AND fact > 0 ORDER BY f.id")
        numbers = [row[0] for row in facts]
        assert numbers == list(range(1, kiosk.facts + 1)), f"{where}: facts {numbers}"
        ends = [row for row in facts if row[1] in OPEN]
        assert len(ends) <= len(kiosk.ledger), f"{where}: ended twice: {ends}"
    assert world.rows("SELECT reason, detail FROM dead_letter") == [], where
    jobs = world.rows("SELECT id FROM job")
    assert len(jobs) == len(set(world.jobs)), f"{where}: asked twice"
    engine = world.machine.engine("judge")
    with engine.connect() as conn:
        asked = [row for row in audit.walk(conn) if row.what == "command.ask"]
        assert len(asked) == len(jobs), f"{where}: written down {len(asked)} times"
        assert audit.verify(conn).ok, f"{where}: the audit log is broken"
    engine.dispose()
    pictures = world.rows(
        "SELECT c.attachment, a.sha256 FROM command c JOIN job j ON j.id = c.job_id "
        "LEFT JOIN attachment a ON a.command_id = c.id "
        "WHERE j.kind = 'screenshot' AND c.state = 'succeeded'"
    )
    assert all(row[0] == row[1] for row in pictures), f"{where}: the picture is not there"
