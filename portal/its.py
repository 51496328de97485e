"""What the portal has to answer with: its dependencies, made once by `__main__`, never changed.

Owns nothing. Whatever is None does not exist on this kiosk, and a page says so instead of failing:
without `handing` nothing can be handed in, without a `printer` a receipt is shown as QR.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from portal.calling import Calling
from portal.inquiry import Inquiry
from portal.press import Press
from portal.printing import Printer
from portal.sitting import Screen
from portal.tickets import Tickets
from portal.tries import Tries
from wire.citizen import Sync
from wire.local import Local

if TYPE_CHECKING:
    from portal.handing import Handing


@dataclass(frozen=True)
class Its:
    """`clock` in milliseconds since 1970. `local` and `sync`: the newest that came, or None.

    `site` is the code of the place at which this kiosk stands ("32.73.05"). `photos_at`: where a
    citizen's telephone gives photos (wire/door.py PHOTO_PATH), "" where none reaches it.
    """

    kiosk: str
    site: str
    press: Press
    clock: Callable[[], int]
    local: Callable[[], Local | None] = lambda: None
    sync: Callable[[], Sync | None] = lambda: None
    handing: "Handing | None" = None
    tickets: Tickets | None = None
    printer: Printer | None = None
    inquiry: Inquiry | None = None
    calling: Calling | None = None
    screen: Screen = field(default_factory=Screen)
    photos_at: str = ""
    tries: Tries = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "tries", Tries(self.clock))
