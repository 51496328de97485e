"""The notice that this kiosk is being looked after: one small file, written by the agent.

It owns the reading of it, anew at each question, so that nothing must be restarted. Whatever stands
in the file is text for citizens and nothing else; a damaged one still says that there is a notice,
because somebody put it there on purpose.
"""

import json
from pathlib import Path
from typing import Final, NamedTuple

FILE: Final = "maintenance.json"
MOST: Final = 4096
MOST_WORDS: Final = 120


class Notice(NamedTuple):
    """`why` may be empty."""

    why: str


def read(folder: Path | None) -> Notice | None:
    """None when there is no notice."""
    if folder is None:
        return None
    try:
        with (folder / FILE).open("rb") as file:
            content = file.read(MOST)
    except FileNotFoundError:
        return None
    except OSError:
        return Notice("")
    try:
        why = json.loads(content)["why"]
    except (ValueError, KeyError, TypeError, RecursionError):
        why = ""
    return Notice(why[:MOST_WORDS] if isinstance(why, str) else "")
