"""The mobile counter (*jemput bola*): when and where it comes, from what the office last told.

Owns the list by kecamatan: that of this kiosk first. Past visits are not shown, cancelled ones are,
crossed out: who came for it must learn of it. What is printed names a schedule and nobody.
"""

from typing import Final, NamedTuple

from markupsafe import Markup

from portal import home, papers, printing, vevent
from portal.answer import Answer, go, page
from portal.asked import Ask
from portal.handover import qr
from portal.times import Times
from wire.citizen import Visit

HOME: Final = "/jemput-bola"
MOST: Final = 40  # of one kecamatan
ON_PAPER: Final = 12


class Shown(NamedTuple):
    """`qr` is for a telephone's calendar, "" of one that is cancelled."""

    visit: Visit
    day: str
    hours: str
    place: str
    qr: Markup | str


def show(ask: Ask) -> Answer:
    """Of one kecamatan; with none in the address, of the one this kiosk stands in."""
    when = home.times(ask)
    sync = ask.its.sync()
    coming = [one for one in (sync.visits if sync else ()) if one.ends > when.now]
    chosen = _chosen(ask)
    counts = {code: sum(one.district == code for one in coming) for code in ask.catalogue.districts}
    visits = _here(ask, chosen)
    return page(
        ask,
        "visits.html",
        notice=home.notice_of(ask, "visit"),
        chosen=ask.catalogue.districts.get(chosen),
        visits=visits,
        districts=[(one, counts[code]) for code, one in ask.catalogue.districts.items()],
        as_of=when.near(sync.at) if sync else "",
        prints=bool(visits) and ask.its.printer is not None,
        printed=ask.query.get("cetak", ""),
    )


def put(ask: Ask) -> Answer:
    """The next dates of a kecamatan on paper."""
    chosen = _chosen(ask)
    visits = [one for one in _here(ask, chosen) if not one.visit.cancelled][:ON_PAPER]
    district = ask.catalogue.districts.get(chosen)
    if not visits or district is None:
        return go(HOME)
    printed = papers.print_once_more(ask, _paper(ask, district.name, visits))
    return go(f"{HOME}/{chosen}?cetak={'ya' if printed else 'tidak'}")


def _chosen(ask: Ask) -> str:
    """The kecamatan of the address, else the one this kiosk stands in, "" when it is in none."""
    return ask.args.get("place") or ".".join(ask.its.site.split(".")[:3])


def _here(ask: Ask, district: str) -> list[Shown]:
    when, sync = home.times(ask), ask.its.sync()
    here = [
        one
        for one in (sync.visits if sync else ())
        if one.ends > when.now and one.district == district
    ]
    return [_shown(ask, one, when) for one in sorted(here, key=lambda one: one.starts)[:MOST]]


def _shown(ask: Ask, visit: Visit, when: Times) -> Shown:
    village = ask.catalogue.villages.get(visit.village)
    place = f"{visit.place}, {village.name}" if village else visit.place
    hours = f"{when.clock(visit.starts)}–{when.clock(visit.ends)}"
    code = "" if visit.cancelled else qr(vevent.event(visit, ask.t("visit.title"), place))
    return Shown(visit, when.day(visit.starts), hours, place, code)


def _paper(ask: Ask, district: str, visits: list[Shown]) -> str:
    when, sync = home.times(ask), ask.its.sync()
    lines = [
        line
        for one in visits
        for line in (f"{one.day}, {one.hours}", one.place, ", ".join(one.visit.services), "")
    ]
    as_of = ask.t("visit.as_of", when=when.near(sync.at)) if sync else ""
    name = ask.catalogue.tenant.name.of(ask.sitting.language)
    return printing.receipt(name, f"{ask.t('visit.title')}: {district}", (*lines, as_of))
