"""The language's access rules as a Mosquitto access list: pure.

Owns the spelling only; who may do what is decided in `wire.topics`. A broken list would open the
broker, so every name is checked before it stands in a line.
"""

import re
from collections.abc import Iterable

from wire.topics import AccessRule, is_kiosk_name

OFFICE_USER = "_office"  # the underscore keeps it apart from every kiosk's name
_USER = re.compile(r"[A-Za-z0-9._@-]{1,64}", re.ASCII)


def access_list(rules: Iterable[AccessRule], office_users: Iterable[str] = (OFFICE_USER,)) -> str:
    """The text of an `acl_file`: named users for the office, patterns by own name for kiosks.

    Raises ValueError for an office name that a kiosk could have, or that could break a line.
    """
    rules = tuple(rules)
    lines = ["# Written by broker_config: changes here are lost."]
    for user in office_users:
        lines += ["", f"user {_checked(user)}"]
        lines += [f"topic {rule.access} {rule.filter}" for rule in rules if rule.role == "office"]
    lines.append("")
    lines += [f"pattern {rule.access} {rule.filter}" for rule in rules if rule.role == "kiosk"]
    return "\n".join([*lines, ""])


def _checked(user: str) -> str:
    if _USER.fullmatch(user) is None:
        raise ValueError(f"not a name for an access list: {user!r}")
    if is_kiosk_name(user):
        raise ValueError(f"{user!r} could be a kiosk's name: an office user must not be one")
    return user
