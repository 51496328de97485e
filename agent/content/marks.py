"""Which version of every role was seen, and by whose keys: what the floor remembers. Pure.

Who may sign is told by a digest of their keys and of how many must. Timestamp and snapshot count as
one: TUF lets a root that changes either take back what both have said.
"""

import hashlib
from collections.abc import Iterable

from tuf.api.metadata import Root, Snapshot, Targets, Timestamp
from tuf.ngclient._internal.trusted_metadata_set import TrustedMetadataSet

from agent.content.floor import Mark


def marks(trusted: TrustedMetadataSet) -> dict[str, Mark]:
    """Of every role that was checked."""
    root, targets, own = trusted.root, trusted.targets, online(trusted.root)
    found = {
        Root.type: Mark(root.version),
        Timestamp.type: Mark(trusted.timestamp.version, own),
        Snapshot.type: Mark(trusted.snapshot.version, own),
        Targets.type: Mark(targets.version, _of_role(root, Targets.type)),
    }
    roles = targets.delegations.roles if targets.delegations else None
    for name, role in (roles or {}).items():
        if name in trusted:
            found[name] = Mark(trusted[name].version, _of_keys(role.keyids, role.threshold))
    return found


def online(root: Root) -> str:
    """The digest of the keys that the office itself holds."""
    return f"{_of_role(root, Timestamp.type)}-{_of_role(root, Snapshot.type)}"


def _of_role(root: Root, role: str) -> str:
    return _of_keys(root.roles[role].keyids, root.roles[role].threshold)


def _of_keys(keyids: Iterable[str], threshold: int) -> str:
    text = f"{threshold} {' '.join(sorted(keyids))}"
    return hashlib.sha256(text.encode()).hexdigest()[:16]
