"""One kiosk fetching one release, in a process of its own, as JSON on its output.

Arguments: state folder, folder of releases, address, seq. Fetches what is missing and says what it
has cost; its memory is that of a kiosk's own child, of which this is all but the installing.
"""

import json
import sys
from pathlib import Path

from agent.content.fetch import Room, bring
from agent.content.floor import Clock, Floor
from agent.content.held import Held
from agent.content.line import Line
from agent.content.meter import Meter
from agent.content.trust import Trust

NOW = 1_795_000_000_000


def main(state: Path, folder: Path, url: str, seq: int) -> None:
    meter = Meter(state / "meter.json", now=lambda: NOW)
    line = Line(url, meter, pause=lambda _: None)
    clock = Clock(lambda: NOW, lambda: None)
    release = Trust(state, line, clock, Floor(state / "floor.json")).release("layanan", seq)
    held = Held(folder / "slots", folder / "shelf")
    facts = bring(release, held, line, room=Room(folder)).facts()
    # Not ru_maxrss: it begins with what the parent had when it made this process.
    rows = Path("/proc/self/status").read_text().splitlines()
    peak = next(int(row.split()[1]) for row in rows if row.startswith("VmHWM"))
    print(json.dumps(facts | {"peak_kib": peak}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
