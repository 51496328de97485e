"""The tables of people: accounts, what they may do where, their sessions, and the audit log.

Times are milliseconds since 1970 by the office's clock. Tokens are stored as SHA-256, passwords as
argon2 strings. `audit` is append-only: triggers made by the migration refuse UPDATE and DELETE.
"""

from sqlalchemy import (
    BigInteger,
    Column,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    UniqueConstraint,
)

from controller.store.base import Json, Serial, metadata

account = Table(
    "account",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("login", String(64), nullable=False, unique=True),  # case-folded
    Column("name", String(80), nullable=False),  # as shown to colleagues
    Column("password_hash", String(200)),  # NULL: has not set one, or comes by OIDC only
    Column("password_at", BigInteger),
    Column("issuer", String(200)),  # OIDC: who vouches, and for whom
    Column("subject", String(200)),
    Column("created_at", BigInteger, nullable=False),
    Column("created_by", String(80), nullable=False),
    Column("disabled_at", BigInteger),
    UniqueConstraint("issuer", "subject", name="account_subject_once"),
)

grant = Table(  # a role in a district; '' is everywhere
    "account_grant",
    metadata,
    Column("account_id", ForeignKey("account.id"), primary_key=True),
    Column("role", String(16), primary_key=True),
    Column("district", String(16), primary_key=True),
    Column("granted_at", BigInteger, nullable=False),
    Column("granted_by", String(80), nullable=False),
)

login_session = Table(
    "login_session",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("csrf", String(64), nullable=False),
    Column("created_at", BigInteger, nullable=False),
    Column("seen_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False, index=True),
    Column("ended_at", BigInteger),
    Column("address", String(64), nullable=False),
    Column("browser", String(200), nullable=False),
)

access_token = Table(  # for programs: Authorization: Bearer
    "access_token",
    metadata,
    Column("id", Serial, primary_key=True),
    Column("account_id", ForeignKey("account.id"), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("token_sha256", String(64), nullable=False, unique=True),
    Column("created_at", BigInteger, nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
    Column("ended_at", BigInteger),
)

password_link = Table(  # one-time links: the first administrator's, new accounts', forgotten ones'
    "password_link",
    metadata,
    Column("token_sha256", String(64), primary_key=True),
    Column("account_id", ForeignKey("account.id")),  # NULL: makes the first administrator
    Column("issued_at", BigInteger, nullable=False),
    Column("issued_by", String(80), nullable=False),
    Column("expires_at", BigInteger, nullable=False),
    Column("used_at", BigInteger),
)

throttle = Table(  # failed attempts, by account and address together, and by address
    "throttle",
    metadata,
    Column("key", String(160), primary_key=True),
    Column("failures", Integer, nullable=False),
    Column("last_at", BigInteger, nullable=False),
    Column("until", BigInteger, nullable=False),
)

audit = Table(  # who, what, when, from where; each row holds the hash of the one before
    "audit",
    metadata,
    Column("n", BigInteger, primary_key=True, autoincrement=False),  # 1, 2, 3 ... without a hole
    Column("at", BigInteger, nullable=False),
    Column("who", String(80), nullable=False),  # a login, or a part of the office
    Column("what", String(48), nullable=False),
    Column("subject", String(120), nullable=False),  # a kiosk, an account, a fault ...
    Column("district", String(16), nullable=False),  # of the subject; '' when it has none
    Column("address", String(64), nullable=False),
    Column("detail", Json, nullable=False),
    Column("previous", String(64), nullable=False),
    Column("hash", String(64), nullable=False),
)
Index("audit_at", audit.c.at)
Index("audit_subject", audit.c.subject, audit.c.n)
