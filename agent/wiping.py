"""That this kiosk is being wiped: a marker on the disk, and when the last of it may go.

Owns the marker's shape and its reading. The identity stays until the office has acknowledged the
result: a kiosk that threw it away first could never say that it is wiped. Removes nothing itself:
agent/actions/wipe.py does, also the rest when the agent has ended.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import msgspec

if TYPE_CHECKING:
    from agent.commands.ledger import Ledger
    from agent.outbox import Outbox

MARKER: Final = "wiping.json"


class Wiping(msgspec.Struct, frozen=True):
    """What the marker says: `data_gone` when all but the identity is gone."""

    kiosk: str
    command: str
    data_gone: bool = False


def marked(state_dir: Path) -> Wiping | None:
    """What this kiosk's marker says; a damaged one still says that a wipe was begun."""
    try:
        return msgspec.json.decode((state_dir / MARKER).read_bytes(), type=Wiping)
    except FileNotFoundError:
        return None
    except msgspec.DecodeError:
        return Wiping("", "")


def is_cut(marker: Wiping | None, papers: Iterable[str]) -> bool:
    """Whether its end was begun and cut: of the files of the identity (`papers`) one is gone."""
    here = marker is not None and marker.data_gone
    return here and not all(Path(paper).exists() for paper in papers)


def is_told(marker: Wiping, ledger: "Ledger", outbox: "Outbox") -> bool:
    """Whether it is wiped and the office has heard it: then nothing here is needed any more.

    A memory that knows nothing of it was taken with the rest, and a cut kept the marker from going.
    Raises StorageFailing.
    """
    if not marker.data_gone:
        return False
    ended = ledger.past([marker.command]).get(marker.command)
    if ended is None:
        return all(row.id != marker.command for row in ledger.open_rows())
    return not outbox.keeps(ended.ticket)
