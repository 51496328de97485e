"""What this kiosk shows and runs of releases, and what is wrong with them, as the child found it.

Owns the reading of the child's status file, and nothing of its work. A kiosk to which nothing was
ever sent is well: absence is no fault. Whether the page is seen is the browser probe's word.
"""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from agent.content import status
from agent.probes.base import Finding, found

if TYPE_CHECKING:
    from wire.messages import Fact

MOST: Final = 16  # bundles told as facts


class ContentProbe:
    """`path`: the status file. A fact for each bundle says which release of it is in use."""

    name = "content"
    period_s = 60.0
    timeout_s = 5.0
    confirm = 1
    bands: Mapping[str, float] = {"bytes_day": math.inf, "bytes_month": math.inf}

    def __init__(self, path: Path) -> None:
        self._path = path

    def observe(self) -> Finding:
        said = status.read(self._path)
        if said is None:
            return found({})
        facts: dict[str, Fact] = dict(said.facts)
        facts |= dict(sorted(said.releases.items())[:MOST])
        under_way = [f"{one.bundle} {one.seq}: {one.state}" for one in said.installs if _moves(one)]
        facts["under_way"] = "; ".join(under_way)[:300]
        codes = [code for code in said.codes if code.startswith("content.")]
        return found(facts, codes, said.why if codes else "")


def _moves(one: status.Installing) -> bool:
    return one.state not in ("installed", "rolled_back", "failed")
