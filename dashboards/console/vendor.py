"""Copies what the console takes from npm into static/vendor: `python -m dashboards.console.vendor`.

Run after `npm ci --ignore-scripts` in this folder. It copies files byte for byte and knows
nothing of versions: the lock file does.
"""

import shutil
import sys
from pathlib import Path
from typing import Final

from dashboards.console.settings import HERE

FILES: Final = {
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    "uplot.min.js": "uplot/dist/uPlot.iife.min.js",
    "uplot.min.css": "uplot/dist/uPlot.min.css",
    "plus-jakarta-sans.woff2": "@fontsource-variable/plus-jakarta-sans/files/"
    "plus-jakarta-sans-latin-wght-normal.woff2",
}
ADVICE: Final = (
    "run `npm ci --ignore-scripts` in dashboards/console, "
    "then `python -m dashboards.console.vendor`"
)


def missing(static: Path) -> list[str]:
    """Which vendor files are not there, by name."""
    return [name for name in FILES if not (static / "vendor" / name).is_file()]


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
