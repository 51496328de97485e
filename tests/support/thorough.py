"""How much of a sweep the ordinary suite walks: some of it, the same every time.

SWEEP=all walks all of it. Whoever changes what a sweep goes through does that once by hand; the
suite that everybody waits for keeps to a share that would still find a broken order of writing.
"""

import os
from collections.abc import Sequence
from typing import Final, TypeVar

T = TypeVar("T")
ALL: Final = os.environ.get("SWEEP") == "all"


def some(moments: Sequence[T], each: int) -> Sequence[T]:
    """Each so many-th of them, from the first; every one with SWEEP=all."""
    return moments if ALL else moments[::each]
