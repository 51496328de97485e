"""Video guides: files of the release, played from this kiosk and never streamed.

Owns the list and the page of one film with its subtitles. The bytes come from /content/, checked
against the signed index, in the parts a player asks for. Where a citizen stopped is remembered as
long as they are at the screen: whoever looks something up in between comes back to the same second.
"""

from http import HTTPStatus

from portal import home, inform
from portal.answer import Answer, page, said
from portal.asked import Ask
from portal.press import address
from wire.service.tenant import Film

NAMES = {"id": "Indonesia", "su": "Sunda", "en": "English"}


def show(ask: Ask) -> Answer:
    seq = ask.catalogue.seq
    films = [
        (one, address(seq, one.poster) if one.poster else "", length(ask, one))
        for one in ask.catalogue.films
    ]
    return page(ask, "films.html", films=films, notice=home.notice_of(ask, "watch"))


def one(ask: Ask) -> Answer:
    found = next((film for film in ask.catalogue.films if film.code == ask.args["code"]), None)
    if found is None:
        return inform.missing(ask)
    seq = ask.catalogue.seq
    services = (ask.catalogue.services.get(code) for code in found.services)
    return page(
        ask,
        "film.html",
        film=found,
        file=address(seq, found.file),
        poster=address(seq, found.poster) if found.poster else "",
        tracks=[
            (sub.language, NAMES[sub.language], address(seq, sub.file)) for sub in found.subtitles
        ],
        length=length(ask, found),
        services=[service for service in services if service],
        idle=max(60, found.seconds + 60),
        since=ask.sitting.watched.get(found.code, 0),
    )


def stopped(ask: Ask) -> Answer:
    """The page's word where its film is now; at its end it begins anew."""
    film = next((film for film in ask.catalogue.films if film.code == ask.one("film")), None)
    at = ask.one("at")
    if film is None or not (at.isascii() and at.isdecimal() and len(at) < 6):
        return said(HTTPStatus.BAD_REQUEST)
    second = int(at)
    ask.sitting.watched[film.code] = second if second < film.seconds - 2 else 0
    return said(HTTPStatus.OK)


def length(ask: Ask, film: Film) -> str:
    """As one says it: 24 seconds, 2 minutes, 1 minute 15 seconds."""
    minutes, seconds = divmod(film.seconds, 60)
    key = "length" if minutes and seconds else "minutes" if minutes else "seconds"
    return ask.t(f"watch.{key}", minutes=minutes, seconds=seconds)
