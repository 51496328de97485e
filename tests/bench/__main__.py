"""`make bench`: runs the benches named, prints the table, writes build/bench.json.

The process ends with 1 when a figure misses its goal, so that a script can tell.
"""

import sys
from importlib import import_module
from pathlib import Path

from tests.bench.figures import Bench, Figure, heading, keep, line

BENCHES = {
    "agent": "tests.bench.agent_cost",
    "ingest": "tests.bench.ingest_rate",
    "connections": "tests.bench.connections",
    "enrolment": "tests.bench.enrolment",
    "console": "tests.bench.console_pages",
    "inbox": "tests.bench.inbox",
    "live": "tests.bench.live_fault",
    "storm": "tests.bench.storm",
    "flood": "tests.bench.flood",
    "sweep": "tests.bench.sweep",
    "commands": "tests.bench.commands",
    "publish": "tests.bench.publish",
    "fetch": "tests.bench.fetch",
    "rollout": "tests.bench.rollout",
    "submissions": "tests.bench.submissions",
    "portal": "tests.bench.portal",
    "calls": "tests.bench.calls",
}
RESULT = Path("build/bench.json")


def main(names: list[str]) -> int:
    unknown = [name for name in names if name not in BENCHES]
    if unknown:
        print(f"no bench {', '.join(unknown)}; there are: {', '.join(BENCHES)}", file=sys.stderr)
        return 2
    figures: list[Figure] = []
    print(heading(), flush=True)
    for name in names or BENCHES:
        bench: Bench = import_module(BENCHES[name]).bench
        for figure in bench():
            print(line(figure), flush=True)
            figures.append(figure)
    keep(figures, RESULT)
    return 1 if any(figure.ok is False for figure in figures) else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
