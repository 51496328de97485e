"""Home: six tiles with their true state, the search, and the screen that invites.

Owns the order of the tiles and gathers the facts they are judged by. `notice_of` says the same to
the pages behind a tile, so that nobody learns at the end of a form what was known at its door.
"""

from typing import Final, NamedTuple

from portal import handover, hours, tiles
from portal.answer import Answer, page
from portal.asked import Ask
from portal.tiles import Facts, State
from portal.times import Times
from wire.citizen import Sync
from wire.service import days


class Tile(NamedTuple):
    """`code` is also that of its picture."""

    code: str
    path: str


class Said(NamedTuple):
    state: State
    text: str


TILES: Final = (
    Tile("inform", "/informasi"),
    Tile("apply", "/perizinan"),
    Tile("complain", "/pengaduan"),
    Tile("visit", "/jemput-bola"),
    Tile("watch", "/video"),
    Tile("queue", "/antrian"),
)


def show(ask: Ask) -> Answer:
    said = states(ask)
    return page(
        ask,
        "home.html",
        tiles=[(tile, said[tile.code]) for tile in TILES],
        notices=notices(ask),
        week=week(ask),
        counter=counter(ask),
    )


def states(ask: Ask) -> dict[str, Said]:
    """What each tile says now, by its code."""
    when = times(ask)
    return {
        code: Said(one.state, ask.t(f"state.{one.key}", since=when.near(one.since)))
        for code, one in tiles.judge(_facts(ask)).items()
    }


def notice_of(ask: Ask, code: str) -> Said | None:
    """What a page behind a tile must say first; None when all is well."""
    said = states(ask)[code]
    return said if said.state != "ok" else None


def times(ask: Ask) -> Times:
    texts = ask.its.press.texts(ask.sitting.language)
    return Times(texts, ask.its.clock(), ask.catalogue.tenant.utc_offset_min)


def notices(ask: Ask) -> list[str]:
    """What the office must tell citizens of this place now, also when it was told long ago."""
    sync = ask.its.sync()
    if sync is None:
        return []
    now = _offices_now(ask, sync)
    shown = (one for one in sync.notices if one.starts <= now < one.ends)
    return [one.words.of(ask.sitting.language) for one in shown]


def _offices_now(ask: Ask, sync: Sync) -> int:
    """It is never earlier than the office last said; while it is heard, our doubts are its word."""
    local = ask.its.local()
    if local is not None and local.online and local.clock == "unsure":
        return sync.at
    return max(ask.its.clock(), sync.at)


def counter(ask: Ask) -> str:
    """One sentence on whether the counter is open."""
    now = hours.now(ask.catalogue.tenant, ask.catalogue.holidays, ask.its.clock())
    key = "open" if now.is_open else "closed" if now.until else "away"
    return ask.t(f"counter.{key}", when=times(ask).near(now.until))


def week(ask: Ask) -> list[tuple[str, str, bool]]:
    """The next seven days: name, hours, whether it is today."""
    when, tenant = times(ask), ask.catalogue.tenant
    today = days.from_millis(when.now, when.offset_min)
    found = []
    for later in range(7):
        day = days.plus(today, later)
        spans = hours.of(tenant, ask.catalogue.holidays, day)
        spoken = hours.spoken(spans, when.offset_min) or ask.t("counter.none")
        found.append((when.weekday(days.weekday(day)), spoken, later == 0))
    return found


def _facts(ask: Ask) -> Facts:
    its, catalogue = ask.its, ask.catalogue
    now, sync = its.clock(), its.sync()
    services = catalogue.on(times(ask).today)
    why_not = handover.why_not(ask)
    return Facts(
        now=now,
        local=its.local(),
        why_not=why_not,
        waits_since=_waits_since(ask) if why_not == "full" else 0,
        counter=hours.now(catalogue.tenant, catalogue.holidays, now),
        synced=sync.at if sync else 0,
        offered={
            "inform": len(services),
            "apply": sum("apply" in one.modes for one in services),
            "watch": len(catalogue.films),
        },
    )


def _waits_since(ask: Ask) -> int:
    try:
        return ask.its.handing.state().oldest if ask.its.handing else 0
    except OSError:
        return 0
