"""The mobile counter (*jemput bola*): when and where it comes, from what the office last told.

Owns the list by kecamatan: that of this kiosk first. Past visits are not shown, cancelled ones are,
crossed out: who came for it must learn of it.
"""

from typing import NamedTuple

from portal import home
from portal.answer import Answer, page
from portal.asked import Ask
from portal.handover import qr
from portal.times import Times
from wire.citizen import Visit


class Shown(NamedTuple):
    visit: Visit
    day: str
    hours: str
    place: str
    qr: str


def show(ask: Ask) -> Answer:
    when = home.times(ask)
    sync = ask.its.sync()
    coming = [one for one in (sync.visits if sync else ()) if one.ends > when.now]
    chosen = ask.query.get("kec", "") or _own(ask)
    here = sorted((one for one in coming if one.district == chosen), key=lambda one: one.starts)
    counts = {code: sum(one.district == code for one in coming) for code in ask.catalogue.districts}
    return page(
        ask,
        "visits.html",
        notice=home.notice_of(ask, "visit"),
        chosen=ask.catalogue.districts.get(chosen),
        visits=[_shown(ask, one, when) for one in here[:40]],
        districts=[(one, counts[code]) for code, one in ask.catalogue.districts.items()],
        as_of=when.near(sync.at) if sync else "",
    )


def _own(ask: Ask) -> str:
    """The kecamatan this kiosk stands in, "" when it stands in none."""
    return ".".join(ask.its.site.split(".")[:3])


def _shown(ask: Ask, visit: Visit, when: Times) -> Shown:
    village = ask.catalogue.villages.get(visit.village)
    place = f"{visit.place}, {village.name}" if village else visit.place
    hours = f"{when.clock(visit.starts)}–{when.clock(visit.ends)}"
    day = when.day(visit.starts)
    return Shown(visit, day, hours, place, qr(f"Jemput Bola {day} {hours} {place}"[:200]))
