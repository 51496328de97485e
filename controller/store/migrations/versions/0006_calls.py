"""Officers called from kiosks, the office's notices, kiosks that shall ask now, and file numbers.

And an inbox that stays quick: indexes of what is open, newest, arrived, merged, and whose it is.

A migration is history: it repeats what the tables said on its day and never imports them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _assist() -> None:
    op.create_table(
        "assist",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("page", sa.String(length=24), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("taken_at", sa.BigInteger(), nullable=True),
        sa.Column("taken_by", sa.String(length=80), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kiosk_id", "uid", name="assist_once"),
    )
    op.create_index("assist_at", "assist", ["at"], unique=False)


def _notice() -> None:
    op.create_table(
        "notice",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("tenant", sa.String(length=16), nullable=False),
        sa.Column("places", JSON, nullable=False),
        sa.Column("words", JSON, nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("notice_when", "notice", ["tenant", "ends"], unique=False)


def _nudge() -> None:
    op.create_table(
        "nudge",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.PrimaryKeyConstraint("kiosk_id"),
    )


def _file_series() -> None:
    op.create_table(
        "file_series",
        sa.Column("tenant", sa.String(length=16), nullable=False),
        sa.Column("series", sa.String(length=96), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("tenant", "series"),
    )


def _submission() -> None:
    if op.get_bind().dialect.name == "postgresql":  # else no index finds how a text begins
        for name, length in (("number", 32), ("file_number", 80), ("place", 16)):
            op.alter_column("submission", name, type_=sa.String(length, collation="C"))
    filed = sa.text("upper(replace(file_number, ' ', ''))")
    open_ = "state IN ('submitted', 'verifying', 'processing', 'returned', 'ready')"
    _index("submission_file_number", filed, "tenant", where="file_number != ''")
    _index("submission_open", "due_at", "arrived_at", where=open_)
    _index("submission_same", "same_as", where="same_as IS NOT NULL")
    _index("submission_recent", "state_at", "id")
    _index("submission_arrived", "arrived_at")
    _index("submission_service", "service", "state_at")
    _index("submission_agency", "agency", "state_at")
    op.create_index("submission_event_at", "submission_event", ["at"], unique=False)
    op.drop_index("submission_due", "submission")
    op.drop_index("submission_queue", "submission")


def _index(name: str, *columns: sa.TextClause | str, where: str = "") -> None:
    some = sa.text(where) if where else None
    op.create_index(name, "submission", columns, sqlite_where=some, postgresql_where=some)


INDEXES = ("file_number", "open", "same", "recent", "arrived", "service", "agency")
MAKERS = (_assist, _notice, _nudge, _file_series)


def upgrade() -> None:
    for make in MAKERS:
        make()
    _submission()


def downgrade() -> None:
    op.create_index("submission_queue", "submission", ["tenant", "agency", "state"], unique=False)
    op.create_index("submission_due", "submission", ["due_at"], unique=False)
    op.drop_index("submission_event_at", "submission_event")
    for name in INDEXES:
        op.drop_index(f"submission_{name}", "submission")
    for make in reversed(MAKERS):
        op.drop_table(make.__name__.removeprefix("_"))
