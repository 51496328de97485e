"""What a kiosk and the office's door say to each other over HTTPS, as JSON.

Certificates are PEM text. Times are milliseconds since 1970 by the office's clock. Unknown fields
are tolerated. Every refusal is a Refusal with its HTTP status, and says who must act.
"""

from typing import Final

import msgspec

AUTHORITY_PATH: Final = "/v1/authority"  # GET: the server authority; trusted only by its pin
TIME_PATH: Final = "/v1/time"  # GET: the office's clock, for a kiosk whose own is wrong
ENROL_PATH: Final = "/v1/enrol"  # POST Enrol -> Granted (or 202: ask again in a moment)
RENEW_PATH: Final = "/v1/renew"  # POST Renew, signed -> Granted (or 202)
IDENTITY_PATH: Final = "/v1/identity"  # GET, signed -> Standing; by a new key: its first use
ATTACHMENT_PATH: Final = "/v1/attachment"  # POST ?command=HEX32, the bytes, signed -> Stored
POLICY_PATH: Final = "/v1/policy"  # GET, signed -> InForce: for who joined before there was one
RELEASES_PATH: Final = "/v1/releases"  # GET below it: plain files, as wire/content.py names them
RECORDS_PATH: Final = "/v1/records"  # POST a record; GET ?of=ID,ID...; both signed -> Acks
RECORD_KEY_PATH: Final = "/v1/record-key"  # POST RecordKey, signed -> 204
SYNC_PATH: Final = "/v1/citizens"  # POST Told, signed -> Sync (wire/citizen.py)
CALL_PATH: Final = "/v1/call"  # POST Call, signed -> Coming
STATUS_PATH: Final = "/v1/status"  # POST Question, signed -> Answer
PHOTO_PATH: Final = "/foto"  # what a citizen's own telephone opens: a page, and POST below it
SPEED_PATH: Final = "/v1/speed"  # GET ?bytes=N, POST with N bytes, both signed: to measure the line
MOST_BODY: Final = 16 * 1024
MOST_ATTACHMENT: Final = {"image/jpeg": 100_000, "application/gzip": 1_048_576}
MOST_SPEED: Final = 2 * 1024 * 1024
LIFE_DAYS: Final = 90
GRACE_DAYS: Final = 30  # so long after its end a certificate may still be renewed


class Enrol(msgspec.Struct, frozen=True):
    """`token` in base64url without padding; `csr` in PEM."""

    token: str
    csr: str


class Renew(msgspec.Struct, frozen=True):
    csr: str


class Clock(msgspec.Struct, frozen=True):
    now: int


class Authority(msgspec.Struct, frozen=True):
    certificate: str


class Stored(msgspec.Struct, frozen=True):
    """The door has it: saying it again is safe."""

    sha256: str
    size: int


class InForce(msgspec.Struct, frozen=True):
    """`policy` is the text of a SignedPolicy (wire/policy.py), `root` as in Granted; "": none."""

    policy: str
    root: str = ""


class BrokerPlace(msgspec.Struct, frozen=True):
    """`tls` is false only for a broker on the kiosk's own machine: a demonstration."""

    host: str
    port: int
    tls: bool = True


class Granted(msgspec.Struct, frozen=True):
    """`authority` is the server authority: what broker and door are checked against.

    `policy` is the text of a SignedPolicy (wire/policy.py), empty where the office has none; `root`
    the first root metadata of releases: a kiosk that has one keeps it, whatever is said later.
    """

    kiosk: str
    certificate: str
    serial: str
    authority: str
    broker: BrokerPlace
    not_before: int
    not_after: int
    now: int
    policy: str = ""
    root: str = ""


class Standing(msgspec.Struct, frozen=True):
    """How the office sees this kiosk: `state` of IDENTITY, `certificate` of CERTIFICATE."""

    kiosk: str
    state: str
    certificate: str
    serial: str
    not_after: int
    now: int


class Refusal(msgspec.Struct, frozen=True):
    """`who` must act: kiosk (the caller), technician, or office. `code` is for programs."""

    code: str
    who: str
    detail: str
    now: int = 0
