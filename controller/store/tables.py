"""The office's tables, for SQLite and PostgreSQL alike.

Times are milliseconds since 1970 by the office's clock unless a column says `kiosk_`.
Facts are stored, what follows from them is computed; `kiosk_status` is the one cache of computed
things, written by ingest in the same transaction as the facts, so that 84,000 rows can be
filtered and sorted by an index. Identities and people have files of their own beside this one.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    Computed,
    Float,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
    UniqueConstraint,
)

from controller.store import (  # noqa: F401 - makes the schema whole
    citizen_tables,
    command_tables,
    identity_tables,
    people_tables,
    release_tables,
)
from controller.store.base import Json, Serial
from controller.store.base import metadata as metadata  # noqa: PLC0414 - exported

site = Table(
    "site",
    metadata,
    Column("code", String(16), primary_key=True),  # Kemendagri code, e.g. 32.73.01
    Column("name", String(80), nullable=False),
    Column("regency", String(80), nullable=False),
    Column("lat", Float, nullable=False),
    Column("lng", Float, nullable=False),
)
Index("site_name", site.c.name, site.c.code)

kiosk = Table(
    "kiosk",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("name", String(32), nullable=False, unique=True),
    Column("site_code", String(16), ForeignKey("site.code"), nullable=False),
    Column("partition", Integer, nullable=False),
    Column("registered_at", BigInteger, nullable=False),
)
Index("kiosk_site", kiosk.c.site_code, kiosk.c.name)
Index("kiosk_partition", kiosk.c.partition)

thread = Table(  # the thread of the conversation with one kiosk
    "thread",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("epoch", String(16), nullable=False),
    Column("birth", BigInteger, nullable=False),
    Column("seq", BigInteger, nullable=False),
    Column("fact_upto", BigInteger, nullable=False),  # every fact up to here is stored
    Column("last_heard", BigInteger, nullable=False),
    Column("clock_offset_ms", BigInteger, nullable=False),  # kiosk clock minus office clock
    Column("agent", String(300), nullable=False, server_default=""),
    Column("boot_id", String(300), nullable=False, server_default=""),
    Column("keepalive_s", Integer, nullable=False, server_default="60"),
    Column("probes", Json, nullable=False),
    Column("nonce", String(32), nullable=False, server_default=""),  # of its birth, for orders
    Column("policy", BigInteger, nullable=False, server_default="0"),  # in force on the kiosk
    Column("number", BigInteger, nullable=False, server_default="0"),  # highest command it took
)

latest = Table(  # what each probe last said
    "latest",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("probe", String(48), primary_key=True),
    Column("state", String(8), nullable=False),
    Column("since", BigInteger, nullable=False),  # when it entered this state
    Column("facts", Json, nullable=False),
    Column("codes", Json, nullable=False),
    Column("why", String(300), nullable=False),
    Column("observed_at", BigInteger, nullable=False),  # office time of the look
    Column("received_at", BigInteger, nullable=False),
    Column("latency_ms", Float, nullable=False),
)

telemetry = Table(  # a day of detail: one row a reading, NULL where it did not speak of it
    "telemetry",
    metadata,
    Column("kiosk_id", Integer, primary_key=True, autoincrement=False),
    Column("at", BigInteger, primary_key=True, autoincrement=False),
    Column("cpu_percent", Float),
    Column("memory_percent", Float),
    Column("disk_percent", Float),
    Column("temperature_c", Float),
    Column("rx_kbps", Float),
    Column("tx_kbps", Float),
    Column("browser_mb", Float),
    Column("battery_percent", Float),
    sqlite_with_rowid=False,
)

fault = Table(  # an open condition; one open row a (kiosk, code)
    "fault",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("code", String(48), nullable=False),
    Column("severity", String(8), nullable=False),  # info, warn, fail, critical
    Column("opened_at", BigInteger, nullable=False),
    Column("cleared_at", BigInteger),
    Column("why", String(300), nullable=False),  # the judge's reason
    Column("evidence", Json, nullable=False),  # the observation that decided
    Column("clear_why", String(300)),
    Column("acked_at", BigInteger),
    Column("acked_by", String(80)),
)
Index(
    "fault_one_open",
    fault.c.kiosk_id,
    fault.c.code,
    unique=True,
    sqlite_where=fault.c.cleared_at.is_(None),
    postgresql_where=fault.c.cleared_at.is_(None),
)
Index("fault_opened", fault.c.cleared_at, fault.c.severity, fault.c.opened_at)
Index("fault_kiosk", fault.c.kiosk_id, fault.c.opened_at)
Index(
    "fault_open_code",
    fault.c.code,
    fault.c.kiosk_id,
    sqlite_where=fault.c.cleared_at.is_(None),
    postgresql_where=fault.c.cleared_at.is_(None),
)

fault_note = Table(
    "fault_note",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("fault_id", ForeignKey("fault.id"), nullable=False, index=True),
    Column("at", BigInteger, nullable=False),
    Column("who", String(80), nullable=False),
    Column("text", String(2000), nullable=False),
)

suspicion = Table(  # faults on their way in or out: the memory of the judge's hysteresis
    "suspicion",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("code", String(48), primary_key=True),
    Column("state", String(8), nullable=False),  # pending or clearing
    Column("since", BigInteger, nullable=False),
    Column("due", BigInteger, nullable=False, index=True),
    Column("why", String(300), nullable=False),
    Column("evidence", Json, nullable=False),
)

flip = Table(  # the timeline: everything that changed its state
    "flip",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column(
        "subject", String(64), nullable=False
    ),  # presence, probe:<name>, fault:<code>, verdict:<service>
    Column("old", String(16), nullable=False),
    Column("new", String(16), nullable=False),
    Column("why", String(300), nullable=False),
    Column("at", BigInteger, nullable=False),
    Column("epoch", String(16)),  # with `fact`: which fact of the kiosk this is
    Column("fact", BigInteger),
    UniqueConstraint("kiosk_id", "epoch", "fact", name="flip_fact_once"),
)
Index("flip_kiosk", flip.c.kiosk_id, flip.c.at)

# Worst first: what a technician looks at first. A kiosk never heard is a plan, not a problem.
WORST_FIRST = ("fail", "offline", "warn", "unknown", "ok", "never")
_RANK = "".join(f" WHEN '{state}' THEN {rank}" for rank, state in enumerate(WORST_FIRST))

kiosk_status = Table(  # computed by ingest, for lists, counts and the map
    "kiosk_status",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("presence", String(8), nullable=False),
    Column("presence_since", BigInteger, nullable=False),
    Column("presence_why", String(300), nullable=False),
    Column("state", String(8), nullable=False),  # worst of all: ok warn fail offline unknown never
    Column("state_since", BigInteger, nullable=False),
    Column("state_why", String(300), nullable=False),
    Column("open_faults", Integer, nullable=False),
    Column("inform", String(8), nullable=False),  # verdicts: yes, no, unknown
    Column("apply", String(8), nullable=False),
    Column("complain", String(8), nullable=False),
    Column("watch", String(8), nullable=False),
    # never written: the database computes it, so that lists sort by an index
    Column(
        "state_rank",
        SmallInteger,
        Computed(f"CASE state{_RANK} ELSE {len(WORST_FIRST)} END", persisted=True),
        nullable=False,
    ),
)
Index(
    "kiosk_status_worst",
    kiosk_status.c.state_rank,
    kiosk_status.c.state_since,
    kiosk_status.c.kiosk_id,
)
Index("kiosk_status_since", kiosk_status.c.state_since, kiosk_status.c.kiosk_id)
Index("kiosk_status_faults", kiosk_status.c.open_faults, kiosk_status.c.kiosk_id)
Index(  # counts of the whole fleet and of every filter are answered from this index alone
    "kiosk_status_words",
    kiosk_status.c.state,
    kiosk_status.c.presence,
    kiosk_status.c.inform,
    kiosk_status.c.apply,
    kiosk_status.c.complain,
    kiosk_status.c.watch,
)

verdict = Table(  # can a citizen finish it now? with the reason and since when
    "verdict",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("service", String(16), primary_key=True),
    Column("answer", String(8), nullable=False),
    Column("since", BigInteger, nullable=False),
    Column("why", String(300), nullable=False),
)

change = Table(  # the one source of everything a person sees live; pruned after minutes
    "change",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("topic", String(16), nullable=False),  # kiosk, fault, office
    Column("kiosk_id", BigInteger),
    Column("detail", String(64), nullable=False, server_default=""),
)

lease = Table(  # who reads which partition
    "lease",
    metadata,
    Column("partition", Integer, primary_key=True, autoincrement=False),
    Column("holder", String(64), nullable=False, server_default=""),
    Column("generation", BigInteger, nullable=False, server_default="0"),
    Column("until", BigInteger, nullable=False, server_default="0"),
)

controller = Table(  # every running controller, as it says of itself
    "controller",
    metadata,
    Column("name", String(64), primary_key=True),
    Column("started_at", BigInteger, nullable=False),
    Column("heard_at", BigInteger, nullable=False),
    Column("link", String(8), nullable=False),  # up, down
    Column("link_why", String(300), nullable=False),
    Column("link_since", BigInteger, nullable=False, server_default="0"),  # of `link`; 0: not said
    Column("broker", String(120), nullable=False),
    Column("counters", Json, nullable=False),  # {metric: {labels: value}}
)

dead_letter = Table(  # refused messages, the newest thousand, cut to what a person can use
    "dead_letter",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("at", BigInteger, nullable=False),
    Column("topic", String(200), nullable=False),
    Column("reason", String(24), nullable=False),
    Column("detail", String(200), nullable=False),
    Column("payload", LargeBinary(512), nullable=False),
)
