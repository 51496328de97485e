"""Whether the office's word lets a record go. Pure: takes values, touches no file.

An answer counts for exactly one record: same kiosk, same id, same bytes. Whatever else is said,
however often, changes nothing: the record stays and is brought again.
"""

from typing import Final, Literal

from wire.submission import Ack

Verdict = Literal["forget", "aside"]
NAMELESS: Final = "0" * 32  # how a refusal names what calls itself nothing


def judged(ack: Ack | None, kiosk: str, uid: str, sha256: str) -> Verdict | None:
    """None: it does not let this one go. `ack` is None when nobody has signed it."""
    if ack is None or ack.kiosk != kiosk or ack.sha256 != sha256:
        return None
    if ack.outcome == "accepted":
        return "forget" if ack.id == uid else None
    return "aside" if ack.id in (uid, NAMELESS) else None
