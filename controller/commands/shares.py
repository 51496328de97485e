"""Each kiosk's share of a job: the envelope with the proof that the order names this kiosk.

Owns a cache of what never changes while a job runs: its tree (built once, from the job's own
commands) and who agreed. Bounded by leaves; whatever is dropped is built again.
"""

from collections import OrderedDict
from typing import Final, NamedTuple

from sqlalchemy import Connection, bindparam, select

from controller.commands.plan import Open
from controller.store.command_tables import approval, command, job
from controller.store.tables import kiosk
from wire.envelope import Approval, Envelope, Order, Tree, parse

MOST_LEAVES: Final = 300_000


class _Job(NamedTuple):
    order: str
    approvals: tuple[Approval, ...]
    tree: Tree | None  # none: of one kiosk
    leaves: int


class Shares:
    def __init__(self, most_leaves: int = MOST_LEAVES) -> None:
        self._most = most_leaves
        self._jobs: OrderedDict[int, _Job] = OrderedDict()

    def envelope(self, conn: Connection, kiosk_name: str, row: Open) -> Envelope:
        """Raises KeyError or MalformedMessage when the job's books are broken."""
        known = self._jobs.get(row.job_id) or self._learn(conn, row.job_id)
        self._jobs.move_to_end(row.job_id)
        return Envelope(
            command=row.command_id,
            number=row.number,
            order=known.order,
            after=row.after,
            proof=known.tree.proof(kiosk_name) if known.tree is not None else (),
            approvals=known.approvals,
            cancel=row.cancel_at is not None,
        )

    def _learn(self, conn: Connection, job_id: int) -> _Job:
        found = conn.execute(_JOB, {"job": job_id}).one()
        parse(found.order_text, Order)  # one that is none would spoil the whole message
        approvals: tuple[Approval, ...] = ()
        if found.approvals:
            rows = conn.execute(_APPROVALS.where(approval.c.job_id == job_id))
            approvals = tuple(Approval(key=r.key_id, at=r.at, signature=r.signature) for r in rows)
        tree = None
        if found.kiosks > 1:
            leaves = conn.execute(_LEAVES.where(command.c.job_id == job_id))
            tree = Tree({row.name: row.after for row in leaves})
        made = _Job(found.order_text, approvals, tree, found.kiosks)
        self._jobs[job_id] = made
        while len(self._jobs) > 1 and sum(one.leaves for one in self._jobs.values()) > self._most:
            self._jobs.popitem(last=False)
        return made


# Built once: building a question costs more than the database's answer.
_JOB = select(job.c.order_text, job.c.approvals, job.c["count"].label("kiosks")).where(
    job.c.id == bindparam("job")
)
_APPROVALS = select(approval.c.key_id, approval.c.at, approval.c.signature).order_by(
    approval.c.at, approval.c.key_id
)
_LEAVES = select(kiosk.c.name, command.c.after).join(kiosk, kiosk.c.id == command.c.kiosk_id)
