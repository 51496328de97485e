"""Releases within a signed list: how one is entered, which stay, and what each of them says.

The entry is TUF's target of an index; everything else that is signed of a release is its `custom`
(wire/content.py About). Signs nothing.
"""

from typing import Any, Final

import msgspec
from tuf.api.metadata import TargetFile, Targets

from controller.releases import store
from controller.releases.folder import Releases
from controller.releases.metadata import Held, Present
from wire.content import MOST_INDEX, About, Index, about_of, read_index, role_of, target_path
from wire.errors import MalformedMessage

KEEP: Final = 8  # releases of a bundle: every kiosk fetches the whole list


def target(bundle: str, seq: int, sent: bytes, about: About) -> TargetFile:
    """The entry of an index, `sent` as it travels."""
    made = TargetFile.from_data(target_path(bundle, seq), sent, ["sha256"])
    made.unrecognized_fields["custom"] = custom(about)
    return made


def custom(about: About) -> dict[str, Any]:
    """As it stands in a list, and in the database."""
    made: dict[str, Any] = msgspec.to_builtins(about)
    return made


def offer(list_: Targets, entry: TargetFile) -> None:
    """Puts a release into a list; of each bundle the newest KEEP stay."""
    list_.targets[entry.path] = entry
    bundle = about_of(entry.custom).bundle
    abouts = [about_of(one.custom) for one in list_.targets.values()]
    numbers = sorted((one.seq for one in abouts if one.bundle == bundle), reverse=True)
    for seq in numbers[KEEP:]:
        del list_.targets[target_path(bundle, seq)]


def offered(found: Present | None, bundle: str) -> dict[int, TargetFile]:
    """Number -> entry of every release of this bundle that is signed now."""
    role = None if found is None else found.roles.get(role_of(bundle))
    if role is None:
        return {}
    abouts = {path: about_of(one.custom) for path, one in role.signed.targets.items()}
    return {a.seq: role.signed.targets[path] for path, a in abouts.items() if a.bundle == bundle}


def index_of(releases: Releases, entry: TargetFile) -> Index:
    """Of a release that is signed. Raises Held."""
    about = about_of(entry.custom)
    path = releases.index(about.bundle, about.seq, entry.hashes["sha256"])
    try:
        return read_index(store.unzstd(path.read_bytes(), MOST_INDEX), about)
    except (MalformedMessage, FileNotFoundError) as error:
        raise Held(f"{path.name} is missing or broken: restore the folder ({error})") from None
