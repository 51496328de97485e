"""A kiosk's child as a bench starts it: `install AGENT_TOML` or `fetch AGENT_TOML BUNDLE SEQ`.

`install` is the child itself (python -m agent.content) with all it does, told the time by standard
input; `fetch` only brings the chunks, and pauses nowhere when the line is cut. Either says in JSON
what it has cost; the peak of memory is that of this process alone.
"""

import json
import sys
from pathlib import Path

from agent.config import load
from agent.content import __main__ as child
from agent.content.build import Kiosk
from agent.content.held import Held
from agent.content.stop import Stop
from agent.content.told import read
from agent.content.wanted import Kept


class Hasty(Stop):
    def pause(self, _seconds: float) -> None:
        """The line is cut by the bench, not by the weather."""


def main(what: str, config: Path, *names: str) -> int:
    code, facts = 0, {}
    if what == "install":
        code = child.main(["--config", str(config)])
    else:
        kiosk = Kiosk(load(config), Kept(), read(sys.stdin.buffer.readline()), Hasty())
        source, slots = kiosk.source(names[0]), kiosk.slots(names[0])
        release = source.release(names[0], int(names[1]))
        held = Held(slots.folder / "slots", slots.shelf)
        facts = source.bring(release, held, lambda _done, _total: None).facts()
    print(json.dumps(facts | {"peak_kib": _peak_kib()}))
    return code


def _peak_kib() -> int:
    """Not ru_maxrss: that begins with what the parent had when it made this process."""
    rows = Path("/proc/self/status").read_text().splitlines()
    return next(int(row.split()[1]) for row in rows if row.startswith("VmHWM"))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:]))
