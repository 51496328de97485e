"""Times as a technician in Bandung reads them: the clock in WIB, and how long ago. Pure.

Times come in as milliseconds since 1970; `now` is always given.
"""

from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from dashboards.console.texts import Texts

WIB: Final = ZoneInfo("Asia/Jakarta")
MOST_MS: Final = 253_370_764_800_000  # the first of January 9999
_UNITS = (("days", 86_400), ("hours", 3_600), ("minutes", 60))


def local(at: int) -> datetime:
    """The moment in WIB. A nonsense time becomes the nearest one a calendar can show."""
    return datetime.fromtimestamp(min(max(at, 0), MOST_MS) / 1000, tz=UTC).astimezone(WIB)


def clock(at: int, now: int, texts: Texts) -> str:
    """`14.05` today, else with the day: `21 Nov 14.05`, and the year where it differs."""
    moment, today = local(at), local(now)
    hour = f"{moment:%H.%M}" if texts.language == "id" else f"{moment:%H:%M}"
    if moment.date() == today.date():
        return f"{hour} WIB"
    month = texts(f"month.{moment.month}")
    year = "" if moment.year == today.year else f" {moment.year}"
    return f"{moment.day} {month}{year} {hour} WIB"


def exact(at: int, texts: Texts) -> str:
    """`14.05.09`: to the second, where steps of one minute are told apart."""
    moment = local(at)
    return f"{moment:%H.%M.%S}" if texts.language == "id" else f"{moment:%H:%M:%S}"


def iso(at: int) -> str:
    """For the datetime attribute of <time>."""
    return local(at).isoformat(timespec="seconds")


def age(at: int, now: int, texts: Texts) -> str:
    """`baru saja`, `5 mnt`, `3 j 10 mnt`, `12 h`: how long something has lasted."""
    return span(max(0, now - at) / 1000, texts)


def ago(at: int, now: int, texts: Texts) -> str:
    seconds = (now - at) / 1000
    return texts("age.now") if seconds < 10 else texts("age.ago", span=span(seconds, texts))


def span(seconds: float, texts: Texts) -> str:
    """A length of time in its one or two largest units."""
    whole = int(seconds)
    for n, (unit, size) in enumerate(_UNITS):
        if whole >= size:
            first = texts(f"age.{unit}", n=whole // size)
            rest = whole % size
            if whole // size >= 10 or n + 1 == len(_UNITS):
                return first
            lower, small = _UNITS[n + 1]
            return f"{first} {texts(f'age.{lower}', n=rest // small)}" if rest >= small else first
    return texts("age.seconds", n=whole)
