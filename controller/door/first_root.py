"""The first root of releases, for a kiosk that joins: the newest one in the folder of releases.

Reads one file; believes the folder, which is the office's own. A kiosk that has a root keeps it.
"""

import re
from pathlib import Path

from controller.releases.folder import METADATA

_ROOT = re.compile(r"([1-9][0-9]{0,9})\.root\.json", re.ASCII)


def newest_root(releases: Path | None) -> str:
    """The text of the newest root; empty where there are no releases. Raises OSError."""
    folder = releases and releases / METADATA
    if not folder or not folder.is_dir():
        return ""
    hits = [hit for one in folder.iterdir() if (hit := _ROOT.fullmatch(one.name))]
    if not hits:
        return ""
    newest = max(hits, key=lambda hit: int(hit[1]))
    return (folder / newest[0]).read_text("utf-8")
