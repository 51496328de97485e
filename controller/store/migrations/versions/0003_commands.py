"""Commands: jobs, approvals, policies, each kiosk's share, and what came back.

A migration is history: it repeats what the tables said on its day and never imports them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _job() -> None:
    op.create_table(
        "job",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("order_id", sa.String(length=32), nullable=False),
        sa.Column("order_text", sa.String(length=60_000), nullable=False),
        sa.Column("kind", sa.String(length=32), nullable=False),
        sa.Column("args", JSON, nullable=False),
        sa.Column("power", sa.String(length=12), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("state_why", sa.String(length=300), nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("retry_of", SERIAL, nullable=True),
        sa.ForeignKeyConstraint(
            ["retry_of"],
            ["job.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("order_id"),
    )
    op.create_index("job_asked", "job", ["asked_at"], unique=False)
    op.create_index("job_state", "job", ["state", "id"], unique=False)


def _policy() -> None:
    op.create_table(
        "policy",
        sa.Column("version", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("policy", sa.String(length=60_000), nullable=False),
        sa.Column("signatures", JSON, nullable=False),
        sa.Column("stored_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("version"),
    )


def _saved_list() -> None:
    op.create_table(
        "saved_list",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("name"),
    )


def _approval() -> None:
    op.create_table(
        "approval",
        sa.Column("job_id", SERIAL, nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("signature", sa.String(length=88), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
        sa.PrimaryKeyConstraint("job_id", "login"),
    )


def _operator_key() -> None:
    op.create_table(
        "operator_key",
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("account_id", SERIAL, nullable=False),
        sa.Column("public", sa.String(length=44), nullable=False),
        sa.Column("label", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"],
            ["account.id"],
        ),
        sa.PrimaryKeyConstraint("key_id"),
    )
    op.create_index(
        op.f("ix_operator_key_account_id"), "operator_key", ["account_id"], unique=False
    )


def _command() -> None:
    op.create_table(
        "command",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("command_id", sa.String(length=32), nullable=False),
        sa.Column("job_id", SERIAL, nullable=False),
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("wave", sa.Integer(), nullable=False),
        sa.Column("after", sa.BigInteger(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=False),
        sa.Column("sent_at", sa.BigInteger(), nullable=True),
        sa.Column("sends", sa.Integer(), server_default="0", nullable=False),
        sa.Column("accepted_at", sa.BigInteger(), nullable=True),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.Column("percent", sa.Integer(), server_default="0", nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("code", sa.String(length=32), server_default="", nullable=False),
        sa.Column("why", sa.String(length=300), server_default="", nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("attachment", sa.String(length=64), nullable=True),
        sa.Column("kiosk_began", sa.BigInteger(), nullable=True),
        sa.Column("kiosk_ended", sa.BigInteger(), nullable=True),
        sa.Column("cancel_at", sa.BigInteger(), nullable=True),
        sa.Column("cancel_by", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["job_id"], ["job.id"]),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("command_id"),
        sa.UniqueConstraint("job_id", "kiosk_id", name="command_once_a_kiosk"),
        sa.UniqueConstraint("kiosk_id", "number", name="command_number_once"),
    )
    _indexes_of_command()


def _indexes_of_command() -> None:
    op.create_index(
        "command_due",
        "command",
        ["partition", "due"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'sent', 'accepted', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'sent', 'accepted', 'running')"),
    )
    op.create_index("command_job", "command", ["job_id", "state"], unique=False)
    op.create_index("command_kiosk", "command", ["kiosk_id", "id"], unique=False)
    op.create_index(
        "command_open",
        "command",
        ["kiosk_id", "number"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'sent', 'accepted', 'running')"),
        postgresql_where=sa.text("state IN ('queued', 'sent', 'accepted', 'running')"),
    )


def _attachment() -> None:
    op.create_table(
        "attachment",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("command_id", SERIAL, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("type", sa.String(length=48), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["command_id"],
            ["command.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("command_id", "sha256", name="attachment_once"),
    )
    op.create_index(op.f("ix_attachment_at"), "attachment", ["at"], unique=False)


def _thread() -> None:
    op.add_column(
        "thread", sa.Column("nonce", sa.String(length=32), server_default="", nullable=False)
    )
    op.add_column(
        "thread", sa.Column("policy", sa.BigInteger(), server_default="0", nullable=False)
    )
    op.add_column(
        "thread", sa.Column("number", sa.BigInteger(), server_default="0", nullable=False)
    )


MAKERS = (
    _job,
    _policy,
    _saved_list,
    _approval,
    _operator_key,
    _command,
    _attachment,
)


def upgrade() -> None:
    for make in MAKERS:
        make()
    _thread()


def downgrade() -> None:
    for name in ("number", "policy", "nonce"):
        op.drop_column("thread", name)
    for make in reversed(MAKERS):
        op.drop_table(make.__name__.removeprefix("_"))
