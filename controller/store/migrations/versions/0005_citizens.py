"""What citizens hand in, the services they are offered, and who answers them.

A migration is history: it repeats what the tables said on its day and never imports them.
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")
SERIAL = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def _back_system() -> None:
    op.create_table(
        "back_system",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("tenant", sa.String(length=16), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=False),
        sa.Column("settings", JSON, nullable=False),
        sa.Column("services", JSON, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "name", name="back_system_once"),
    )


def _tenant() -> None:
    op.create_table(
        "tenant",
        sa.Column("code", sa.String(length=16), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("places", JSON, nullable=False),
        sa.Column("holidays", JSON, nullable=True),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("code"),
    )


def _visit() -> None:
    op.create_table(
        "visit",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("tenant", sa.String(length=16), nullable=False),
        sa.Column("uid", sa.String(length=120), nullable=False),
        sa.Column("starts", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("district", sa.String(length=16), nullable=False),
        sa.Column("village", sa.String(length=16), server_default="", nullable=False),
        sa.Column("place", sa.String(length=200), nullable=False),
        sa.Column("services", JSON, nullable=False),
        sa.Column("quota", sa.Integer(), server_default="0", nullable=False),
        sa.Column("note", sa.String(length=300), server_default="", nullable=False),
        sa.Column("cancelled", sa.Boolean(), server_default="0", nullable=False),
        sa.Column("source", sa.String(length=12), nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.Column("changed_by", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "uid", name="visit_once"),
    )
    op.create_index("visit_when", "visit", ["tenant", "starts"], unique=False)


def _pack() -> None:
    op.create_table(
        "pack",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("tenant", sa.String(length=16), nullable=False),
        sa.Column("code", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("document", JSON, nullable=False),
        sa.Column("made_by", sa.String(length=80), nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("submitted_by", sa.String(length=80), nullable=True),
        sa.Column("reviewed_by", sa.String(length=80), nullable=True),
        sa.Column("why", sa.String(length=500), server_default="", nullable=False),
        sa.Column("release_id", SERIAL, nullable=True),
        sa.ForeignKeyConstraint(["release_id"], ["release.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("tenant", "code", "revision", name="pack_once"),
    )
    op.create_index(
        "pack_one_open",
        "pack",
        ["tenant", "code"],
        unique=True,
        sqlite_where=sa.text("state IN ('draft', 'review', 'approved')"),
        postgresql_where=sa.text("state IN ('draft', 'review', 'approved')"),
    )
    op.create_index("pack_state", "pack", ["state", "tenant", "code"], unique=False)


def _counter() -> None:
    op.create_table(
        "counter",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("day", sa.String(length=10), nullable=False),
        sa.Column("letter", sa.String(length=1), nullable=False),
        sa.Column("issued", sa.Integer(), server_default="0", nullable=False),
        sa.Column("called", sa.Integer(), server_default="0", nullable=False),
        sa.Column("changed_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.PrimaryKeyConstraint("kiosk_id", "day", "letter"),
    )


def _photo() -> None:
    op.create_table(
        "photo",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("ticket", sa.String(length=64), nullable=False),
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("seal", sa.String(length=16), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("ticket", "sha256", name="photo_once"),
    )
    op.create_index("photo_at", "photo", ["at"], unique=False)


def _record() -> None:
    op.create_table(
        "record",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("kiosk_id", SERIAL, nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("why", sa.String(length=32), server_default="", nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("uid", sa.String(length=32), nullable=True),
        sa.Column("ack", JSON, nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kiosk_id", "sha256", name="record_once"),
    )
    op.create_index("record_state", "record", ["state", "id"], unique=False)
    op.create_index("record_uid", "record", ["kiosk_id", "uid"], unique=False)


def _record_key() -> None:
    op.create_table(
        "record_key",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("public", sa.String(length=64), nullable=False),
        sa.Column("first_at", sa.BigInteger(), nullable=False),
        sa.Column("ended_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.PrimaryKeyConstraint("kiosk_id", "key_id"),
    )


def _tray() -> None:
    op.create_table(
        "tray",
        sa.Column("kiosk_id", SERIAL, nullable=False),
        sa.Column("waiting", sa.Integer(), nullable=False),
        sa.Column("oldest", sa.BigInteger(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.PrimaryKeyConstraint("kiosk_id"),
    )


def _submission() -> None:
    op.create_table(
        "submission",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("record_id", SERIAL, nullable=False),
        sa.Column("kiosk_id", SERIAL, nullable=True),
        sa.Column("uid", sa.String(length=32), nullable=False),
        sa.Column("number", sa.String(length=32), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False),
        sa.Column("tenant", sa.String(length=16), nullable=False),
        sa.Column("service", sa.String(length=32), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("agency", sa.String(length=32), nullable=False),
        sa.Column("place", sa.String(length=16), nullable=False),
        sa.Column("category", sa.String(length=32), server_default="", nullable=False),
        sa.Column("class_", sa.String(length=12), server_default="", nullable=False),
        sa.Column("anonymity", sa.String(length=10), server_default="named", nullable=False),
        sa.Column("tail", sa.String(length=128), server_default="", nullable=False),
        sa.Column("ticket", sa.String(length=64), server_default="", nullable=False),
        sa.Column("made_at", sa.BigInteger(), nullable=False),
        sa.Column("arrived_at", sa.BigInteger(), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_at", sa.BigInteger(), nullable=False),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("due_what", sa.String(length=16), server_default="", nullable=False),
        sa.Column("assigned_to", sa.String(length=80), server_default="", nullable=False),
        sa.Column("file_number", sa.String(length=80), server_default="", nullable=False),
        sa.Column("same_as", SERIAL, nullable=True),
        sa.Column("lat", sa.SmallInteger(), nullable=True),
        sa.Column("lng", sa.SmallInteger(), nullable=True),
        sa.Column("destroyed_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["kiosk_id"], ["kiosk.id"]),
        sa.ForeignKeyConstraint(["record_id"], ["record.id"]),
        sa.ForeignKeyConstraint(["same_as"], ["submission.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("kiosk_id", "number", name="submission_number_once"),
        sa.UniqueConstraint("kiosk_id", "uid", name="submission_once"),
        sa.UniqueConstraint("record_id"),
    )
    _submission_indexes()


def _submission_indexes() -> None:
    op.create_index("submission_alike", "submission", ["category", "place", "state"], unique=False)
    op.create_index("submission_due", "submission", ["due_at"], unique=False)
    op.create_index("submission_number", "submission", ["number"], unique=False)
    op.create_index("submission_place", "submission", ["place", "state"], unique=False)
    op.create_index("submission_queue", "submission", ["tenant", "agency", "state"], unique=False)


def _opening() -> None:
    op.create_table(
        "opening",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("submission_id", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("what", sa.String(length=12), nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index("opening_of", "opening", ["submission_id", "id"], unique=False)


def _sending() -> None:
    op.create_table(
        "sending",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("submission_id", SERIAL, nullable=False),
        sa.Column("back_system_id", SERIAL, nullable=False),
        sa.Column("state", sa.String(length=8), nullable=False),
        sa.Column("tries", sa.Integer(), server_default="0", nullable=False),
        sa.Column("next_at", sa.BigInteger(), nullable=False),
        sa.Column("error", sa.String(length=300), server_default="", nullable=False),
        sa.Column("reference", sa.String(length=120), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["back_system_id"], ["back_system.id"]),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"]),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("submission_id", "back_system_id", name="sending_once"),
    )
    op.create_index("sending_next", "sending", ["state", "next_at"], unique=False)


def _submission_event() -> None:
    op.create_table(
        "submission_event",
        sa.Column("id", SERIAL, nullable=False),
        sa.Column("submission_id", SERIAL, nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("by", sa.String(length=80), nullable=False),
        sa.Column("event", sa.String(length=12), nullable=False),
        sa.Column("old", sa.String(length=12), nullable=False),
        sa.Column("new", sa.String(length=12), nullable=False),
        sa.Column("why", sa.String(length=500), server_default="", nullable=False),
        sa.Column("note", sa.LargeBinary(), nullable=True),
        sa.Column("note_seal", sa.String(length=16), server_default="", nullable=False),
        sa.ForeignKeyConstraint(["submission_id"], ["submission.id"]),
        sa.PrimaryKeyConstraint("id"),
    )
    op.create_index(
        "submission_event_of", "submission_event", ["submission_id", "id"], unique=False
    )


MAKERS = (
    _tenant, _pack, _record_key, _record, _submission, _submission_event, _opening, _photo, _visit,
    _counter, _tray, _back_system, _sending,
)  # fmt: skip


def upgrade() -> None:
    for make in MAKERS:
        make()


def downgrade() -> None:
    for make in reversed(MAKERS):
        op.drop_table(make.__name__.removeprefix("_"))
