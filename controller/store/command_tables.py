"""The tables of commands: jobs, who agreed to them, each kiosk's share, what came back.

Times are milliseconds since 1970 by the office's clock unless a column says `kiosk_`. Every command
belongs to a job, also the one for one kiosk. Counts and progress are computed, never stored.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    String,
    Table,
    UniqueConstraint,
)

from controller.store.base import Json, Serial, metadata
from wire.envelope import MOST_SIGNED

policy = Table(  # who may command this fleet, as the roots signed it; the newest is in force
    "policy",
    metadata,
    Column("version", BigInteger, primary_key=True, autoincrement=False),
    Column("policy", String(MOST_SIGNED), nullable=False),  # the signed text, wire/policy.py
    Column("signatures", Json, nullable=False),
    Column("stored_at", BigInteger, nullable=False),
)

operator_key = Table(  # a person's public key; in force when the newest policy holds it
    "operator_key",
    metadata,
    Column("key_id", String(16), primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("public", String(44), nullable=False),
    Column("label", String(80), nullable=False),  # which telephone, which computer
    Column("made_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),  # the person wants it no more: not offered for signing again
)

job = Table(  # what somebody wants done, by whom it is agreed, and how it is spread over time
    "job",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("order_id", String(32), nullable=False, unique=True),
    Column("order_text", String(MOST_SIGNED), nullable=False),  # canonical, wire/envelope.py
    Column("kind", String(32), nullable=False),
    Column("args", Json, nullable=False),
    Column("power", String(12), nullable=False),  # routine, sensitive, destructive
    Column("count", Integer, nullable=False),
    Column("why", String(300), nullable=False),  # the asker's reason
    Column("asked_by", String(80), nullable=False),  # login
    Column("asked_at", BigInteger, nullable=False),
    Column("asked", Json, nullable=False),  # the list or filter as it was given
    Column("plan", Json, nullable=False),  # rate, waves, windows, jitter, stop conditions
    Column("state", String(10), nullable=False),  # wire/lifecycle.py JOB
    Column("state_at", BigInteger, nullable=False),
    Column("state_why", String(300), nullable=False),
    Column("approvals", Integer, nullable=False),  # how many people must agree
    Column("not_before", BigInteger, nullable=False),
    Column("expires", BigInteger, nullable=False),
    Column("wave", Integer, nullable=False),  # waves up to this one may go; 0: none yet
    Column("retry_of", ForeignKey("job.id")),
)
Index("job_state", job.c.state, job.c.id)
Index("job_asked", job.c.asked_at)

approval = Table(  # one person, one word for one job
    "approval",
    metadata,
    Column("job_id", ForeignKey("job.id"), primary_key=True),
    Column("login", String(80), primary_key=True),
    Column("key_id", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("signature", String(88), nullable=False),
)

command = Table(  # one kiosk's share of a job
    "command",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("command_id", String(32), nullable=False, unique=True),
    Column("job_id", ForeignKey("job.id"), nullable=False),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("partition", Integer, nullable=False),  # of the kiosk: who sends it
    Column("number", BigInteger, nullable=False),  # grows for each kiosk, wire/envelope.py
    Column("wave", Integer, nullable=False),  # from 1
    Column("after", BigInteger, nullable=False),  # its leaf's earliest moment
    Column("expires", BigInteger, nullable=False),  # the job's
    Column("state", String(10), nullable=False),  # wire/lifecycle.py COMMAND
    Column("state_at", BigInteger, nullable=False),
    # When the controller must look at it next: its moment, a repetition, its limit.
    Column("due", BigInteger, nullable=False),
    Column("sent_at", BigInteger),
    Column("sends", Integer, nullable=False, server_default="0"),
    Column("accepted_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("percent", Integer, nullable=False, server_default="0"),
    Column("note", String(300), nullable=False, server_default=""),
    Column("code", String(32), nullable=False, server_default=""),
    Column("why", String(300), nullable=False, server_default=""),
    Column("facts", Json, nullable=False),
    Column("attachment", String(64)),  # SHA-256 of what the kiosk handed in, as its result says
    Column("kiosk_began", BigInteger),
    Column("kiosk_ended", BigInteger),
    Column("cancel_at", BigInteger),
    Column("cancel_by", String(80)),
    UniqueConstraint("job_id", "kiosk_id", name="command_once_a_kiosk"),
    UniqueConstraint("kiosk_id", "number", name="command_number_once"),
)
_OPEN = command.c.state.in_(("queued", "sent", "accepted", "running"))
Index(
    "command_due",
    command.c.partition,
    command.c.due,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index(
    "command_open",
    command.c.kiosk_id,
    command.c.number,
    sqlite_where=_OPEN,
    postgresql_where=_OPEN,
)
Index("command_kiosk", command.c.kiosk_id, command.c.id)
Index("command_job", command.c.job_id, command.c.state)

attachment = Table(  # what a kiosk handed in for a command; forgotten after some weeks
    "attachment",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("command_id", ForeignKey("command.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("type", String(48), nullable=False),
    Column("size", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
    Column("at", BigInteger, nullable=False, index=True),
    UniqueConstraint("command_id", "sha256", name="attachment_once"),
)

saved_list = Table(  # kiosks to act on together: a filter of the list, or names
    "saved_list",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", String(80), nullable=False, unique=True),
    Column("asked", Json, nullable=False),  # as in job.asked
    Column("made_by", String(80), nullable=False),
    Column("made_at", BigInteger, nullable=False),
)
