"""The tables of releases and rollouts: what was published, who signed, what each kiosk shall have.

Times are milliseconds since 1970 by the office's clock unless a column says `kiosk_`. Files and
signed metadata lie in the releases' folder, not here; a release's row says what stands there.
A rollout writes `desired`, a kiosk's word writes `reported`, the gate compares: nothing else.
"""

from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from controller.store.base import Json, Serial, metadata

MOST_LIST: Final = 1_048_576  # characters; a kiosk takes no longer list

release = Table(  # one state of one bundle, from the first upload on
    "release",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("bundle", String(32), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("state", String(12), nullable=False),  # wire/lifecycle.py RELEASE
    Column("state_at", BigInteger, nullable=False),
    Column("note", String(300), nullable=False),  # what is new, in a sentence
    Column("made_by", String(80), nullable=False),  # login
    Column("made_at", BigInteger, nullable=False),
    Column("parent_seq", BigInteger, nullable=False),  # the release it was compared with, 0: none
    Column("about", Json, nullable=False),  # wire/content.py About; {} while a draft
    Column("changes", Json, nullable=False),  # controller/releases/changes.py
    Column("warnings", Json, nullable=False),  # sentences for whoever signs
    Column("index_sent", BigInteger, nullable=False, server_default="0"),  # bytes as they travel
    Column("published_at", BigInteger),
    UniqueConstraint("bundle", "seq", name="release_once"),
)
Index("release_state", release.c.state, release.c.id)

signing = Table(  # one version of one TUF role, waiting for its k signatures
    "signing",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("role", String(16), nullable=False),  # content, software
    Column("version", BigInteger, nullable=False),
    Column("text", String(MOST_LIST), nullable=False),  # the canonical JSON that is signed
    Column("threshold", Integer, nullable=False),
    Column("what", String(12), nullable=False),  # publish, withdraw, renew
    Column("release_id", ForeignKey("release.id")),
    Column("state", String(8), nullable=False),  # open, done, dropped; one open one a role
    Column("made_at", BigInteger, nullable=False),
    Column("made_by", String(80), nullable=False),
)
Index(
    "signing_one_open",
    signing.c.role,
    unique=True,
    sqlite_where=signing.c.state == "open",
    postgresql_where=signing.c.state == "open",
)

signing_word = Table(  # one key, one word for one signing
    "signing_word",
    metadata,
    Column("signing_id", ForeignKey("signing.id"), primary_key=True),
    Column("key_id", String(64), primary_key=True),  # as TUF names it
    Column("signature", String(128), nullable=False),  # Ed25519 in hex
    Column("by", String(80), nullable=False),  # login, or where it was typed
    Column("at", BigInteger, nullable=False),
)

rollout = Table(  # how a release comes to kiosks: in phases, watched by the gate
    "rollout",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("token", String(64), nullable=False, unique=True),  # the asker's: asked once
    Column("bundle", String(32), nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("state", String(14), nullable=False),  # wire/lifecycle.py ROLLOUT
    Column("state_at", BigInteger, nullable=False),
    Column("state_why", String(300), nullable=False),
    Column("why", String(300), nullable=False),
    Column("asked_by", String(80), nullable=False),
    Column("asked_at", BigInteger, nullable=False),
    Column(
        "asked", Json, nullable=False
    ),  # the kiosks as they were given: list, filter, saved list
    Column("plan", Json, nullable=False),  # phases, windows, held-back share: rollouts/plan.py
    Column("approvals", Integer, nullable=False),
    Column("not_before", BigInteger, nullable=False),
    Column("phase", Integer, nullable=False),  # phases up to this one are wanted; 0: none yet
    Column("phase_at", BigInteger, nullable=False),
    Column("kiosks", Integer, nullable=False),
)
Index("rollout_state", rollout.c.state, rollout.c.id)

rollout_approval = Table(
    "rollout_approval",
    metadata,
    Column("rollout_id", ForeignKey("rollout.id"), primary_key=True),
    Column("login", String(80), primary_key=True),
    Column("at", BigInteger, nullable=False),
)

share = Table(  # one kiosk's share of a rollout
    "share",
    metadata,
    Column("rollout_id", ForeignKey("rollout.id"), primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("phase", Integer, nullable=False),  # from 1
    # Held back to compare with until the last phase: what befalls them has other causes.
    Column("control", Boolean, nullable=False),
    Column("before_seq", BigInteger, nullable=False),  # what it had, and goes back to; 0: nothing
    Column("state", String(12), nullable=False),  # waiting, wanted, or a settled word of INSTALL
    Column("wanted_at", BigInteger),
    Column(
        "seen_at", BigInteger
    ),  # first heard of after it was wanted: begins the clock of silence
    Column("usual_ms", BigInteger, nullable=False, server_default="0"),  # its own return time
    Column("settled_at", BigInteger),
    Column("code", String(32), nullable=False, server_default=""),
    Column("why", String(300), nullable=False, server_default=""),
    Column("well_before", Boolean),  # could citizens be served when it was wanted; None: unknown
    Column("back", Boolean, nullable=False, server_default="0"),  # it was told to go back
)
Index("share_phase", share.c.rollout_id, share.c.phase, share.c.state)
Index("share_kiosk", share.c.kiosk_id, share.c.rollout_id)

decision = Table(  # every word of the gate that changed something, or why nothing moves
    "decision",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("rollout_id", ForeignKey("rollout.id"), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("phase", Integer, nullable=False),
    Column("what", String(8), nullable=False),  # open, wait, hold, stop, finish
    Column("why", String(300), nullable=False),
    Column("numbers", Json, nullable=False),
)
Index("decision_rollout", decision.c.rollout_id, decision.c.id)

desired = Table(  # what each kiosk shall have
    "desired",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("bundle", String(32), primary_key=True),
    Column("partition", Integer, nullable=False),  # of the kiosk: who says it
    Column("seq", BigInteger, nullable=False),
    Column("attempt", Integer, nullable=False),
    Column("number", BigInteger, nullable=False),  # grows for each kiosk and bundle
    Column("rollout_id", ForeignKey("rollout.id")),
    Column("not_before", BigInteger, nullable=False),
    Column("windows", Json, nullable=False),  # [[since, until]] minutes of the day
    # When the controller must look at it next; NULL: the kiosk has answered, nothing is to be said.
    Column("due", BigInteger),
    Column("sends", Integer, nullable=False, server_default="0"),
)
_DUE = desired.c.due.is_not(None)
Index("desired_due", desired.c.partition, desired.c.due, sqlite_where=_DUE, postgresql_where=_DUE)

reported = Table(  # what each kiosk says it has, and how far it is
    "reported",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("bundle", String(32), primary_key=True),
    Column("seq", BigInteger, nullable=False),  # in use; 0: none
    Column("wanted_seq", BigInteger, nullable=False),  # what the rest speaks of
    Column("attempt", Integer, nullable=False),
    Column("state", String(12), nullable=False),  # wire/lifecycle.py INSTALL
    Column("done", BigInteger, nullable=False),  # bytes
    Column("total", BigInteger, nullable=False),
    Column("code", String(32), nullable=False),
    Column("why", String(300), nullable=False),  # or the note of what it waits for
    Column("facts", Json, nullable=False),
    Column("at", BigInteger, nullable=False),
)
Index("reported_release", reported.c.bundle, reported.c.seq)
