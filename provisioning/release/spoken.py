"""Lists of keys in words, for those who sign them: whose keys count, and what changes. Pure.

Says everything that is signed: who signs by these words has seen all of it. Names and owners were
typed by people: nothing is printed that moves a terminal.
"""

import hashlib
import json
from collections.abc import Iterator, Mapping

from tuf.api.metadata import Key, Role, Root, Signed, TargetFile, Targets

from provisioning.release.drafts import OFFLINE, ONLINE, owner
from provisioning.release.event import Event


def whole(event: Event) -> list[str]:
    """Every line of what is to be signed."""
    return [line for role in event.parts for line in told(role, event.signed(role))]


def difference(event: Event) -> list[str]:
    """What is new (+) and what is gone (-) against what the office says is in force."""
    if not event.present:
        return ["these are the first lists: kiosks that join from now on trust this root for ever"]
    lines = []
    for role in event.parts:
        before = event.before(role)
        old = [] if before is None else told(role, before)
        new = told(role, event.signed(role))
        lines += [f"- {role}: {one.strip()}" for one in old[1:] if one not in new]
        lines += [f"+ {role}: {one.strip()}" for one in new[1:] if one not in old]
    return ["against what is in force:", *(lines or ["nothing changes but the numbers"])]


def told(role: str, signed: Signed) -> list[str]:
    """One list. Its first line names it."""
    head = f"{role} version {signed.version}"
    if isinstance(signed, Root):
        lines = _root(signed)
    elif isinstance(signed, Targets) and role == "targets":
        lines = _delegations(signed)
    elif isinstance(signed, Targets):
        lines = (_offered(path, target) for path, target in signed.targets.items())
    return [head, *(f"  {_plain(line)}" for line in lines), f"  ends {signed.expires:%Y-%m-%d}"]


def _offered(path: str, target: TargetFile) -> str:
    """Two that are called the same and are not differ in what is said of them, too."""
    entry = hashlib.sha256(json.dumps(target.to_dict(), sort_keys=True).encode()).hexdigest()
    index = target.hashes.get("sha256", "NONE")
    return f"offers {path.removesuffix('.idx')}: index {index}, entry {entry[:16]}"


def called(key: Key) -> str:
    """As people read it to each other."""
    whose = owner(key)
    return f"{key.keyid[:12]} ({whose})" if whose else key.keyid[:12]


def _root(root: Root) -> Iterator[str]:
    yield f"changed by {_people(root.roles['root'], root.keys)}"
    for name in root.roles:
        if name in ONLINE:
            yield f"the office alone says with {_people(root.roles[name], root.keys)}: {name}"
        elif name not in OFFLINE:
            yield f"UNKNOWN ROLE {name}: {_people(root.roles[name], root.keys)}"
    if root.roles["targets"].to_dict() != root.roles["root"].to_dict():
        yield f"who may sign is said by {_people(root.roles['targets'], root.keys)}"
    if not root.consistent_snapshot:
        yield "FILES MAY CHANGE UNDER ONE NAME: refuse this"


def _delegations(targets: Targets) -> Iterator[str]:
    found = targets.delegations
    roles = (found and found.roles) or {}
    for name, role in sorted(roles.items()):
        keys = found.keys if found else {}
        paths = ", ".join(role.paths or [])
        over = "" if role.terminating else " (NOT TERMINATING)"
        yield f"{paths} is signed by {_people(role, keys)}: {name}{over}"
    yield from (f"ALSO SIGNS FOR {path} ITSELF" for path in targets.targets)


def _people(role: Role, keys: Mapping[str, Key]) -> str:
    names = ", ".join(sorted(called(keys[one]) for one in role.keyids if one in keys))
    return f"{role.threshold} of {len(role.keyids)} keys: {names}"


def _plain(text: str) -> str:
    return "".join(letter if letter.isprintable() else "?" for letter in text)[:2000]
