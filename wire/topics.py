"""Topic names: built, parsed and filtered here and nowhere else.

Owns the one rule for kiosk names and the spread of kiosks over partitions.
Never trusts a topic: the partition in it must be the one its kiosk belongs to.

    anjungan/v1/p07/<kiosk>/up/<kind>      a kiosk speaks
    anjungan/v1/p07/<kiosk>/down/<kind>    the office speaks to one kiosk
    anjungan/v1/p07/_all/down/<kind>       the office speaks to a partition
"""

import re
from typing import NamedTuple
from zlib import crc32

from wire.errors import MalformedMessage

ROOT = "anjungan/v1"
PARTITIONS = 16
EVERYONE = "_all"  # an underscore cannot stand in a kiosk name

# Lower case, digits and inner hyphens: safe in topics, file names, certificates and addresses.
KIOSK_NAME = re.compile(r"[a-z0-9][a-z0-9-]{1,30}[a-z0-9]", re.ASCII)
KIND = re.compile(r"[a-z_]{1,24}", re.ASCII)


class UpTopic(NamedTuple):
    partition: int
    kiosk: str
    kind: str


class AccessRule(NamedTuple):
    """One line of a broker's access list. `%u` in a filter stands for the caller's own name."""

    role: str  # "office" or "kiosk"
    access: str  # "read" or "write"
    filter: str


def is_kiosk_name(name: str) -> bool:
    return KIOSK_NAME.fullmatch(name) is not None


def partition_of(kiosk: str) -> int:
    """Stable for the life of a kiosk: a checksum of its name, not of anything that may move."""
    return crc32(kiosk.encode("ascii")) % PARTITIONS


def up(kiosk: str, kind: str) -> str:
    return f"{_kiosk_root(kiosk)}/up/{kind}"


def down(kiosk: str, kind: str) -> str:
    return f"{_kiosk_root(kiosk)}/down/{kind}"


def down_everyone(partition: int, kind: str) -> str:
    return f"{_partition_root(partition)}/{EVERYONE}/down/{kind}"


def office_filter(partition: int) -> str:
    """What the office subscribes to for one partition."""
    return f"{_partition_root(partition)}/+/up/+"


def kiosk_filters(kiosk: str) -> tuple[str, str]:
    """What a kiosk subscribes to: its own mail and its partition's calls."""
    return f"{_kiosk_root(kiosk)}/down/+", down_everyone(partition_of(kiosk), "+")


def parse_up(topic: str) -> UpTopic:
    """The parts of a topic a kiosk published to. Anything else raises MalformedMessage("topic")."""
    parts = topic.split("/")
    if len(parts) != 6 or "/".join(parts[:2]) != ROOT or parts[4] != "up":
        raise MalformedMessage("topic", topic)
    partition, kiosk, kind = parts[2], parts[3], parts[5]
    if not is_kiosk_name(kiosk) or KIND.fullmatch(kind) is None:
        raise MalformedMessage("topic", topic)
    if partition != f"p{partition_of(kiosk):02d}":
        raise MalformedMessage("wrong_partition", topic)
    return UpTopic(partition_of(kiosk), kiosk, kind)


def kind_of_down(topic: str) -> str:
    """The kind of a message that reached a kiosk by one of its own filters."""
    return topic.rsplit("/", 1)[-1]


def access_rules() -> tuple[AccessRule, ...]:
    """Who may do what: the source from which every broker's access list is generated."""
    return (
        AccessRule("office", "read", f"{ROOT}/+/+/up/#"),
        AccessRule("office", "write", f"{ROOT}/+/+/down/#"),
        AccessRule("kiosk", "write", f"{ROOT}/+/%u/up/#"),
        AccessRule("kiosk", "read", f"{ROOT}/+/%u/down/#"),
        AccessRule("kiosk", "read", f"{ROOT}/+/{EVERYONE}/down/#"),
    )


def _partition_root(partition: int) -> str:
    if not 0 <= partition < PARTITIONS:
        raise ValueError(f"no partition {partition}")
    return f"{ROOT}/p{partition:02d}"


def _kiosk_root(kiosk: str) -> str:
    if not is_kiosk_name(kiosk):
        raise ValueError(f"not a kiosk name: {kiosk!r}")
    return f"{_partition_root(partition_of(kiosk))}/{kiosk}"
