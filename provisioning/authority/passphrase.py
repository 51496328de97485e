"""Where a passphrase comes from: the environment, or a file the environment names.

Never a command line, which every account of the machine can read. Never repeats a passphrase.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from provisioning.authority.files import secret

OF_KEYS: Final = "ANJUNGAN_AUTHORITY_PASSPHRASE"
OF_BACKUPS: Final = "ANJUNGAN_BACKUP_PASSPHRASE"
LEAST: Final = 12
# systemd hands credentials over with an access list, which shows as bits of the group.
_STRANGERS: Final = 0o027


class PassphraseRefused(Exception):  # noqa: N818 - says what happened
    """The administrator must give another one, or give it in another way."""


def passphrase(env: Mapping[str, str], name: str = OF_KEYS) -> bytes | None:
    """What `name` says, or the first line of the file that `name`_FILE names; None: neither."""
    said, place = env.get(name), env.get(f"{name}_FILE")
    if said is not None and place is not None:
        raise PassphraseRefused(f"give {name} or {name}_FILE, not both")
    if place is not None:
        return _good(_first_line(name, Path(place)), f"{name}_FILE")
    return None if said is None else _good(said.encode(), name)


def _first_line(name: str, path: Path) -> bytes:
    try:
        return secret(path, _STRANGERS).split(b"\n", 1)[0].rstrip(b"\r")
    except OSError as error:
        raise PassphraseRefused(f"{name}_FILE cannot be read: {error}") from error


def _good(said: bytes, name: str) -> bytes:
    if len(said) < LEAST:
        raise PassphraseRefused(f"{name} is shorter than {LEAST} characters: choose a longer one")
    return said
