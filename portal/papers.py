"""Prints what the page offers to print: one form, on whichever page there is something.

Owns the way back to that page, which then says whether paper came, and how often a citizen may ask:
a child that leans on the button empties no roll. What is printed stands in the sitting and nowhere
else.
"""

from typing import Final

from portal.answer import Answer, go
from portal.asked import Ask
from portal.choices import back_to
from portal.tiles import printer_down

MOST: Final = 3


def put(ask: Ask) -> Answer:
    printed = print_once_more(ask, ask.sitting.paper)
    return go(f"{back_to(ask).partition('?')[0]}?cetak={'ya' if printed else 'tidak'}")


def print_once_more(ask: Ask, text: str) -> bool:
    """Whether it is being printed."""
    ask.sitting.again += 1
    return bool(text) and ask.sitting.again <= MOST and on_paper(ask, text)


def on_paper(ask: Ask, text: str) -> bool:
    """Whether it is being printed.

    A printer that is known to be down is given nothing: the print server would say that all is
    well, and papers of many come out together when nobody stands there any more.
    """
    printer = ask.its.printer
    return printer is not None and not printer_down(ask.its.local()) and printer.put(text)
