"""What can keep a release from arriving, each with who must act and when to ask again.

Whoever catches one tells its code and its words; nobody reads them to decide. `again_s` is when it
is worth another try without anybody's doing, None when something has to change first.
"""

from typing import Final, Literal

Who = Literal["network", "office", "publisher", "technician", "kiosk"]

FAILING: Final = "content.failing"
STALE: Final = "content.stale"
BUDGET: Final = "content.budget"
HOUR_S: Final = 3600.0
MOST_WORDS: Final = 300


def plain_words(words: object) -> str:
    """What a server, a portal or a page said, as far as it can be told on: it may be anything."""
    return "".join(one if one.isprintable() else "?" for one in str(words)[:MOST_WORDS])


class Trouble(Exception):  # noqa: N818 - says what happened, like the rest of the house
    """`code` is for programs (the code of an Install), `fault` the open fault it stands for."""

    who: Who = "kiosk"
    code = "trouble"
    fault = FAILING
    again_s: float | None = HOUR_S

    def __init__(self, why: str, *, again_s: float | None = None) -> None:
        super().__init__(why)
        self.why = plain_words(why)
        if again_s is not None:
            self.again_s = again_s


class LineFailing(Trouble):
    """The line is down, too slow, or cut again and again. What came is kept."""

    who, code, again_s = "network", "line", 60.0


class NotThere(Trouble):
    """The address of releases answers, and has not what was signed."""

    who, code, again_s = "office", "not_there", 600.0


class NotNow(Trouble):
    """The byte budget is used up, or these are quiet hours."""

    who, code, fault = "technician", "not_now", BUDGET


class Untrusted(Trouble):
    """What came is not signed as it must be: forged, mixed up or older than what was seen."""

    who, code = "office", "untrusted"


class Stale(Trouble):
    """The signed news has expired: somebody holds it back, or the office no longer signs."""

    who, code, fault = "office", "stale", STALE


class NotSigned(Trouble):
    """No release of this bundle and number is signed."""

    who, code = "office", "not_signed"


class BadRelease(Trouble):
    """It is signed, and can stand on no kiosk: its index is wrong. Only another release helps."""

    who, code, again_s = "publisher", "bad_release", None


class TooOld(Trouble):
    """Older than the `min_seq` of a release that was confirmed here."""

    who, code, again_s = "office", "too_old", None


class Damaged(Trouble):
    """What comes by the name of a chunk is another thing, twice: whoever serves it must mend it."""

    who, code = "office", "damaged"


class NoRoom(Trouble):
    """The disk has not the room, and `keep_free_mb` stays free."""

    who, code = "technician", "no_room"


class StorageFailing(Trouble):
    """The disk does not take or keep what is written."""

    who, code = "technician", "storage"
