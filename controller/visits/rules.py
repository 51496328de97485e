"""Recurrences that an office is willing to unfold: weighed and bounded before anybody counts.

A rule of sixty letters keeps a processor busy for ever: one that never comes true, one that goes on
by nothing, one that began in the year 1. What is left here comes true within a few steps, ends
within a year of today, and began not long ago. Pure.
"""

import re
from datetime import UTC, datetime, timedelta
from typing import Any, Final

SINCE: Final = timedelta(days=2 * 366)  # who repeats something for longer writes it anew
_TOO_OFTEN: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
_SPLITTING: Final = ("BYSECOND", "BYMINUTE", "BYHOUR")
_PLAIN: Final = frozenset({"FREQ", "INTERVAL", "WKST", "COUNT", "UNTIL"})  # true at every step
# What may be said besides: together with others a rule may wait for a 30th of February.
_BESIDES: Final = {
    "DAILY": ({"BYDAY"},),
    "WEEKLY": ({"BYDAY"},),
    "MONTHLY": ({"BYDAY"}, {"BYDAY", "BYSETPOS"}, {"BYMONTHDAY"}),
    "YEARLY": ({"BYMONTH"}, {"BYMONTH", "BYMONTHDAY"}, {"BYMONTH", "BYDAY"}),
}
_DAY: Final = re.compile(r"([+-]?[1-4])?(MO|TU|WE|TH|FR|SA|SU)")
_LAST: Final = {"BYMONTHDAY": 28, "BYMONTH": 12, "BYSETPOS": 4}  # every month has them
_ZONE: Final = re.compile(rb"(?ims)^BEGIN:VTIMEZONE\b.*?^END:VTIMEZONE\b")
_RULE: Final = re.compile(rb"(?im)^(?:RRULE|EXRULE)\b[^\r\n]*")
_YEARLY: Final = re.compile(rb"(?i)^RRULE:(?!.*INTERVAL=0*(?:;|$))(?:.*;)?FREQ=YEARLY(?:;.*)?$")


def too_often(event: Any) -> bool:
    """Whether something of it comes more often than daily."""
    return event.get("EXRULE") is not None or any(map(_often, several(event.get("RRULE", []))))


def endless(event: Any, today: datetime) -> bool:
    """Whether nobody can tell how long it takes to find the next day it comes."""
    rules = several(event.get("RRULE", []))
    return any(_stuck(rule) for rule in rules) or (
        bool(rules) and moment(event["DTSTART"].dt, today.tzinfo) < today - SINCE
    )


def bound(event: Any, until: datetime) -> None:
    """Changes its rules so that they end at `until`, where they would go on."""
    for rule in several(event.get("RRULE", [])):
        ends = [moment(one, until.tzinfo) for one in several(rule.get("UNTIL", []))]
        if "COUNT" not in rule and (not ends or max(ends) > until):
            rule["UNTIL"] = [_alike(event["DTSTART"].dt, until)]


def zones_are_plain(body: bytes) -> bool:
    """A zone of the file's own is unfolded as it is read: its summer comes once a year at most."""
    text = re.sub(rb"\r?\n[ \t]", b"", body)
    rules = [rule.strip() for zone in _ZONE.findall(text) for rule in _RULE.findall(zone)]
    return all(_YEARLY.fullmatch(rule) for rule in rules)


def moment(value: Any, zone: Any) -> datetime:
    """A day without an hour begins at eight, when counters open; an hour without a zone is ours."""
    if not isinstance(value, datetime):
        return datetime(value.year, value.month, value.day, 8, tzinfo=zone)
    return value if value.tzinfo else value.replace(tzinfo=zone)


def several(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]


def _often(rule: Any) -> bool:
    often = {str(one).upper() for one in rule.get("FREQ", [])} & _TOO_OFTEN
    return bool(often) or any(len(rule.get(part, [])) > 1 for part in _SPLITTING)


def _stuck(rule: Any) -> bool:
    """Whether it may never come true, or only after years of counting."""
    said = {str(name).upper(): several(value) for name, value in rule.items()}
    freq = "".join(str(one).upper() for one in said.get("FREQ", []))
    besides = said.keys() - _PLAIN
    if besides and besides not in _BESIDES.get(freq, ()):
        return True
    steps = [int(one) for part in ("INTERVAL", "COUNT") for one in said.get(part, [])]
    if min(steps, default=1) < 1 or (freq == "DAILY" and besides and said.get("INTERVAL")):
        return True
    days = [str(one).upper() for one in said.get("BYDAY", [])]
    numbers = [(part, abs(int(one))) for part in _LAST for one in said.get(part, [])]
    return not (
        all(_DAY.fullmatch(one) for one in days)
        and all(0 < one <= _LAST[part] for part, one in numbers)
        and not ("BYSETPOS" in said and any(not one.isalpha() for one in days))
    )


def _alike(start: Any, until: datetime) -> Any:
    """`until` as a start of this kind wants it: a day, an hour of no zone, or one of UTC."""
    if not isinstance(start, datetime):
        return until.date()
    return until.astimezone(UTC) if start.tzinfo else until.replace(tzinfo=None)
