"""Releases, their signing, rollouts, and what each kiosk shall have and has.

A migration is history: it repeats what the tables said on its day and never imports them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _release() -> None:
    op.create_table(
        "release",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("bundle", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("note", sa.String(length=300), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("parent_seq", sa.BigInteger(), nullable=False),
        sa.Column("about", JSON, nullable=False),
        sa.Column("changes", JSON, nullable=False),
        sa.Column("warnings", JSON, nullable=False),
        sa.Column("index_sent", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("published_at", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("bundle", "seq", name="release_once"),
    )
    op.create_index("release_state", "release", ["state", "id"], unique=False)


def _rollout() -> None:
    op.create_table(
        "rollout",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("token", sa.String(length=64), nullable=False),
        sa.Column("bundle", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=14), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("state_why", sa.String(length=300), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("asked_by", sa.String(length=80), nullable=False),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.Column("asked", JSON, nullable=False),
        sa.Column("plan", JSON, nullable=False),
        sa.Column("approvals", sa.Integer(), nullable=False),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("phase_at", sa.BigInteger(), nullable=False),
        sa.Column("kiosks", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("token"),
    )
    op.create_index("rollout_state", "rollout", ["state", "id"], unique=False)


def _decision() -> None:
    op.create_table(
        "decision",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("rollout_id", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=8), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("numbers", JSON, nullable=False),
        sa.ForeignKeyConstraint(
            ["rollout_id"],
            ["rollout.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("decision_rollout", "decision", ["rollout_id", "id"], unique=False)


def _rollout_approval() -> None:
    op.create_table(
        "rollout_approval",
        sa.Column("rollout_id", SERIAL, nullable=False),
        sa.Column("login", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["rollout_id"],
            ["rollout.id"],
        ),
        sa.PrimaryKeyConstraint("rollout_id", "login"),
    )


def _signing() -> None:
    op.create_table(
        "signing",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("role", sa.String(length=16), nullable=False),
        sa.Column("version", sa.BigInteger(), nullable=False),
        sa.Column("text", sa.String(length=1_048_576), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.Column("release_id", SERIAL, nullable=True),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(
            ["release_id"],
            ["release.id"],
        ),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "signing_one_open",
        "signing",
        ["role"],
        unique=True,
        sqlite_where=sa.text("state = 'open'"),
        postgresql_where=sa.text("state = 'open'"),
    )


def _desired() -> None:
    op.create_table(
        "desired",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("bundle", sa.String(length=32), nullable=False),
        sa.Column("partition", sa.Integer(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("number", sa.BigInteger(), nullable=False),
        sa.Column("rollout_id", SERIAL, nullable=True),
        sa.Column("not_before", sa.BigInteger(), nullable=False),
        sa.Column("windows", JSON, nullable=False),
        sa.Column("due", sa.BigInteger(), nullable=True),
        sa.Column("sends", sa.Integer(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.ForeignKeyConstraint(
            ["rollout_id"],
            ["rollout.id"],
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "bundle"),
    )
    op.create_index(
        "desired_due",
        "desired",
        ["partition", "due"],
        unique=False,
        sqlite_where=sa.text("due IS NOT NULL"),
        postgresql_where=sa.text("due IS NOT NULL"),
    )


def _reported() -> None:
    op.create_table(
        "reported",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("bundle", sa.String(length=32), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.Column("wanted_seq", sa.BigInteger(), nullable=False),
        sa.Column("attempt", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("done", sa.BigInteger(), nullable=False),
        sa.Column("total", sa.BigInteger(), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("why", sa.String(length=300), nullable=False),
        sa.Column("facts", JSON, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.PrimaryKeyConstraint("kiosk_id", "bundle"),
    )
    op.create_index("reported_release", "reported", ["bundle", "seq"], unique=False)


def _share() -> None:
    op.create_table(
        "share",
        sa.Column("rollout_id", SERIAL, nullable=False),
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("phase", sa.Integer(), nullable=False),
        sa.Column("control", sa.Boolean(), nullable=False),
        sa.Column("before_seq", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("wanted_at", sa.BigInteger(), nullable=True),
        sa.Column("seen_at", sa.BigInteger(), nullable=True),
        sa.Column("usual_ms", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("code", sa.String(length=32), server_default="", nullable=False),
        sa.Column("why", sa.String(length=300), server_default="", nullable=False),
        sa.Column("well_before", sa.Boolean(), nullable=True),
        sa.Column("back", sa.Boolean(), server_default="0", nullable=False),
        sa.ForeignKeyConstraint(
            ["kiosk_id"],
            ["kiosk.id"],
        ),
        sa.ForeignKeyConstraint(
            ["rollout_id"],
            ["rollout.id"],
        ),
        sa.PrimaryKeyConstraint("rollout_id", "kiosk_id"),
    )
    op.create_index("share_kiosk", "share", ["kiosk_id", "rollout_id"], unique=False)
    op.create_index("share_phase", "share", ["rollout_id", "phase", "state"], unique=False)


def _signing_word() -> None:
    op.create_table(
        "signing_word",
        sa.Column("signing_id", SERIAL, nullable=False),
        sa.Column("key_id", sa.String(length=64), nullable=False),
        sa.Column("signature", sa.String(length=128), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["signing_id"],
            ["signing.id"],
        ),
        sa.PrimaryKeyConstraint("signing_id", "key_id"),
    )


MAKERS = (
    _release,
    _rollout,
    _decision,
    _rollout_approval,
    _signing,
    _desired,
    _reported,
    _share,
    _signing_word,
)


def upgrade() -> None:
    for make in MAKERS:
        make()


def downgrade() -> None:
    for make in reversed(MAKERS):
        op.drop_table(make.__name__.removeprefix("_"))
