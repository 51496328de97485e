"""What the office may say alone: which of the signed metadata is the newest, and that it is fresh.

Holds the online keys of snapshot and timestamp and nothing else. Publishes what has enough
signatures, timestamp last; signs the timestamp anew every RENEW_MS. Never publishes what a kiosk
would refuse: keys of people are checked as a kiosk does.
"""

from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from controller.releases.folder import Releases

RENEW_MS: Final = 6 * 3_600_000
TIMESTAMP_MS: Final = 7 * 86_400_000
SNAPSHOT_MS: Final = 30 * 86_400_000


class Online:
    """The online keys, from a PEM file of one or two Ed25519 keys (timestamp first, then snapshot).

    Raises ValueError for a file that is none or that others may read, and OSError.
    """

    def __init__(self, path: Path) -> None:
        raise NotImplementedError


def tick(conn: Connection, releases: Releases, online: Online, now: int) -> bool:
    """Publishes what is signed, renews what grows old; whether anything was written.

    Cheap when there is nothing to do. Raises Held (what a person must mend) and OSError.
    Inside a `writing` transaction.
    """
    raise NotImplementedError
