"""The tables of identities: who may be a kiosk, by which certificate, and what the broker knows.

Times are milliseconds since 1970 by the office's clock. No secret is stored: of an invitation its
hash, of a key its public half. Rows are never deleted: what was once issued stays known.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    SmallInteger,
    String,
    Table,
)

from controller.store.base import Serial, metadata

identity = Table(  # one a kiosk; a kiosk without a row is `registered`
    "identity",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("state", String(16), nullable=False),  # of wire.lifecycle.IDENTITY
    Column("since", BigInteger, nullable=False),
    Column("why", String(300), nullable=False),
    Column("shut_at", BigInteger),  # when the broker was proven to refuse it; NULL: not (yet)
)
Index("identity_state", identity.c.state, identity.c.kiosk_id)

invitation = Table(  # a one-time token for one kiosk at one site
    "invitation",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False, index=True),
    Column("site_code", String(16), nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("issued_at", BigInteger, nullable=False),
    Column("issued_by", String(80), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("withdrawn_at", BigInteger),
    Column("used_at", BigInteger),
    Column("used_from", String(64)),  # the address it was redeemed from
    Column("csr_sha256", String(64)),  # of the request that redeemed it: that one may come again
)

certificate = Table(  # every certificate asked for by a kiosk; `pem` once it is signed
    "certificate",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("kiosk_id", ForeignKey("kiosk.id"), nullable=False),
    Column("state", String(12), nullable=False),  # of wire.lifecycle.CERTIFICATE
    Column("via", String(8), nullable=False),  # enrol or renew
    Column("csr", LargeBinary, nullable=False),  # DER
    Column("csr_sha256", String(64), nullable=False),
    Column("key_sha256", String(64), nullable=False),  # of the public key, DER SubjectPublicKeyInfo
    Column("requested_at", BigInteger, nullable=False),
    Column("serial", String(40), unique=True),  # lower-case hex without leading zeros
    Column("pem", String(4000)),
    Column("not_before", BigInteger),
    Column("not_after", BigInteger),
    Column("issued_at", BigInteger),
    Column("first_used_at", BigInteger),
    Column("ended_at", BigInteger),
    Column("ended_why", String(120)),
    Column("listed_at", BigInteger),  # since when the broker is proven to know its end
)
Index("certificate_state", certificate.c.state, certificate.c.id)
Index("certificate_kiosk", certificate.c.kiosk_id, certificate.c.id)
Index("certificate_key", certificate.c.key_sha256)

muted = Table(  # kiosks that flooded the office: the broker refuses them for a while
    "muted",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("since", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
    Column("why", String(300), nullable=False),
)

warden = Table(  # the one row (id 1) in which the warden says how it is
    "warden",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("heard_at", BigInteger, nullable=False),
    Column("crl_number", BigInteger, nullable=False),
    Column("crl_signed_at", BigInteger, nullable=False),
    Column("crl_next_update", BigInteger, nullable=False),
    Column("lists_ok", SmallInteger, nullable=False),  # 1: the broker proved the newest lists
    Column("lists_why", String(300), nullable=False),
    Column("lists_proven_at", BigInteger, nullable=False),
    Column("checkpoint_n", BigInteger, nullable=False),  # audit rows up to here are signed for
    Column("checkpoint_at", BigInteger, nullable=False),
)

boot = Table(  # which boots of a kiosk were heard: one that comes back is a second machine
    "boot",
    metadata,
    Column("kiosk_id", ForeignKey("kiosk.id"), primary_key=True),
    Column("boot_id", String(300), primary_key=True),
    Column("epoch", String(16), nullable=False),
    Column("birth", BigInteger, nullable=False),  # the highest number it was born by
    Column("first_at", BigInteger, nullable=False),
    Column("last_at", BigInteger, nullable=False),
)
