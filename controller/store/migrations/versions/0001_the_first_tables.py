"""The first tables.

A migration is history: it repeats what tables.py said on its day and never imports it.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
RANK = (
    "CASE state WHEN 'fail' THEN 0 WHEN 'offline' THEN 1 WHEN 'warn' THEN 2"
    " WHEN 'unknown' THEN 3 WHEN 'ok' THEN 4 WHEN 'never' THEN 5 ELSE 6 END"
)


def _change() -> None:
    op.create_table(
        "change",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=16), nullable=False),
        sa.Column("kiosk_id", sa.BigInteger(), nullable=True),
        sa.Column("detail", sa.String(length=64), server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _controller() -> None:
    op.create_table(
        "controller",
        sa.Column("name", sa.String(length=64), nullable=False),
        sa.Column("started_at", sa.BigInteger(), nullable=False),
        sa.Column("heard_at", sa.BigInteger(), nullable=False),
        sa.Column("link", sa.String(length=8), nullable=False),
        sa.Column("link_why", sa.String(length=300), nullable=False),
        sa.Column("link_since", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("broker", sa.String(length=120), nullable=False),
        sa.Column("counters", JSON, nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )


def _dead_letter() -> None:
    op.create_table(
        "dead_letter",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("topic", sa.String(length=200), nullable=False),
        sa.Column("reason", sa.String(length=24), nullable=False),
        sa.Column("detail", sa.String(length=200), nullable=False),
        sa.Column("payload", sa.LargeBinary(length=512), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def _lease() -> None:
    op.create_table(
        "lease",
        sa.Column("partition", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("holder", sa.String(length=64), server_default="", nullable=False),
        sa.Column("generation", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("until", sa.BigInteger(), server_default="0", nullable=False),
        sa.PrimaryKeyConstraint("partition"),
    )


def _site() -> None:
    op.create_table(
        "site",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("regency", sa.String(length=80), nullable=False),
        sa.Column("lat", sa.Float(), nullable=False),
        sa.Column("lng", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )
    op.create_index("site_name", "site", ["name", "code"])


def _telemetry() -> None:
    op.create_table(
        "telemetry",
        sa.Column("kiosk_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("at", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("cpu_percent", sa.Float(), nullable=True),
        sa.Column("memory_percent", sa.Float(), nullable=True),
        sa.Column("disk_percent", sa.Float(), nullable=True),
        sa.Column("temperature_c", sa.Float(), nullable=True),
        sa.Column("rx_kbps", sa.Float(), nullable=True),
        sa.Column("tx_kbps", sa.Float(), nullable=True),
        sa.Column("browser_mb", sa.Float(), nullable=True),
        sa.Column("battery_percent", sa.Float(), nullable=True),
        sa.PrimaryKeyConstraint("kiosk_id", "at"),
        sqlite_with_rowid=False,
    )


def _kiosk() -> None:
    op.create_table(
        "kiosk",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("name", sa.String(length=32), nullable=False),
        sa.Column("site_code", sa.String(length=16), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("registered_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["site_code"],
            ["site.code"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )
    op.create_index("kiosk_partition", "kiosk", ["partition"])
    op.create_index("kiosk_site", "kiosk", ["site_code", "name"])


def _fault() -> None:
    op.create_table(
        "fault",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("severity", sa.String(length=8), nullable=False),
        sa.Column("opened_at", sa.BigInteger(), nullable=False),
        sa.Column("cleared_at", sa.BigInteger(), nullable=True),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.Column("clear_why", sa.String(length=300), nullable=True),
        sa.Column("acked_at", sa.BigInteger(), nullable=True),
        sa.Column("acked_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("fault_kiosk", "fault", ["kiosk_id", "opened_at"])
    op.create_index(
        "fault_one_open",
        "fault",
        ["kiosk_id", "code"],
        unique=True,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_index(
        "fault_open_code",
        "fault",
        ["code", "kiosk_id"],
        unique=False,
        sqlite_where=sa.text("cleared_at IS NULL"),
        postgresql_where=sa.text("cleared_at IS NULL"),
    )
    op.create_index("fault_opened", "fault", ["cleared_at", "severity", "opened_at"])


def _flip() -> None:
    op.create_table(
        "flip",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("subject", sa.String(length=64), nullable=False),
        sa.Column("old", sa.String(length=16), nullable=False),
        sa.Column("new", sa.String(length=16), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=True),
        sa.Column("fact", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kiosk_id", "epoch", "fact", name="flip_fact_once"),
    )
    op.create_index("flip_kiosk", "flip", ["kiosk_id", "at"])


def _kiosk_status() -> None:
    op.create_table(
        "kiosk_status",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("presence", sa.String(length=8), nullable=False),
        sa.Column("presence_since", sa.BigInteger(), nullable=False),
        sa.Column("presence_why", sa.String(length=300), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("state_since", sa.BigInteger(), nullable=False),
        sa.Column("state_why", sa.String(length=300), nullable=False),
        sa.Column("open_faults", sa.Integer(), nullable=False),
        sa.Column("inform", sa.String(length=8), nullable=False),
        sa.Column("apply", sa.String(length=8), nullable=False),
        sa.Column("complain", sa.String(length=8), nullable=False),
        sa.Column("watch", sa.String(length=8), nullable=False),
        sa.Column(
            "state_rank", sa.SmallInteger(), sa.Computed(RANK, persisted=True), nullable=False
        ),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.PrimaryKeyConstraint("kiosk_id"),
    )
    op.create_index("kiosk_status_faults", "kiosk_status", ["open_faults", "kiosk_id"])
    op.create_index("kiosk_status_since", "kiosk_status", ["state_since", "kiosk_id"])
    op.create_index(
        "kiosk_status_words",
        "kiosk_status",
        ["state", "presence", "inform", "apply", "complain", "watch"],
    )
    op.create_index("kiosk_status_worst", "kiosk_status", ["state_rank", "state_since", "kiosk_id"])


def _latest() -> None:
    op.create_table(
        "latest",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("probe", sa.String(length=48), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("codes", JSON, nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("observed_at", sa.BigInteger(), nullable=False),
        sa.Column("received_at", sa.BigInteger(), nullable=False),
        sa.Column("latency_ms", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "probe"),
    )


def _suspicion() -> None:
    op.create_table(
        "suspicion",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("code", sa.String(length=48), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("evidence", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "code"),
    )
    op.create_index("ix_suspicion_due", "suspicion", ["due"])


def _thread() -> None:
    op.create_table(
        "thread",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("epoch", sa.String(length=16), nullable=False),
        sa.Column("birth", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("fact_upto", sa.BigInteger(), nullable=False),
        sa.Column("last_heard", sa.BigInteger(), nullable=False),
        sa.Column("clock_offset_ms", sa.BigInteger(), nullable=False),
        sa.Column("agent", sa.String(length=300), server_default="", nullable=False),
        sa.Column("boot_id", sa.String(length=300), server_default="", nullable=False),
        sa.Column("keepalive_s", sa.Integer(), server_default="60", nullable=False),
        sa.Column("probes", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.PrimaryKeyConstraint("kiosk_id"),
    )


def _verdict() -> None:
    op.create_table(
        "verdict",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("service", sa.String(length=16), nullable=False),
        sa.Column("answer", sa.String(length=8), nullable=False),
        sa.Column("since", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "service"),
    )


def _fault_note() -> None:
    op.create_table(
        "fault_note",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("fault_id", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("who", sa.String(length=80), nullable=False),
        sa.Column("text", sa.String(length=2000), nullable=False),
        sa.ForeignKeyConstraint(
            ["fault_id"],
            ["fault.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("ix_fault_note_fault_id", "fault_note", ["fault_id"])


def upgrade() -> None:
    _change()
    _controller()
    _dead_letter()
    _lease()
    _site()
    _telemetry()
    _kiosk()
    _fault()
    _flip()
    _kiosk_status()
    _latest()
    _suspicion()
    _thread()
    _verdict()
    _fault_note()
    lease = sa.table("lease", sa.column("partition", sa.Integer()))
    op.bulk_insert(lease, [{"partition": number} for number in range(16)])


def downgrade() -> None:
    for name in (
        "fault_note",
        "verdict",
        "thread",
        "suspicion",
        "latest",
        "kiosk_status",
        "flip",
        "fault",
        "kiosk",
        "telemetry",
        "site",
        "lease",
        "dead_letter",
        "controller",
        "change",
    ):
        op.drop_table(name)
