"""How full a printer is: trays and supplies to percents.

Levels below zero are the standard's words for "not known" and "some": no percent is made of them.
"""

from typing import Final

from agent.probes.ipp import Group

CONSUMED: Final = ("toner", "ink")


def paper_percent(printer: Group) -> int | None:
    """Fill of the largest tray that tells its level: the one the kiosk prints from."""
    trays = [_pairs(value) for value in printer.get("printer-input-tray", [])]
    sizes = [(_number(tray, "maxcapacity"), _number(tray, "level")) for tray in trays]
    known = [(capacity, level) for capacity, level in sizes if capacity > 0 and level >= 0]
    if not known:
        return None
    capacity, level = max(known)
    return min(round(100 * level / capacity), 100)


def toner_percent(printer: Group) -> int | None:
    """The emptiest of what is used up; waste boxes fill and do not count."""
    levels = _from_markers(printer) or _from_supplies(printer)
    return min(levels) if levels else None


def _from_markers(printer: Group) -> list[int]:
    kinds = [str(kind).lower() for kind in printer.get("marker-types", [])]
    levels = printer.get("marker-levels", [])
    return [
        level
        for kind, level in zip(kinds, levels, strict=False)
        if isinstance(level, int)
        and 0 <= level <= 100
        and kind.startswith(CONSUMED)
        and "waste" not in kind
    ]


def _from_supplies(printer: Group) -> list[int]:
    supplies = [_pairs(value) for value in printer.get("printer-supply", [])]
    used = [one for one in supplies if one.get("type", "").lower().startswith(CONSUMED)]
    sizes = [(_number(one, "maxcapacity"), _number(one, "level")) for one in used]
    return [min(100 * level // size, 100) for size, level in sizes if size > 0 and level >= 0]


def _pairs(value: object) -> dict[str, str]:
    """`type=toner;level=75;` as a mapping; anything else as an empty one."""
    text = value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)
    return dict(part.split("=", 1) for part in text.split(";") if "=" in part)


def _number(pairs: dict[str, str], name: str) -> int:
    """A number, or -2 (the standard's "unknown") when there is none worth believing."""
    text = pairs.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 9 else -2
