"""What people do to a job or a command that is under way: pause, resume, cancel, ask again.

Stopping needs the power command.routine wherever the job has kiosks; letting it go on needs the
power the job itself needs. Every function writes its row of the audit log; who calls rings.
"""

from typing import Literal

from sqlalchemy import Connection

from controller.deeds import Doer


def pause(conn: Connection, by: Doer, job_id: int, now: int) -> None:
    """Nothing more is sent. Raises Refused (`unknown`, `state`), Lacks, Outside."""
    raise NotImplementedError


def resume(conn: Connection, by: Doer, job_id: int, now: int) -> None:
    """Also of a held one: then the failures so far hold it no more. Raises as `pause`."""
    raise NotImplementedError


def cancel(conn: Connection, by: Doer, job_id: int, now: int) -> None:
    """Queued commands at once; kiosks that were told are asked to leave it. Raises as `pause`."""
    raise NotImplementedError


def cancel_command(
    conn: Connection, by: Doer, command_id: str, now: int
) -> Literal["cancelled", "asked"]:
    """`asked`: the kiosk was told and decides. Raises as `pause`, `state` when it is over."""
    raise NotImplementedError


def retry_failed(conn: Connection, by: Doer, job_id: int, token: str, now: int) -> int:
    """A new job over those that failed, expired or are unknown; never the rejected ones.

    Raises Refused (`state`: there are none), and as `ask`.
    """
    raise NotImplementedError
