"""Prints what the page offers to print: one form, on whichever page there is something.

Owns the way back to that page, which then says whether paper came, and how often a citizen may ask:
a child that leans on the button empties no roll. What is printed stands in the sitting and nowhere
else.
"""

from typing import Final

from portal.answer import Answer, go
from portal.asked import Ask
from portal.choices import back_to

MOST: Final = 3


def put(ask: Ask) -> Answer:
    printed = print_once_more(ask, ask.sitting.paper)
    return go(f"{back_to(ask).partition('?')[0]}?cetak={'ya' if printed else 'tidak'}")


def print_once_more(ask: Ask, text: str) -> bool:
    """Whether the print server took it."""
    ask.sitting.again += 1
    if not text or ask.sitting.again > MOST or ask.its.printer is None:
        return False
    return ask.its.printer.put(text)
