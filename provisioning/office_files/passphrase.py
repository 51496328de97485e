"""The one file that a person must make: the passphrase of the authority's keys.

Looks at it, and never reads what is in it.
"""

import stat
from collections.abc import Iterator
from typing import Final

from provisioning.files.compare import Difference
from provisioning.files.place import Place

PATH: Final = "/etc/anjungan/authority.passphrase"
MAKE: Final = f"make it: (umask 077; openssl rand -base64 24 > {PATH}), and keep a copy elsewhere"


def passphrase(place: Place) -> Iterator[Difference]:
    at = place.at(PATH)
    if not at.is_file():
        yield Difference(PATH, "missing", "the warden does not start", MAKE)
    elif at.stat().st_size == 0:
        yield Difference(PATH, "empty", "", MAKE)
    elif mode := stat.S_IMODE(at.stat().st_mode) & 0o077:
        yield Difference(PATH, "others may read it", f"{mode:04o}", f"chmod 0600 {PATH}")
