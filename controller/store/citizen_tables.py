"""The tables of what citizens hand in, of the services they are offered, and of who answers them.

Times are milliseconds since 1970 by the office's clock unless a column says `made_at`, which is a
kiosk's. What a citizen wrote stands in `record.body` and in notes, sealed; only the registrar can
open it, and every opening is a row of `opening`. Nothing else here tells who somebody is.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ColumnElement,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
    bindparam,
    func,
    literal_column,
)

from controller.store.base import Code, Json, Serial, metadata

OPEN_STATES: Final = ("submitted", "verifying", "processing", "returned", "ready")


def filed(number: ColumnElement[str]) -> ColumnElement[str]:
    """A file number as it is looked for: nobody's spaces or small letters make it another."""
    return func.upper(func.replace(number, literal_column("' '"), literal_column("''")))


tenant = Table(  # a government with kiosks: wire/service/tenant.py, as the office works by it
    "tenant",
    metadata,
    Column("code", String(16), primary_key=True),
    Column("document", Json, nullable=False),
    Column("places", Json, nullable=False),
    Column("holidays", Json),  # wire/service/tenant.py Holidays; None: only weekends are free
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", String(80), nullable=False),
)

pack = Table(  # one revision of one service pack, from the first word on
    "pack",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("tenant", String(16), nullable=False),
    Column("code", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("state", String(12), nullable=False),  # wire/lifecycle.py PACK
    Column("state_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False),  # grows with every save: two who edit one
    Column("document", Json, nullable=False),  # wire/service/document.py, perhaps not sound yet
    Column("made_by", String(80), nullable=False),  # login of who changed it last
    Column("made_at", BigInteger, nullable=False),
    Column("submitted_by", String(80)),
    Column("reviewed_by", String(80)),
    Column("why", String(500), nullable=False, server_default=""),  # of a return
    Column("release_id", ForeignKey("release.id")),
    UniqueConstraint("tenant", "code", "revision", name="pack_once"),
)
Index("pack_state", pack.c.state, pack.c.tenant, pack.c.code)
Index(
    "pack_one_open",
    pack.c.tenant,
    pack.c.code,
    unique=True,
    sqlite_where=pack.c.state.in_(("draft", "review", "approved")),
    postgresql_where=pack.c.state.in_(("draft", "review", "approved")),
)

record_key = Table(  # by which a kiosk's portal signs what it seals
    "record_key",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("key_id", String(16), primary_key=True),
    Column("public", String(64), nullable=False),  # Ed25519, base64
    Column("first_at", BigInteger, nullable=False),
    Column("ended_at", BigInteger),  # its kiosk has another since, or was revoked
)

record = Table(  # the very bytes a kiosk handed in
    "record",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id")),  # None: it came by no kiosk (Open311)
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),  # b"" once it was destroyed
    Column("size", Integer, nullable=False),
    Column("state", String(8), nullable=False),  # wire/lifecycle.py RECORD
    Column("state_at", BigInteger, nullable=False),
    Column("why", String(32), nullable=False, server_default=""),  # wire/submission.py REFUSALS
    Column("arrived_at", BigInteger, nullable=False),
    Column("uid", String(32)),  # the record's own id, once it was read
    Column("ack", Json),  # wire/submission.py Signed
    UniqueConstraint("kiosk_id", "sha256", name="record_once"),
)
Index("record_state", record.c.state, record.c.id)
Index("record_uid", record.c.kiosk_id, record.c.uid)

submission = Table(  # what an accepted record is about, and how far it is
    "submission",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("record_id", ForeignKey("record.id"), nullable=False, unique=True),
    Column("kiosk_id", ForeignKey("kiosk.id")),  # as that of its record
    Column("uid", String(32), nullable=False),
    Column("number", Code(32), nullable=False),  # the citizen's receipt number
    Column("kind", String(8), nullable=False),  # apply, complain
    Column("tenant", String(16), nullable=False),
    Column("service", String(32), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("agency", String(32), nullable=False),  # who has to act
    Column("place", Code(16), nullable=False),  # kecamatan or village it is about
    Column("category", String(32), nullable=False, server_default=""),
    Column("class_", String(12), nullable=False, server_default=""),  # complaint, wish, question
    Column("anonymity", String(10), nullable=False, server_default="named"),
    Column("tail", String(128), nullable=False, server_default=""),  # hash of the last four digits
    Column(
        "ticket", String(64), nullable=False, server_default=""
    ),  # of `photo`: which are its own
    Column("made_at", BigInteger, nullable=False),
    Column("arrived_at", BigInteger, nullable=False),  # limits run from here
    Column("state", String(12), nullable=False),  # wire/lifecycle.py SUBMISSION
    Column("state_at", BigInteger, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),  # two officers on one record
    Column("due_at", BigInteger),  # the running limit; None when nobody is waited for
    Column("due_what", String(16), nullable=False, server_default=""),  # verify, answer, close, sla
    Column("assigned_to", String(80), nullable=False, server_default=""),  # login
    Column("file_number", Code(80), nullable=False, server_default=""),  # the office's own
    Column("same_as", ForeignKey("submission.id")),  # a duplicate that was merged
    Column("lat", SmallInteger),  # rounded to a hundredth of a degree, times 100
    Column("lng", SmallInteger),
    Column("destroyed_at", BigInteger),  # what the citizen wrote is gone, the row stays
    UniqueConstraint("kiosk_id", "number", name="submission_number_once"),
    UniqueConstraint("kiosk_id", "uid", name="submission_once"),
)
Index("submission_number", submission.c.number)
Index("submission_service", submission.c.service, submission.c.state_at)
Index("submission_agency", submission.c.agency, submission.c.state_at)
Index("submission_place", submission.c.place, submission.c.state)
Index("submission_arrived", submission.c.arrived_at)
Index("submission_recent", submission.c.state_at, submission.c.id)
Index(  # most records have ended: whoever works reads past them
    "submission_open",
    submission.c.due_at,
    submission.c.arrived_at,
    sqlite_where=submission.c.state.in_(OPEN_STATES),
    postgresql_where=submission.c.state.in_(OPEN_STATES),
)
Index(
    "submission_same",
    submission.c.same_as,
    sqlite_where=submission.c.same_as.is_not(None),
    postgresql_where=submission.c.same_as.is_not(None),
)
Index(
    "submission_file_number",
    filed(submission.c.file_number),
    submission.c.tenant,
    sqlite_where=submission.c.file_number != "",
    postgresql_where=submission.c.file_number != "",
)
Index("submission_alike", submission.c.category, submission.c.place, submission.c.state)

is_open = submission.c.state.in_(
    # Spelt out in the query: a database must read it to see that `submission_open` holds them all.
    bindparam("open_states", OPEN_STATES, expanding=True, literal_execute=True)
)

file_series = Table(  # how far an office has counted its own file numbers
    "file_series",
    metadata,
    Column("tenant", String(16), primary_key=True),
    Column("series", String(96), primary_key=True),  # wire/service/template.py series
    Column("last", Integer, nullable=False),
)

submission_event = Table(  # flips and words: only ever appended
    "submission_event",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("submission_id", ForeignKey("submission.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),  # login, or a part of the office
    Column("event", String(12), nullable=False),  # of SUBMISSION, or note, print, export
    Column("old", String(12), nullable=False),
    Column("new", String(12), nullable=False),
    Column("why", String(500), nullable=False, server_default=""),  # the citizen reads this one
    Column("note", LargeBinary),  # among officers; sealed like a record
    Column("note_seal", String(16), nullable=False, server_default=""),  # the key it is sealed to
)
Index("submission_event_of", submission_event.c.submission_id, submission_event.c.id)
Index("submission_event_at", submission_event.c.at)

opening = Table(  # who looked at what a citizen wrote
    "opening",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("submission_id", ForeignKey("submission.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("by", String(80), nullable=False),
    Column("what", String(12), nullable=False),  # open, print, export, photo
)
Index("opening_of", opening.c.submission_id, opening.c.id)

photo = Table(  # from a citizen's telephone, by the ticket that the kiosk showed
    "photo",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("ticket", String(64), nullable=False),  # SHA-256 of it
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("sha256", String(64), nullable=False),
    Column("body", LargeBinary, nullable=False),  # sealed
    Column("seal", String(16), nullable=False),
    Column("at", BigInteger, nullable=False),
    UniqueConstraint("ticket", "sha256", name="photo_once"),
)
Index("photo_at", photo.c.at)

visit = Table(  # the mobile counter: wire/citizen.py Visit
    "visit",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("tenant", String(16), nullable=False),
    Column("uid", String(120), nullable=False),
    Column("starts", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("district", String(16), nullable=False),
    Column("village", String(16), nullable=False, server_default=""),
    Column("place", String(200), nullable=False),
    Column("services", Json, nullable=False),
    Column("quota", Integer, nullable=False, server_default="0"),
    Column("note", String(300), nullable=False, server_default=""),
    Column("cancelled", Boolean, nullable=False, server_default="0"),
    Column("source", String(12), nullable=False),  # form, xlsx, ics
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", String(80), nullable=False),
    UniqueConstraint("tenant", "uid", name="visit_once"),
)
Index("visit_when", visit.c.tenant, visit.c.starts)

counter = Table(  # tickets of one kiosk on one day: given out there, called here
    "counter",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("day", String(10), primary_key=True),
    Column("letter", String(1), primary_key=True),
    Column("issued", Integer, nullable=False, server_default="0"),
    Column("called", Integer, nullable=False, server_default="0"),
    Column("changed_at", BigInteger, nullable=False),
)

nudge = Table(  # kiosks that shall ask now what is new for their citizens
    "nudge",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("at", BigInteger, nullable=False),
)

assist = Table(  # a citizen at a kiosk wants an officer: wire/citizen.py Call
    "assist",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("uid", String(32), nullable=False),
    Column("page", String(24), nullable=False),  # which one, and nothing of what was typed
    Column("at", BigInteger, nullable=False),
    Column("taken_at", BigInteger),
    Column("taken_by", String(80), nullable=False, server_default=""),  # login
    UniqueConstraint("kiosk_id", "uid", name="assist_once"),
)
Index("assist_at", assist.c.at)

notice = Table(  # what kiosks of some places show their citizens for a while
    "notice",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("tenant", String(16), nullable=False),
    Column("places", Json, nullable=False),  # codes: the government's own, or some of its kecamatan
    Column("words", Json, nullable=False),  # wire/service/document.py Words
    Column("starts", BigInteger, nullable=False),
    Column("ends", BigInteger, nullable=False),
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", String(80), nullable=False),
)
Index("notice_when", notice.c.tenant, notice.c.ends)

tray = Table(  # what a kiosk said it still has; the office cannot read it, but knows its age
    "tray",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("waiting", Integer, nullable=False),
    Column("oldest", BigInteger, nullable=False),
    Column("at", BigInteger, nullable=False),
)

back_system = Table(  # a system behind the office that gets what was accepted
    "back_system",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("tenant", String(16), nullable=False),
    Column("name", String(80), nullable=False),
    Column("kind", String(12), nullable=False),  # folder, webhook
    Column("settings", Json, nullable=False),  # where; never a secret
    Column("services", Json, nullable=False),  # codes; [] for all of the tenant
    Column("state", String(8), nullable=False),  # on, off
    Column("changed_at", BigInteger, nullable=False),
    Column("changed_by", String(80), nullable=False),
    UniqueConstraint("tenant", "name", name="back_system_once"),
)

sending = Table(  # one submission on its way to one back system
    "sending",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("submission_id", ForeignKey("submission.id"), nullable=False),
    Column("back_system_id", ForeignKey("back_system.id"), nullable=False),
    Column("state", String(8), nullable=False),  # waiting, sent, failed
    Column("tries", Integer, nullable=False, server_default="0"),
    Column("next_at", BigInteger, nullable=False),
    Column("error", String(300), nullable=False, server_default=""),
    Column("reference", String(120), nullable=False, server_default=""),  # theirs
    UniqueConstraint("submission_id", "back_system_id", name="sending_once"),
)
Index("sending_next", sending.c.state, sending.c.next_at)
