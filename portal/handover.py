"""From a filled-in form to a receipt: can anything be handed in here now, and what is shown then.

Owns the reasons for which nothing can be handed in, as keys of the portal's texts, and the receipt
panel. It hands in nothing twice: who comes back to a draft that was handed in finds its receipt.
"""

from collections.abc import Iterable
from typing import Final

import segno
from markupsafe import Markup

from portal import papers, printing
from portal.asked import Ask
from portal.handing import Draft, Handed, NoKey, NotTaken, TooLarge, TrayFull
from wire.service import days
from wire.service.days import Date

_WHY: Final = ((TrayFull, "full"), (NoKey, "nokey"), (TooLarge, "large"), (NotTaken, "failing"))


def today(ask: Ask) -> Date:
    """The day it is where the kiosk stands."""
    return days.from_millis(ask.its.clock(), ask.catalogue.tenant.utc_offset_min)


def why_not(ask: Ask) -> str:
    """Before somebody fills in anything: a key of [handed.not], "" when it can be handed in."""
    if ask.its.handing is None or ask.catalogue.keys is None:
        return "nokey"
    try:
        ask.its.handing.check()
    except NotTaken as error:
        return _why(error)
    return ""


def hand_in(ask: Ask, draft: Draft) -> Handed | str:
    """What the citizen takes home, or why nothing was taken: a key of [handed.not]."""
    if ask.its.handing is None:
        return "nokey"
    try:
        return ask.its.handing.hand_in(draft)
    except NotTaken as error:
        return _why(error)


def _why(error: NotTaken) -> str:
    return next(key for kind, key in _WHY if isinstance(error, kind))


def receipt(ask: Ask, handed: Handed, lines: Iterable[str], own: str = "") -> str:
    """The paper of what was handed in, kept to be printed anew: `own` is what a pack wants on it.

    The way to the receipt of that page, and whether it was printed.
    """
    name = ask.catalogue.tenant.name.of(ask.sitting.language)
    ask.sitting.paper = own or printing.receipt(name, handed.number, lines)
    if ask.its.printer is None:
        return "tanda-terima"
    printed = papers.on_paper(ask, ask.sitting.paper)
    return f"tanda-terima?cetak={'ya' if printed else 'tidak'}"


def status_line(ask: Ask, tail: str) -> str:
    """How to ask for it later."""
    return ask.t("handed.tail", tail=tail) if tail else ask.t("handed.no_tail")


def qr(text: str) -> Markup:
    """As an SVG that takes the size of its place. Its text is plain: the number, or an address."""
    code = segno.make(text, error="m", micro=False)
    drawn = code.svg_inline(omitsize=True, border=3, dark="#000", light="#fff", svgclass=None)
    # its modules are strokes of one unit and its ground has none, whatever the page draws with
    plain = drawn.replace('fill="#fff"', 'fill="#fff" stroke="none"')
    return Markup(plain.replace('stroke="#000"', 'stroke="#000" stroke-width="1"'))  # noqa: S704 - drawn here from modules, the text itself is not in it


def day(ask: Ask, moment: int) -> str:
    """The day of a moment (Unix milliseconds) in the citizen's words, "" for 0."""
    if not moment:
        return ""
    offset = ask.catalogue.tenant.utc_offset_min
    return days.spelled(days.from_millis(moment, offset), ask.sitting.language)
