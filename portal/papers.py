"""Prints what the page offers to print: one form, on whichever page there is something.

Owns the way back to that page, which then says whether paper came. What is printed stands in the
sitting and nowhere else.
"""

from portal.answer import Answer, go
from portal.asked import Ask
from portal.choices import back_to


def put(ask: Ask) -> Answer:
    text = ask.sitting.paper
    printed = bool(text) and ask.its.printer is not None and ask.its.printer.put(text)
    return go(f"{back_to(ask).partition('?')[0]}?cetak={'ya' if printed else 'tidak'}")
