"""Which page answers at which address: the visible table. To add a page, add a line.

Patterns are whole paths; {name} stands for one piece without a slash and comes as `ask.args[name]`.
GET changes nothing that matters, POST ends in another page (answer.go).
"""

import re
from collections.abc import Callable
from typing import Final, NamedTuple
from urllib.parse import unquote

from portal import (
    apply,
    choices,
    complain,
    ending,
    films,
    home,
    inform,
    live,
    papers,
    photos,
    queue,
    search,
    status,
    visits,
)
from portal.answer import Answer
from portal.asked import Ask

Handler = Callable[[Ask], Answer]


class Route(NamedTuple):
    method: str
    pattern: str
    handler: Handler


ROUTES: Final = (
    Route("GET", "/", home.show),
    Route("POST", "/bahasa/{code}", choices.language),
    Route("POST", "/tampilan", choices.display),
    Route("POST", "/selesai", ending.end),
    Route("POST", "/selesai/bukti", ending.proof),
    Route("POST", "/cetak", papers.put),
    Route("GET", "/panggil", live.show),
    Route("POST", "/panggil", live.call),
    Route("GET", "/informasi", inform.groups),
    Route("GET", "/informasi/{code}", inform.service),
    Route("GET", "/cari", search.show),
    Route("GET", "/antrian", queue.show),
    Route("POST", "/antrian/{code}", queue.take),
    Route("GET", "/antrian/nomor", queue.ticket),
    Route("GET", "/status", status.show),
    Route("POST", "/status", status.look),
    Route("GET", "/jemput-bola", visits.show),
    Route("GET", "/jemput-bola/{place}", visits.show),
    Route("POST", "/jemput-bola/{place}/cetak", visits.put),
    Route("GET", "/video", films.show),
    Route("POST", "/video/sampai", films.stopped),
    Route("GET", "/video/{code}", films.one),
    Route("GET", "/perizinan", apply.offered),
    Route("GET", "/perizinan/{code}", apply.begin),
    Route("POST", "/perizinan/{code}", apply.start),
    Route("GET", "/perizinan/{code}/isi/{page}", apply.question),
    Route("POST", "/perizinan/{code}/isi/{page}", apply.answered),
    Route("GET", "/perizinan/{code}/kontak", apply.contact),
    Route("POST", "/perizinan/{code}/kontak", apply.contact),
    Route("GET", "/perizinan/{code}/periksa", apply.check),
    Route("POST", "/perizinan/{code}/periksa", apply.check),
    Route("GET", "/perizinan/{code}/tanda-terima", apply.receipt),
    Route("GET", "/pengaduan", complain.gate),
    Route("POST", "/pengaduan", complain.begin),
    Route("GET", "/pengaduan/kategori", complain.categories),
    Route("POST", "/pengaduan/kategori", complain.categories),
    Route("GET", "/pengaduan/tempat", complain.place),
    Route("POST", "/pengaduan/tempat", complain.place),
    Route("GET", "/pengaduan/cerita", complain.story),
    Route("POST", "/pengaduan/cerita", complain.story),
    Route("GET", "/pengaduan/peta", complain.pin),
    Route("POST", "/pengaduan/peta", complain.pin),
    Route("GET", "/pengaduan/peta.svg", complain.map_picture),
    Route("GET", "/pengaduan/pelapor", complain.who),
    Route("POST", "/pengaduan/pelapor", complain.who),
    Route("GET", "/pengaduan/periksa", complain.check),
    Route("POST", "/pengaduan/periksa", complain.check),
    Route("GET", "/pengaduan/tanda-terima", complain.receipt),
    Route("GET", "/foto/{draft}/{key}", photos.show),
    Route("POST", "/foto/{draft}/{key}", photos.add),
    Route("POST", "/foto/{draft}/{key}/hapus", photos.drop),
    Route("GET", "/foto/{draft}/{key}/{at}", photos.look),
)


class Found(NamedTuple):
    """`handler` None: that address is there, but not for this method."""

    handler: Handler | None
    args: dict[str, str]


def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\{(\w+)\\}", r"(?P<\1>[^/]+)", re.escape(pattern)))


_TABLE: Final = tuple((_compiled(one.pattern), one) for one in ROUTES)


def find(method: str, path: str) -> Found | None:
    """None when there is no such page."""
    there = None
    for pattern, route in _TABLE:
        if match := pattern.fullmatch(path):
            args = {name: unquote(value) for name, value in match.groupdict().items()}
            if route.method == method:
                return Found(route.handler, args)
            there = Found(None, args)
    return there
