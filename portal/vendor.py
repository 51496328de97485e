"""Copies what the portal takes from npm into static/vendor: `python -m portal.vendor`.

Run after `npm ci --ignore-scripts` in this folder. It copies files byte for byte and knows nothing
of versions: the lock file does. A portal without them runs; its citizens need a keyboard of keys.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

HERE: Final = Path(__file__).parent
FILES: Final = {"simple-keyboard.js": "simple-keyboard/build/index.modern.js"}
ADVICE: Final = "run `npm ci --ignore-scripts` in portal, then `python -m portal.vendor`"


def copy(modules: Path, static: Path) -> None:
    """Raises FileNotFoundError when npm has not been run."""
    target = static / "vendor"
    target.mkdir(parents=True, exist_ok=True)
    for name, source in FILES.items():
        shutil.copyfile(modules / source, target / name)


def main() -> int:
    try:
        copy(HERE / "node_modules", HERE / "static")
    except FileNotFoundError as error:
        sys.stderr.write(f"{error.filename} is missing: {ADVICE}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
