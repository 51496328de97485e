"""Moves jobs on by the clock and by results: begins, opens waves, holds, finishes, lets lapse.

Called about once a second by one controller; every change is conditional on the old state, so a
second one does no harm. Decides nothing itself: gate.py does.
"""

from sqlalchemy import Connection


def tick(conn: Connection, now: int) -> bool:
    """Whether anything changed (then dispatch should look). Cheap when nothing runs."""
    raise NotImplementedError
