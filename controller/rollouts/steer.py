"""What people do to a rollout under way: pause, resume, abort, take back, try again.

All need the power rollout.steer wherever it has kiosks, `retry` rollout.ask. Every function writes
its row of the audit log and raises Refused (`unknown`, `state`), Lacks, Outside. Inside a `writing`
transaction, last in it; who calls rings.
"""

from sqlalchemy import Connection

from controller.deeds import Doer


def pause(conn: Connection, by: Doer, rollout_id: int, now: int) -> None:
    """No phase opens. Kiosks that were told go on."""
    raise NotImplementedError


def resume(conn: Connection, by: Doer, rollout_id: int, now: int) -> None:
    """Also of a held one: then what held it so far holds it no more."""
    raise NotImplementedError


def abort(conn: Connection, by: Doer, rollout_id: int, now: int) -> None:
    """Nobody more gets it; who has it keeps it."""
    raise NotImplementedError


def back(conn: Connection, by: Doer, rollout_id: int, why: str, now: int) -> None:
    """Whoever got it goes back to what it had before. Also Refused (`why`)."""
    raise NotImplementedError


def retry(conn: Connection, by: Doer, rollout_id: int, token: str, now: int) -> int:
    """Once more for kiosks that failed or went back by themselves: the id of the rollout that does.

    The same one while it goes on, else a new one.
    """
    raise NotImplementedError
