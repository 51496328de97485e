"""Whose keys sign a role, as the newest targets metadata says, and whether a signature is theirs.

The office holds none of these keys. Refused `no_keys`: the office must hold its ceremony, or the
folder of releases is broken.
"""

import re
from base64 import b64decode
from typing import Any, Final

from securesystemslib.exceptions import UnverifiedSignatureError, VerificationError
from securesystemslib.signer import Key, Signature
from sqlalchemy import Connection, select

from controller.jobs.refused import Refused
from controller.releases import metadata
from controller.releases.folder import Releases
from controller.releases.metadata import Held
from controller.store.command_tables import operator_key
from controller.store.people_tables import account

OWNER: Final = "x-anjungan-owner"  # in a key: whose it is, as the ceremony wrote it down
_SIGNATURE: Final = re.compile(r"[0-9a-f]{128}", re.ASCII)


def holders(releases: Releases, role: str) -> tuple[int, list[Any]]:
    """Threshold and keys. Raises Refused (`no_keys`)."""
    try:
        found = metadata.present(releases)
        if found is not None:
            return metadata.holders(found, role)
    except Held as held:
        raise Refused("no_keys", str(held)) from None
    raise Refused("no_keys", f"nobody may sign {role} yet: hold the ceremony of keys")


def check(releases: Releases, role: str, key_id: str, signature: str, text: str) -> None:
    """Raises Refused (`key`, `signature`, `no_keys`). `signature` in hex."""
    keys = {key.keyid: key for key in holders(releases, role)[1]}
    if key_id not in keys:
        raise Refused("key", f"this key does not sign {role}: the ceremony names those that do")
    if not _SIGNATURE.fullmatch(signature):
        raise Refused("signature", "an Ed25519 signature is 128 hex digits in small letters")
    if not _holds(keys[key_id], signature, text):
        raise Refused("signature", "this is no signature of that text by that key")


def people(conn: Connection) -> dict[str, tuple[str, str]]:
    """Public key in hex -> login and name, of the keys in people's browsers."""
    query = select(operator_key.c.public, account.c.login, account.c.name)
    query = query.join_from(operator_key, account, account.c.id == operator_key.c.account_id)
    return {b64decode(row.public).hex(): (row.login, row.name) for row in conn.execute(query)}


def _holds(key: Key, signature: str, text: str) -> bool:
    try:
        key.verify_signature(Signature(key.keyid, signature), text.encode())
    except (UnverifiedSignatureError, VerificationError):
        return False
    return True
