"""The language's access rules as a Mosquitto access list, and back again: pure.

Owns the spelling only; who may do what is decided in `wire.topics`. A broken list would open the
broker, so every name is checked before it stands in a line, and what was written is read back by
Mosquitto's own grammar before anybody may use it.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from wire.topics import ROOT, AccessRule, is_kiosk_name

OFFICE_USER = "_office"  # the underscore keeps it apart from every kiosk's name
ACCESS = ("read", "write", "deny")
# A kiosk's topics have six levels. A certificate for `a/b` would stand one level deeper.
DEEPER = f"{ROOT}/+/+/+/+/+/#"
_USER = re.compile(r"[A-Za-z0-9._@-]{1,64}", re.ASCII)


class Line(NamedTuple):
    """One permission. `user` empty: a pattern, for everybody."""

    user: str
    access: str
    filter: str


def access_list(
    rules: Iterable[AccessRule],
    office_users: Iterable[str] = (OFFICE_USER,),
    *,
    denied: Iterable[str] = (),
    extra: Iterable[Line] = (),
) -> str:
    """The text of an `acl_file`: named users for the office, patterns by own name for kiosks.

    `denied` kiosks may nothing at all. Raises ValueError for an office name that a kiosk could
    have, a denied name that no kiosk can have, or anything that could break a line.
    """
    rules = tuple(rules)
    lines = ["# Written by broker_config: changes here are lost."]
    for user in office_users:
        lines += ["", f"user {_checked(user)}"]
        lines += [f"topic {rule.access} {rule.filter}" for rule in rules if rule.role == "office"]
    for line in extra:
        lines += ["", f"user {_checked(line.user)}", f"topic {line.access} {line.filter}"]
    for name in denied:
        lines += ["", f"user {_kiosk(name)}", "topic deny #"]
    lines += ["", f"pattern deny {DEEPER}"]
    lines += [f"pattern {rule.access} {rule.filter}" for rule in rules if rule.role == "kiosk"]
    return "\n".join([*lines, ""])


def read_back(text: str) -> list[Line]:
    """What Mosquitto would understand. Raises ValueError for any line it would stumble over."""
    user, found = "", []
    for number, line in enumerate(text.split("\n"), 1):
        word, _, rest = line.partition(" ")
        if not line or line.startswith("#"):
            continue
        if word == "user" and _USER.fullmatch(rest):
            user = rest
            continue
        access, _, topics = rest.partition(" ")
        if word not in ("topic", "pattern") or access not in ACCESS or not _is_filter(topics):
            raise ValueError(f"line {number} is not one of an access list: {line[:80]!r}")
        if word == "topic" and not user:
            raise ValueError(f"line {number} would be for everybody: {line[:80]!r}")
        found.append(Line(user if word == "topic" else "", access, topics))
    return found


def _is_filter(text: str) -> bool:
    if not text or not text.isascii() or not text.isprintable() or " " in text:
        return False
    levels = text.split("/")
    lone = all(level in ("+", "#") or not set(level) & {"+", "#"} for level in levels)
    return lone and "#" not in levels[:-1]


def _kiosk(name: str) -> str:
    if not is_kiosk_name(name):
        raise ValueError(f"not a kiosk's name: {name[:80]!r}")
    return name


def _checked(user: str) -> str:
    if _USER.fullmatch(user) is None:
        raise ValueError(f"not a name for an access list: {user!r}")
    if is_kiosk_name(user):
        raise ValueError(f"{user!r} could be a kiosk's name: an office user must not be one")
    return user
