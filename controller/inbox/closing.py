"""What ends because nobody said anything: complaints without an objection, papers never brought.

A complaint that was answered is closed once its citizen had ten working days to object; a record
that went back for a paper LAPSE_DAYS ago is ended. Only what has ended is destroyed in its time:
without this, what people wrote would be kept for ever. Called hourly; each record by itself.
"""

from typing import Any, Final

from sqlalchemy import Engine, and_, or_, select

from controller.inbox import moves
from controller.store.citizen_tables import is_open, submission
from controller.store.engine import writing
from wire.service.days import DAY_MS

LAPSE_DAYS: Final = 90
AT_ONCE: Final = 200


def step(engine: Engine, now: int) -> int:
    """How many were ended, at most AT_ONCE. Raises SQLAlchemyError."""
    objected = and_(
        submission.c.state == "ready", submission.c.due_what == "close", submission.c.due_at < now
    )
    forgotten = and_(
        submission.c.state == "returned", submission.c.state_at < now - LAPSE_DAYS * DAY_MS
    )
    over_ = is_open, or_(objected, forgotten), submission.c.same_as.is_(None)
    query = select(submission.c.id).where(*over_)
    with engine.connect() as conn:
        over: list[Any] = list(
            conn.scalars(query.order_by(submission.c.due_at, submission.c.id).limit(AT_ONCE))
        )
    for number in over:
        with writing(engine) as conn:
            moves.expire(conn, number, now)
    return len(over)
