"""What people are shown of releases. Shapes only; controller/releases/read.py fills them."""

from typing import Any, NamedTuple

from controller.releases.changes import Changes
from controller.releases.signing import Signer, Signing


class ReleaseRow(NamedTuple):
    """A release in a list. Sizes in bytes; `files` and `bytes` are 0 of a draft.

    `update_bytes`: what crosses the line of a kiosk that has the parent, metadata included;
    `whole_bytes`: of one that has nothing.
    """

    id: int
    bundle: str
    seq: int
    state: str
    state_at: int
    note: str
    made_by: str
    made_at: int
    published_at: int | None
    parent_seq: int
    files: int
    bytes: int
    update_bytes: int
    whole_bytes: int


class Release(NamedTuple):
    """All that its page shows. `signing`: the newest about it, None of a draft.

    `missing`: signatures that this signing still needs, 0 when it waits for none.
    """

    row: ReleaseRow
    about: dict[str, Any]
    warnings: tuple[str, ...]
    changes: Changes
    signing: Signing | None
    signers: tuple[Signer, ...]
    missing: int


class ReleaseQuery(NamedTuple):
    """Empty fields ask nothing."""

    bundle: str = ""
    states: tuple[str, ...] = ()
    page: int = 1
    size: int = 50
